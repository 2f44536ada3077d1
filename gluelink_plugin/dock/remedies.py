"""What can be done about an error with one press of a button."""

from __future__ import annotations

import re
from enum import Enum

from ..client.protocol import ErrorBody
from ..translation import mark, tr


class Action(Enum):
    """What the panel can do at the press of a button; the values are the words on the button."""

    START = mark("Start the backend")
    CONNECT = mark("Connect")
    RESUME = mark("Resume")
    STOP = mark("Stop anyway")
    COMMANDS = mark("Copy the commands")
    SET_UP = mark("Set up")
    LOOK = mark("Look again")
    LOG = mark("Show log")
    SETTINGS = mark("Settings…")
    SEND = mark("Go on sending")
    OPEN_FILE = mark("Open a file…")
    SEARCH = mark("Search…")
    UNITS = mark("State the units")
    BANDS = mark("State the bands")
    DATE = mark("State the date")
    ZOOM = mark("Zoom to scene")
    DRAW = mark("Draw a box")
    COPY = mark("Copy")
    DIAGNOSTICS = mark("Copy diagnostics")
    HELP = mark("Help")


# Where the panel has a shorter way than the backend, which also talks to command lines.
ADVICE = {
    "area_invalid": mark("Draw it again."),
    "unauthorized": mark("Give the token with which the backend was started."),
}

# The backend names the option that would help by its flag, in brackets: (--vv 1 --vh 2).
FLAGS = re.compile(r"\s*\((--[^)]*)\)")
STATED_BY = {"--vv": Action.BANDS, "--date": Action.DATE, "--units": Action.UNITS}

REMEDIES: dict[str, tuple[Action, ...]] = {
    "not_running": (Action.START,),
    "not_installed": (Action.COMMANDS, Action.LOOK),
    "not_set_up": (Action.SET_UP,),
    "python_missing": (Action.LOG,),
    "setup_failed": (Action.LOG,),
    "setup_elsewhere": (Action.SETTINGS,),
    "still_running": (Action.STOP,),
    "another_run": (),
    "unreachable": (Action.START, Action.SETTINGS, Action.LOG),
    "backend_ended": (Action.START, Action.LOG),
    "run_ended": (Action.RESUME, Action.LOG),
    "strange_answer": (Action.SETTINGS, Action.LOG),
    "unauthorized": (Action.SETTINGS,),
    "no_scene": (Action.OPEN_FILE, Action.SEARCH),
    "not_sendable": (Action.OPEN_FILE, Action.SETTINGS),
    "upload_cut": (Action.SEND,),
    "scene_unreadable": (Action.OPEN_FILE,),
    "band_missing": (Action.BANDS, Action.OPEN_FILE),
    "bands_unclear": (Action.BANDS, Action.OPEN_FILE),
    "not_radar": (Action.OPEN_FILE,),
    "units_unclear": (Action.UNITS, Action.OPEN_FILE),
    "year_unclear": (Action.DATE,),
    "date_missing": (Action.DATE,),
    "area_outside_scene": (Action.ZOOM,),
    "area_invalid": (Action.DRAW,),
    "weights_missing": (Action.COPY,),
    "area_missing": (Action.DRAW,),
    "imagery_missing": (),
    "catalogue_unreachable": (),
    "phrase_invalid": (),
    "job_too_large": (Action.DRAW,),
    "out_of_time": (Action.DRAW,),
    "disk_full": (),
    "output_unwritable": (),
}


def advice_for(error: ErrorBody) -> str:
    """Return what to do about an error, in words; may be empty."""
    return without_flags(tr(ADVICE[error.code]) if error.code in ADVICE else error.remedy)


def without_flags(remedy: str) -> str:
    """Return a remedy without what only a command line has."""
    return FLAGS.sub("", remedy)


def remedies_for(error: ErrorBody, is_ours: bool = True) -> tuple[Action, ...]:
    """Return the actions that remedy an error; the log for one without a remedy of its own.

    Where the remedy names an option, its field takes the place of the usual one. A backend that
    somebody else has started is not started but connected.
    """
    usual = REMEDIES.get(error.code, (Action.LOG,))
    if not is_ours:
        usual = tuple(Action.CONNECT if each is Action.START else each for each in usual)
    flags = " ".join(FLAGS.findall(error.remedy))
    named = tuple(action for flag, action in STATED_BY.items() if flag in flags)
    others = tuple(action for action in usual if action not in STATED_BY.values())
    return (*named, *others) if named else usual
