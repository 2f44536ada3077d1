"""Windows around points, each from the scene at hand that shows it best."""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from backend.encoders import EncoderSpec
from backend.errors import CatalogueUnreachable, GlueLinkError
from backend.scenes import PIXEL_M, AnyScene, PixelBox, Scene
from backend.scenes.index import SceneEntry, SceneIndex
from backend.scenes.sentinel1.naming import POLARISATIONS

NO_SCENE = "outside every scene"
NO_DATA = "where the scenes have no data"
UNREADABLE = "in a scene that cannot be read"

MOST_IDLE = 64  # scenes kept open while nobody reads them
MOST_UNREACHABLE = 10  # scenes one after the other: then the network is at fault, not a scene
_UNDATED_DAYS = 10**6  # farther from a point's date than any scene with a date


@dataclass(frozen=True)
class Candidate:
    """A picture that may show a window: scenes of one date, product type and UTM zone.

    Neighbouring slices of one pass, and tiles, make one picture: where the first scene has no data
    the next one may.
    """

    scenes: tuple[SceneEntry, ...]
    """The scenes, none of them open."""

    window: PixelBox
    """The pixels of the window in the scenes' zone."""

    rank: tuple[int, int, str]
    """Minus the percentage with data at best, days from the point's date, name: least is best."""


@dataclass(frozen=True)
class Window:
    """What is known around a point."""

    values: NDArray[np.float32] | None
    """(bands, px, px), margins included: dB, or vectors of an embedding; NaN without data.

    None where the window itself has none.
    """

    date: str | None
    """ISO date of the scene."""

    unavailable: str
    """Why there is no more data."""

    waits: bool = False
    """Whether a scene that may show more cannot be reached at the moment."""


class Imagery(AbstractContextManager["Imagery"]):
    """Windows of `window_px` pixels from the scenes of an index; a context manager.

    For an `encoder`, windows have its bands at the level of its product type, and around them the
    margin of its reach, which does not count when a scene is chosen. Any number of threads may use
    it.

    Example:
        with Imagery(read_scene_index(folder), 224) as imagery:
            for candidates in imagery.candidates(lon, lat, dates):
                window = imagery.window(candidates)
    """

    def __init__(
        self, index: SceneIndex, window_px: int, encoder: EncoderSpec | None = None
    ) -> None:
        self.damaged: dict[str, str] = {}
        """What went wrong with a scene, by its name."""
        self._window_px = window_px
        self._margin_px = encoder.margin_px if encoder else 0
        self._bands = len(encoder.bands if encoder else POLARISATIONS)
        self._scenes = _ScenePool(encoder)
        self._most_days = index.days
        self._unreachable: set[str] = set()  # since a scene was read
        zones: dict[int, list[SceneEntry]] = defaultdict(list)
        for scene in index.scenes:
            zones[scene.utm_epsg].append(scene)
        self._zones = [_Zone(epsg, scenes) for epsg, scenes in sorted(zones.items())]

    def __exit__(self, *_error: object) -> None:
        self._scenes.close()

    def candidates(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64], date: NDArray[np.datetime64]
    ) -> list[list[Candidate]]:
        """Return for each point (n,) the candidates for a window around it, the best first.

        Shares with data that round to the same percentage are equal: a lost pixel more or less is
        not worth another season.
        """
        result: list[list[Candidate]] = [[] for _ in lon]
        for zone in self._zones:
            for point, window, scenes in zone.windows(lon, lat, self._window_px):
                result[point] += _candidates(window, scenes, date[point], self._most_days)
        return [sorted(candidates, key=lambda candidate: candidate.rank) for candidates in result]

    def window(self, candidates: Sequence[Candidate]) -> Window:
        """Read the window with the most data; of equals the nearest in date, then by name.

        Raises:
            CatalogueUnreachable: many scenes one after the other could not be reached.
        """
        best, best_rank, date = None, None, None
        reason, waits = NO_DATA if candidates else NO_SCENE, False
        for candidate in candidates:
            # The ranks only get worse from here, and none can be better than was hoped for.
            if best_rank is not None and best_rank < candidate.rank:
                break
            values, errors = self._read(candidate)
            if errors:
                reason = UNREADABLE
            waits |= any(isinstance(error, CatalogueUnreachable) for error in errors)
            share = np.isfinite(inside(values, self._margin_px)[0]).mean()
            rank = (-_percent(share), *candidate.rank[1:])
            if share and (best_rank is None or rank < best_rank):
                best, best_rank, date = values, rank, candidate.scenes[0].date
        return Window(best, date.isoformat() if date else None, reason, waits)

    def _read(self, candidate: Candidate) -> tuple[NDArray[np.float32], list[GlueLinkError]]:
        """Return a candidate's values, and why some of its scenes could not be read."""
        window = candidate.window.grown(self._margin_px)
        values = np.full((self._bands, window.height, window.width), np.nan, np.float32)
        errors: list[GlueLinkError] = []
        for entry in candidate.scenes:
            empty = np.isnan(values[0])
            if not empty.any():
                break
            try:
                with self._scenes.use(entry) as scene:
                    np.copyto(values, scene.read(window), where=empty)
                self._unreachable.clear()
            except GlueLinkError as error:
                self.damaged[entry.name] = error.message
                errors.append(error)
                if isinstance(error, CatalogueUnreachable):
                    self._count_unreachable(entry, error)
        return values, errors

    def _count_unreachable(self, entry: SceneEntry, error: CatalogueUnreachable) -> None:
        """Give up when there are many."""
        self._unreachable.add(entry.name)
        if len(self._unreachable) >= MOST_UNREACHABLE:
            raise CatalogueUnreachable(
                f"{MOST_UNREACHABLE} scenes one after the other could not be read: {error.message}",
                "Check the network and run it again: it goes on from there.",
            ) from error


