"""Thumbnails of tiles: the radar around a point beside what was photographed or simulated there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from backend.encoders import EncoderSpec
from backend.errors import ConfigInvalid
from backend.evaluation.figures import Legend, Thumbnail
from backend.link import VIEWS
from backend.progress import Progress, silent
from backend.scenes import read_scene_index
from backend.simulation import Ground
from backend.simulation.demo import COLOURS
from backend.simulation.survey.points import POINTS_PER_LANDSCAPE, simulate_points
from backend.survey import Survey
from backend.survey.imagery import Imagery
from backend.survey.photos import decode_image, photo_path
from backend.survey.points import Photograph, SurveyPoints, read_points

PHOTO_PX = 150
GROUND = (243, 243, 243)  # where a photograph is missing
PALETTE = np.array([COLOURS[ground] for ground in Ground], np.uint8)


@dataclass(frozen=True)
class PictureFiles:
    """Where the pictures of a survey of real places lie; nowhere for a simulated one."""

    scenes: Path | None = None
    """Folder of radar scenes."""
    photos: Path | None = None
    """Folder of the photographs that were fetched."""
    points: Path | None = None
    """Table that names the photographs."""

    def __post_init__(self) -> None:
        for option in fields(self):
            path = getattr(self, option.name)
            if path is not None and not path.exists():
                raise ConfigInvalid(f"There is no {path} for --{option.name}.", "Check the path.")
        if (self.photos is None) != (self.points is None):
            raise ConfigInvalid(
                "Photographs need both --photos, their folder, and --points, the table that names "
                "them; only one was given.",
                "Give the table that the survey was made of, such as lucas.csv.",
            )

    def any(self) -> bool:
        """Return whether there are pictures at all."""
        return self.scenes is not None or self.photos is not None


def simulated_thumbnails(
    survey: Survey, rows: Sequence[int], progress: Progress = silent
) -> tuple[dict[int, Thumbnail], Legend]:
    """Render points of a simulated survey again: radar, land cover and captions."""
    by_landscape: dict[int, list[int]] = {}
    for row in sorted(set(map(int, rows))):
        by_landscape.setdefault(row // POINTS_PER_LANDSCAPE, []).append(row)
    source, thumbnails, seen = survey.source, {}, set()
    batches = simulate_points(source["points"], source["seed"], landscapes=list(by_landscape))
    for done, (points, batch) in enumerate(zip(by_landscape.values(), batches, strict=True), 1):
        progress("rendering landscapes", done, len(by_landscape))
        for row in points:
            k = row % POINTS_PER_LANDSCAPE
            seen |= set(np.unique(batch.cover[k]).tolist())
            captions = zip(VIEWS, batch.captions[k], strict=True)
            lines = tuple(f"{view[0].upper()}: {caption}" for view, caption in captions)
            thumbnails[row] = Thumbnail(batch.windows[k], PALETTE[batch.cover[k]], lines)
    shown = [ground for ground in Ground if ground in seen]
    colours = {ground.name.lower().replace("_", " "): COLOURS[ground] for ground in shown}
    return thumbnails, Legend(
        "Beside it the simulated land cover, below it what each view saw.", colours
    )


def surveyed_thumbnails(
    survey: Survey,
    rows: Sequence[int],
    spec: EncoderSpec,
    files: PictureFiles,
    progress: Progress = silent,
) -> tuple[dict[int, Thumbnail], Legend]:
    """Read points of a survey of real places: the encoder's window, and the photographs.

    Raises:
        SceneUnreadable: a scene is missing or damaged.
        SurveyInvalid: the table of points cannot be read.
    """
    points = np.array(sorted(set(map(int, rows))), np.intp)
    windows = _windows(survey, points, spec, files.scenes, progress)
    picture = _photographer(files, progress)
    thumbnails = {}
    for done, (row, db) in enumerate(zip(points.tolist(), windows, strict=True), 1):
        progress("looking at tiles", done, len(points))
        day = survey.date[row]
        line = f"point {survey.ids[row]}" + ("" if np.isnat(day) else f", {day}")
        thumbnails[row] = Thumbnail(db, picture(str(survey.ids[row])), (line,))
    return thumbnails, Legend("Beside it the photographs north, east, south and west.", {})


def _windows(
    survey: Survey, rows: np.ndarray, spec: EncoderSpec, scenes: Path | None, progress: Progress
) -> list[np.ndarray | None]:
    if scenes is None:
        return [None] * len(rows)
    with Imagery(read_scene_index(scenes, progress=progress), spec.window_px) as imagery:
        candidates = imagery.candidates(survey.lon[rows], survey.lat[rows], survey.date[rows])
        return [imagery.window(one).values for one in candidates]


def _photographer(files: PictureFiles, progress: Progress) -> Callable[[str], np.ndarray | None]:
    """Return the function from a point's id to its photographs as one picture."""
    if files.photos is None or files.points is None:
        return lambda point: None
    folder, table = files.photos, read_points(files.points, progress)
    row_of = {str(point): row for row, point in enumerate(table.ids)}

    def picture(point: str) -> np.ndarray | None:
        row = row_of.get(point)
        return None if row is None else _mosaic(folder, table, row)

    return picture


def _mosaic(folder: Path, table: SurveyPoints, row: int) -> np.ndarray | None:
    """Return the photograph without a direction, or up to four as north, east / south, west."""
    point, undirected = str(table.ids[row]), str(table.undirected[row])
    if undirected:
        image = _read(photo_path(folder, Photograph(point, "photo", undirected)))
        return None if image is None else _square(image, 2 * PHOTO_PX)
    images = [
        _read(photo_path(folder, Photograph(point, view, address))) if address else None
        for view, address in zip(VIEWS, table.views[row], strict=True)
    ]
    if not any(images):
        return None
    blank = np.full((PHOTO_PX, PHOTO_PX, 3), GROUND, np.uint8)
    north, east, south, west = (_square(image, PHOTO_PX) if image else blank for image in images)
    return np.block([[[north], [east]], [[south], [west]]])


def _read(path: Path) -> Image.Image | None:
    """Return the photograph, or None where it is missing or damaged."""
    try:
        return decode_image(path.read_bytes())
    except (OSError, ValueError):
        return None


def _square(image: Image.Image, side: int) -> np.ndarray:
    upright = ImageOps.exif_transpose(image).convert("RGB")
    return np.asarray(ImageOps.fit(upright, (side, side)))
