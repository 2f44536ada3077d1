"""What commands refuse before they import anything heavy: names, paths, dates and places."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from backend.errors import ConfigInvalid

if TYPE_CHECKING:
    from backend.scenes.options import SceneOptions


def parse_date(text: str) -> date:
    """Return the date that an option gives.

    Raises:
        ConfigInvalid: the text is not an ISO date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigInvalid(f'The date is "{text}".', "Expected year-month-day.") from error


def parse_place(text: str) -> tuple[float, float]:
    """Return the longitude and latitude that an option gives.

    Raises:
        ConfigInvalid: the text is not two numbers of degrees.
    """
    try:
        longitude, latitude = map(float, text.split(","))
        if abs(longitude) <= 180 and abs(latitude) <= 90:
            return longitude, latitude
    except ValueError:
        pass
    raise ConfigInvalid(
        f'The place is "{text}".',
        "Expected longitude and latitude in degrees, such as 11.5755,48.1372.",
    )


def require_path(path: Path | str | None, what: str = "file", remedy: str = "") -> None:
    """Refuse an option that names a file or folder which does not exist.

    Raises:
        ConfigInvalid: there is nothing at the path.
    """
    if path is not None and not Path(path).expanduser().exists():
        raise ConfigInvalid(f'There is no {what} "{path}".', remedy or "Check the path.")


def require_scene(scene: str, options: SceneOptions) -> None:
    """Refuse a scene that does not exist, and a date that is neither a year nor an ISO date.

    Raises:
        ConfigInvalid: there is nothing at the path, or the date is not one.
    """
    if options.date and not options.date.isdecimal():  # a year is enough for an embedding
        parse_date(options.date)
    if "://" not in scene:
        require_path(scene)


def require_survey(path: Path | None) -> None:
    """Refuse an option that names a survey which does not exist.

    Raises:
        ConfigInvalid: there is nothing at the path.
    """
    require_path(path, "survey", "Build one: python -m backend.survey encode, or simulate.")


def require_names(
    encoder: str | None = None, text: str | None = None, head: str | None = None
) -> None:
    """Refuse wrong names, without importing torch.

    Raises:
        EncoderUnknown: there is no encoder of this name.
        TextEncoderUnknown: there is no text encoder of this name.
        HeadUnknown: there is no head of this name or at this path.
    """
    from backend.encoders.registry import find_encoder
    from backend.resources import head_path
    from backend.text.registry import find_text_model

    for name, find in ((encoder, find_encoder), (text, find_text_model), (head, head_path)):
        if name is not None:
            find(name)
