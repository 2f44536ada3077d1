"""What a job may cost: known before it runs, refused with its estimate, ended when it lasts."""

import math
import time
from pathlib import Path

from backend import maps
from backend.errors import GlueLinkError, JobTooLarge, OutOfTime
from backend.io.disk import require_room
from backend.maps.geotiff import disk_bytes
from backend.progress import Progress
from backend.service.settings import Settings

SMALLER = "Draw a smaller area"
ENCODED = "ask where more is encoded already"


def require_allowed(cost: maps.Estimate, phrases: int, settings: Settings, results: Path) -> None:
    """Check what a map of so many phrases would cost, and whether `results` has room for it.

    Raises:
        JobTooLarge: it is more than a limit allows.
        DiskFull: the map does not fit, or would leave less free than the limit.
    """
    size = cost.output_bytes * phrases
    _at_most(cost.km2, settings, "max_km2", "km²", SMALLER)
    _at_most(cost.lacking, settings, "max_windows", "windows to encode", f"{SMALLER}, {ENCODED}")
    _at_most(size, settings, "max_result_bytes", "bytes of values", f"{SMALLER}, ask fewer phrases")
    needed = disk_bytes(size) + settings.spare_disk_bytes
    require_room(results, needed, "The map", f"{SMALLER}, or make room on the backend's disk.")


def refusal_of(
    cost: maps.Estimate, phrases: int, settings: Settings, results: Path
) -> GlueLinkError | None:
    """Return what `require_allowed` would raise, if anything."""
    try:
        require_allowed(cost, phrases, settings, results)
    except GlueLinkError as error:
        return error
    return None


def require_spare(folder: Path, settings: Settings) -> None:
    """Raise DiskFull where less is free than every job has to leave."""
    require_room(folder, settings.spare_disk_bytes, "A job", "Make room on the backend's disk.")


def until(limit_s: float, progress: Progress) -> Progress:
    """Return a progress callback that ends the work when so many seconds have passed from now.

    Raises:
        OutOfTime: by the callback, when they have passed.
    """
    began = time.monotonic()

    def report(stage: str, done: int, total: int) -> None:
        if time.monotonic() - began > limit_s:
            raise OutOfTime(
                f"The job was ended after {limit_s:,.0f} seconds, which is as long as one may run.",
                f"{SMALLER}, or raise GLUELINK_MAX_JOB_S; what was encoded until now is kept.",
            )
        progress(stage, done, total)

    return report


def _at_most(found: float, settings: Settings, name: str, unit: str, remedy: str) -> None:
    most = getattr(settings, name)
    if found > most:
        raise JobTooLarge(
            f"The job has {math.ceil(found):,} {unit}; at most {most:,.12g} are allowed.",
            f"{remedy}, or raise GLUELINK_{name.upper()}.",
        )
