"""What can be done about an error with one press of a button."""

from __future__ import annotations

from enum import Enum

from ..client.protocol import ErrorBody


class Cure(Enum):
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

CURES = {
    "not_running": (Cure.START,),
    "unreachable": (Cure.START, Cure.LOG),
    "backend_ended": (Cure.START, Cure.LOG),
    "strange_answer": (Cure.SETTINGS, Cure.LOG),
    "unauthorized": (Cure.SETTINGS,),
    "no_scene": (Cure.OPEN_FILE, Cure.SEARCH),
    "not_sendable": (Cure.OPEN_FILE, Cure.SETTINGS),
    "scene_unreadable": (Cure.OPEN_FILE,),
    "band_missing": (Cure.OPEN_FILE,),
    "not_radar": (Cure.OPEN_FILE,),
    "units_unclear": (Cure.UNITS, Cure.OPEN_FILE),
    "year_unclear": (Cure.DATE,),
    "date_missing": (Cure.DATE,),
    "area_outside_scene": (Cure.ZOOM,),
    "area_invalid": (Cure.DRAW,),
    "weights_missing": (Cure.COPY,),
    "area_missing": (Cure.DRAW,),
    "imagery_missing": (),
    "catalogue_unreachable": (),
    "phrase_invalid": (),
    "disk_full": (),
    "output_unwritable": (),
}


def remedy_for(error: ErrorBody) -> str:
    """What to do, in words; may be empty."""
    return REMEDIES.get(error.code, error.remedy)


def cures_for(error: ErrorBody) -> tuple[Cure, ...]:
    """The buttons for an error; the log for one that has no cure of its own."""
    return CURES.get(error.code, (Cure.LOG,))
