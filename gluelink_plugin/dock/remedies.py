"""What can be done about an error with one press of a button."""

from __future__ import annotations

from enum import Enum

from ..client.protocol import ErrorBody


class Remedy(Enum):
    """A cure and the words on its button."""

    START = "Start the backend"
    LOG = "Show log"
    SETTINGS = "Settings…"
    OPEN_FILE = "Open a file…"
    SEARCH = "Search a catalogue…"
    UNITS = "Choose the units"
    DATE = "State the date"
    ZOOM = "Zoom to scene"
    DRAW = "Draw a box"
    COPY = "Copy"


# Where the panel knows a nearer way than the backend, which also talks to command lines.
REMEDIES = {
    "area_invalid": "Draw it again.",
    "unauthorized": "Give the token with which the backend was started.",
}

REMEDIES = {
    "not_running": (Remedy.START,),
    "unreachable": (Remedy.START, Remedy.LOG),
    "backend_ended": (Remedy.START, Remedy.LOG),
    "strange_answer": (Remedy.SETTINGS, Remedy.LOG),
    "unauthorized": (Remedy.SETTINGS,),
    "no_scene": (Remedy.OPEN_FILE, Remedy.SEARCH),
    "not_sendable": (Remedy.OPEN_FILE, Remedy.SETTINGS),
    "scene_unreadable": (Remedy.OPEN_FILE,),
    "band_missing": (Remedy.OPEN_FILE,),
    "not_radar": (Remedy.OPEN_FILE,),
    "units_unclear": (Remedy.UNITS, Remedy.OPEN_FILE),
    "year_unclear": (Remedy.DATE,),
    "date_missing": (Remedy.DATE,),
    "area_outside_scene": (Remedy.ZOOM,),
    "area_invalid": (Remedy.DRAW,),
    "weights_missing": (Remedy.COPY,),
    "area_missing": (Remedy.DRAW,),
    "imagery_missing": (),
    "catalogue_unreachable": (),
    "phrase_invalid": (),
    "disk_full": (),
    "output_unwritable": (),
}


def remedy_for(error: ErrorBody) -> str:
    """What to do, in words; may be empty."""
    return REMEDIES.get(error.code, error.remedy)


def cures_for(error: ErrorBody) -> tuple[Remedy, ...]:
    """The buttons for an error; the log for one that has no cure of its own."""
    return REMEDIES.get(error.code, (Remedy.LOG,))
