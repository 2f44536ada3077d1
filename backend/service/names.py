"""What clients choose by name below the user's folder, and never by a path."""

import re
from pathlib import Path

from backend.errors import GlueLinkError, HeadUnknown, SurveyInvalid
from backend.resources import user_path
from backend.service.errors import printable

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def require_name(name: str, what: str) -> str:
    """Return `name`, which no path can be: letters, digits, dots, hyphens and underscores.

    Raises:
        HeadUnknown: it can be none, where `what` is "head".
        SurveyInvalid: it can be none, for all else.
    """
    if not _NAME.fullmatch(name):
        error: type[GlueLinkError] = HeadUnknown if what == "head" else SurveyInvalid
        raise error(
            f'"{printable(name)}" is not the name of a {what}; over HTTP it is chosen by its name.',
            "A name has letters, digits, dots, hyphens and underscores.",
        )
    return name


def survey_path(name: str) -> Path:
    """Return the folder of a survey of the user.

    Raises:
        SurveyInvalid: there is none of this name, or it is a path.
    """
    path = user_path("surveys", require_name(name, "survey"))
    if not path.is_dir():
        known = sorted(one.name for one in path.parent.glob("*") if one.is_dir())
        raise SurveyInvalid(
            f'There is no survey "{name}".',
            f"Surveys in GLUELINK_HOME/surveys: {', '.join(known[:20]) or 'none'}.",
        )
    return path
