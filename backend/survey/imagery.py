"""Windows around points, each from the scene or product at hand that shows it best."""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from backend.encoders import EncoderSpec
from backend.errors import CatalogueUnreachable, GlueLinkError
from backend.scenes import PIXEL_M, AnyScene, PixelBox, Scene
from backend.scenes.index import Entry, SceneIndex
from backend.scenes.sentinel1.naming import POLARISATIONS

NO_SCENE = "outside every scene"
NO_DATA = "where the scenes have no data"
UNREADABLE = "in a scene that cannot be read"

MOST_RESTING = 64
MOST_OUT_OF_REACH = 10
_LONG_AGO = 10**6


@dataclass(frozen=True)
class Choice:
    """Scenes of one date, product and UTM zone that may show a window, and its pixels there.

    Neighbouring slices of one pass, and tiles, are so one picture: where the first scene has no
    data the next one may. `rank` is the best that can be hoped for, and the least is read first:
    minus the percentage with data, days from the point's date, name.
    """

    scenes: tuple[Entry, ...]
    window: PixelBox
    rank: tuple[int, int, str]


@dataclass(frozen=True)
class Window:
    """dB, or a product's vectors, (bands, px, px) around a point, NaN without data.

    None when there is none at all.

    `date` is the ISO date of the scene; `unavailable` says why there is no more data. It
    `waits` when a scene that may show more cannot be had just now.
    """

    values: NDArray[np.float32] | None
    date: str | None
    unavailable: str
    waits: bool = False


class Imagery:
    """Windows of `window_px` pixels from the scenes of a catalogue, for any number of threads.

    For an `encoder`, windows have its bands and the level of the product that it saw. A context
    manager. What went wrong with a scene stands in `damaged`, by its name. CatalogueUnreachable
    when many scenes in a row cannot be had from their host.
    """

    def __init__(
        self, catalogue: SceneIndex, window_px: int, encoder: EncoderSpec | None = None
    ) -> None:
        self.damaged: dict[str, str] = {}
        self._window_px = window_px
        self._bands = len(encoder.bands if encoder else POLARISATIONS)
        self._scenes = _OpenScenes(encoder)
        self._days = catalogue.days
        self._out_of_reach: set[str] = set()  # since one was read
        zones: dict[int, list[Entry]] = defaultdict(list)
        for scene in catalogue.scenes:
            zones[scene.utm_epsg].append(scene)
        self._zones = [_Zone(epsg, scenes) for epsg, scenes in sorted(zones.items())]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._scenes.close()

    def choices(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64], date: NDArray[np.datetime64]
    ) -> list[list[Choice]]:
        """For each point (n,) the choices of a window around it, the most hopeful first.

        Any share with data counts that rounds to the same percent: a lost pixel more or less is
        no reason to leave the season.
        """
        found: list[list[Choice]] = [[] for _ in lon]
        for zone in self._zones:
            for point, window, scenes in zone.touching(lon, lat, self._window_px):
                found[point] += _choices(window, scenes, date[point], self._days)
        return [sorted(choices, key=lambda choice: choice.rank) for choices in found]

    def window(self, choices: Sequence[Choice]) -> Window:
        """The window with the most data; of equals the nearest in date, then by name."""
        best, best_rank, date = None, None, None
        lack, waits = NO_DATA if choices else NO_SCENE, False
        for choice in choices:
            if best_rank is not None and best_rank < choice.rank:
                break
            db, errors = self._read(choice)
            if errors:
                lack = UNREADABLE
            waits |= any(isinstance(error, CatalogueUnreachable) for error in errors)
            share = np.isfinite(db[0]).mean()
            rank = (-_percent(share), *choice.rank[1:])
            if share and (best_rank is None or rank < best_rank):
                best, best_rank, date = db, rank, choice.scenes[0].date
        return Window(best, date.isoformat() if date else None, lack, waits)

    def _read(self, choice: Choice) -> tuple[NDArray[np.float32], list[GlueLinkError]]:
        """dB of a choice, and why some of its scenes could not be read."""
        side = (self._bands, choice.window.height, choice.window.width)
        db = np.full(side, np.nan, np.float32)
        errors: list[GlueLinkError] = []
        for entry in choice.scenes:
            empty = np.isnan(db[0])
            if not empty.any():
                break
            try:
                with self._scenes.use(entry) as scene:
                    np.copyto(db, scene.read(choice.window), where=empty)
                self._out_of_reach.clear()
            except GlueLinkError as error:
                self.damaged[entry.name] = error.message
                errors.append(error)
                if isinstance(error, CatalogueUnreachable):
                    self._require_reach(entry, error)
        return db, errors

    def _require_reach(self, entry: Entry, error: CatalogueUnreachable) -> None:
        self._out_of_reach.add(entry.name)
        if len(self._out_of_reach) >= MOST_OUT_OF_REACH:
            raise CatalogueUnreachable(
                f"{MOST_OUT_OF_REACH} scenes one after the other could not be had: {error.message}",
                "Check the network and run it again: it goes on from there.",
            ) from error