def inside(values: NDArray[np.float32], margin_px: int) -> NDArray[np.float32]:
    """Return a window's values (bands, H, W) without its margin."""
    height, width = values.shape[1:]
    return values[:, margin_px : height - margin_px, margin_px : width - margin_px]


class _Zone:
    """The scenes of one UTM zone."""

    def __init__(self, epsg: int, scenes: list[SceneEntry]) -> None:
        self._scenes = scenes
        self._to_utm = Transformer.from_crs(4326, epsg, always_xy=True)
        boxes = [scene.extent for scene in scenes]
        self._low = np.array([(box.row0, box.col0) for box in boxes])
        self._high = np.array([(box.row1, box.col1) for box in boxes])

    def windows(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64], px: int
    ) -> Iterator[tuple[int, PixelBox, list[tuple[SceneEntry, int]]]]:
        """Yield points, their window in this zone, and the scenes with the pixels that they share.

        The window's middle is the pixel corner nearest to the point, half a pixel off at most. Its
        north is the grid's, which is off by the meridian convergence: less than 3 degrees inside a
        zone below 70 degrees of latitude, where a view's wedge is 180 degrees wide.
        """
        east, north = self._to_utm.transform(lon, lat)
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


def _candidates(
    window: PixelBox,
    scenes: list[tuple[SceneEntry, int]],
    date: np.datetime64,
    most_days: int | None,
) -> Iterator[Candidate]:
    """Put scenes, with the pixels that they share with a window, together by acquisition."""
    acquisitions: dict[object, list[tuple[SceneEntry, int]]] = defaultdict(list)
    for scene, pixels in scenes:
        acquisitions[scene.date, scene.product_type].append((scene, pixels))
    for group in acquisitions.values():
        first = group[0][0]
        share = min(1.0, sum(pixels for _, pixels in group) / (window.height * window.width))
        days = 0
        if not np.isnat(date):
            acquired = np.datetime64(first.date, "D")
            days = _UNDATED_DAYS if first.date is None else abs(int((date - acquired).astype(int)))
        if most_days is None or days <= most_days:
            entries = tuple(scene for scene, _ in group)
            yield Candidate(entries, window, (-_percent(share), days, first.name))


def _percent(share: float) -> int:
    return round(100 * share)


class _ScenePool:
    """Scenes that were opened, each used by one thread at a time; some are kept open unused."""

    def __init__(self, encoder: EncoderSpec | None) -> None:
        self._encoder = encoder
        self._lock = threading.Lock()
        self._known: dict[str, AnyScene | GlueLinkError] = {}
        self._idle: OrderedDict[AnyScene, str] = OrderedDict()

    @contextmanager
    def use(self, entry: SceneEntry) -> Iterator[AnyScene]:
        """Lend the scene of an entry to one thread.

        Raises:
            GlueLinkError: the scene cannot be opened; the same again at the next try.
        """
        scene = self._acquire(entry)
        try:
            yield scene
        finally:
            with self._lock:
                self._idle[scene] = entry.name
                while len(self._idle) > MOST_IDLE:
                    self._idle.popitem(last=False)[0].close()

    def close(self) -> None:
        """Close all scenes, once nobody uses any."""
        with self._lock:
            while self._idle:
                self._idle.popitem()[0].close()

    def _acquire(self, entry: SceneEntry) -> AnyScene:
        with self._lock:
            for scene, name in self._idle.items():
                if name == entry.name:
                    del self._idle[scene]
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
