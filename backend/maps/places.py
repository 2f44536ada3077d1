"""The best places of an inquiry, in degrees."""

from dataclasses import dataclass

from pyproj import CRS

from backend.errors import ConfigInvalid
from backend.features.ask import BestCells
from backend.maps.alignment import nothing_answered
from backend.maps.inquiry import Inquiry
from backend.progress import Progress, silent
from backend.scenes.grid import transformer


@dataclass(frozen=True)
class Place:
    """A cell that fits a phrase well."""

    longitude: float
    """Of its centre, in degrees."""

    latitude: float
    """Of its centre, in degrees."""

    cosine: float
    """With the phrase."""


def best_cells(asked: Inquiry, count: int, apart_m: float = 0.0) -> BestCells:
    """Return what collects the best places of an inquiry, `apart_m` metres from each other."""
    return BestCells(len(asked.labels), count, apart_m / asked.cell_m)


def find_places(
    asked: Inquiry, count: int, apart_m: float = 0.0, progress: Progress = silent
) -> list[list[Place]]:
    """Return the best places of each phrase, the best one first; no map is made.

    Example:
        inquiry = Inquiry.of(scene, None, ["open water"], encoder, head, text, store=store)
        for place in find_places(inquiry, 10, apart_m=1000)[0]:
            print(place.longitude, place.latitude, place.cosine)

    Raises:
        AreaOutsideScene: the scene has no data inside the area.
        ConfigInvalid: ranks among words are asked, which need a map.
        GlueLinkError: what `Inquiry.answers` raises.
    """
    if asked.measure != "cosine":
        raise ConfigInvalid(
            "Places without a map are found by cosines.", "Write a map as well: -o map.tif."
        )
    best = best_cells(asked, count, apart_m)
    for answer in asked.answers(progress):
        best.add(answer)
    places = places_of(asked, best)
    if not places[0]:
        raise nothing_answered()
    return places


def places_of(asked: Inquiry, best: BestCells) -> list[list[Place]]:
    """Return the best cells of an inquiry as places."""
    to_degrees = transformer(CRS.from_epsg(asked.scene.utm_epsg), "EPSG:4326")
    side = asked.cell_m

    def place(row: int, col: int, cosine: float) -> Place:
        longitude, latitude = to_degrees.transform((col + 0.5) * side, -(row + 0.5) * side)
        return Place(longitude, latitude, cosine)

    return [[place(one.row, one.col, one.cosine) for one in cells] for cells in best.found()]