class _Zone:
    """The scenes of one UTM zone."""

    def __init__(self, epsg: int, scenes: list[Entry]) -> None:
        self._scenes = scenes
        self._way = Transformer.from_crs(4326, epsg, always_xy=True)
        boxes = [scene.extent for scene in scenes]
        self._low = np.array([(box.row0, box.col0) for box in boxes])
        self._high = np.array([(box.row1, box.col1) for box in boxes])

    def touching(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64], px: int
    ) -> Iterator[tuple[int, PixelBox, list[tuple[Entry, int]]]]:
        """Points with their window in this zone and the scenes, with the pixels that they share.

        The window's middle is the place nearest to the point, half a pixel off at most. Its north
        is the grid's, which is off by the meridian convergence: less than 3 degrees inside a zone
        below 70 degrees of latitude, where a view's wedge is 180 degrees wide.
        """
        east, north = self._way.transform(lon, lat)
        middle = np.array([north, east]).T * [-1, 1] / PIXEL_M
        known = np.asarray(np.isfinite(middle).all(axis=1))
        corner = np.rint(np.where(known[:, None], middle, 0) - px / 2).astype(np.int64)
        low = np.maximum(corner[:, None], self._low)
        high = np.minimum(corner[:, None] + px, self._high)
        shared = np.clip(high - low, 0, None).prod(axis=-1) * known[:, None]
        for point in np.flatnonzero(shared.any(axis=1)):
            row, col = map(int, corner[point])
            scenes = [(self._scenes[i], int(shared[point, i])) for i in shared[point].nonzero()[0]]
            yield int(point), PixelBox(row, col, row + px, col + px), scenes


def _choices(
    window: PixelBox, scenes: list[tuple[Entry, int]], date: np.datetime64, most_days: int | None
) -> Iterator[Choice]:
    """Scenes and the pixels they share with a window, put together by acquisition."""
    together: dict[object, list[tuple[Entry, int]]] = defaultdict(list)
    for scene, pixels in scenes:
        together[scene.date, scene.product_type].append((scene, pixels))
    for group in together.values():
        first = group[0][0]
        share = min(1.0, sum(pixels for _, pixels in group) / (window.height * window.width))
        days = 0
        if not np.isnat(date):
            taken = np.datetime64(first.date, "D")
            days = _LONG_AGO if first.date is None else abs(int((date - taken).astype(int)))
        if most_days is not None and days > most_days:
            continue
        entries = tuple(scene for scene, _ in group)
        yield Choice(entries, window, (-_percent(share), days, first.name))


def _percent(share: float) -> int:
    return round(100 * share)


class _OpenScenes:
    """Scenes that were opened, each lent to one thread at a time; so many rest open unused."""

    def __init__(self, encoder: EncoderSpec | None) -> None:
        self._encoder = encoder
        self._lock = threading.Lock()
        self._known: dict[str, AnyScene | GlueLinkError] = {}
        self._resting: OrderedDict[AnyScene, str] = OrderedDict()

    @contextmanager
    def use(self, entry: Entry) -> Iterator[AnyScene]:
        """Borrow the scene of an entry. Raises what `open_scene` does, each time."""
        scene = self._take(entry)
        try:
            yield scene
        finally:
            self._give_back(entry, scene)

    def close(self) -> None:
        """Close all, once nobody uses any."""
        with self._lock:
            while self._resting:
                self._resting.popitem()[0].close()

    def _take(self, entry: Entry) -> AnyScene:
        with self._lock:
            for scene, name in self._resting.items():
                if name == entry.name:
                    del self._resting[scene]
                    return scene
            known = self._known.get(entry.name)
        if isinstance(known, GlueLinkError):
            raise known
        if known is not None:
            return known.reopen()
        try:
            scene = entry.open()
            if self._encoder is not None and isinstance(scene, Scene):
                scene = scene.for_encoder(self._encoder.bands, self._encoder.product_type)
        except GlueLinkError as error:
            self._known[entry.name] = error
            raise
        self._known[entry.name] = scene
        return scene

    def _give_back(self, entry: Entry, scene: AnyScene) -> None:
        with self._lock:
            self._resting[scene] = entry.name
            while len(self._resting) > MOST_RESTING:
                self._resting.popitem(last=False)[0].close()
