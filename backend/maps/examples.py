"""Example cells of a scene: what a map is to be like, and unlike, beside phrases.

A linked cell at unit length lies in the text space, as a phrase does, and so stands beside phrases:
the answer of a cell is its mean cosine with the phrase and what is liked, less that with the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from pyproj import Transformer

from backend.encoders import Encoder, EncoderSpec
from backend.errors import AreaOutsideScene
from backend.features.lattice import CellBox, Lattice, Quality
from backend.features.plan import Plan, for_encoder, make_plan
from backend.features.store import FeatureStore, held_of, stored_blocks
from backend.features.strips import blended_strips
from backend.link import LinkHead
from backend.progress import Progress
from backend.scenes import AnyScene

LonLat = tuple[float, float]
"""Longitude and latitude in degrees."""


@dataclass(frozen=True)
class Examples:
    """Cells of a scene that a map is to be like, and unlike.

    Example:
        examples = Examples(like=((11.57, 48.14),))
        align(scene, None, ["a harbour"], encoder, head, text, output, examples=examples)
    """

    like: tuple[LonLat, ...] = ()
    """A place in each cell that is an example of what is looked for."""
    unlike: tuple[LonLat, ...] = ()
    """A place in each cell that is an example of what is not."""


NO_EXAMPLES = Examples()


def cell_at(scene: AnyScene, lattice: Lattice, place: LonLat) -> CellBox | None:
    """Return the cell of a scene that holds a place; None where the scene does not reach."""
    to_zone = Transformer.from_crs("EPSG:4326", scene.utm_epsg, always_xy=True)
    east, north = to_zone.transform(*place)
    if not np.isfinite((east, north)).all():
        return None
    row, col = int(-north // lattice.cell_m), int(east // lattice.cell_m)
    cell = CellBox(row, col, row + 1, col + 1)
    return None if cell.intersection(lattice.cells_of(scene.extent)).empty else cell


def place_text(place: LonLat) -> str:
    """Return a place as the command takes it: 11.5755,48.1372, true to about ten metres."""
    return ",".join(f"{degrees:.4f}" for degrees in place)


def example_vectors(
    scene: AnyScene,
    plan: Plan,
    places: Sequence[LonLat],
    encoder: Encoder,
    head: LinkHead,
    store: FeatureStore | None,
    progress: Progress,
) -> NDArray[np.float32]:
    """Return the linked cells (n, D) at these places, unit vectors of the text space.

    They come from the store, where there is one; what it lacks of them is encoded.

    Raises:
        AreaOutsideScene: the scene has no data at a place.
        SceneUnreadable: the scene's file is damaged.
        OutOfMemory: the memory of the device is too small for a single window.
        StoreInvalid: the store cannot be read.
    """
    cells = [_cell_of(scene, plan.lattice, place) for place in places]
    if store is None:
        found = dict(_encoded(scene, plan, set(cells), encoder, progress))
    else:
        found = dict(_stored(scene, plan, set(cells), encoder, store, progress))
    for place, cell in zip(places, cells, strict=True):
        if cell not in found:
            raise _no_data(place)
    features = torch.from_numpy(np.stack([found[cell] for cell in cells])).double()
    linked = features @ head.weight.cpu().double() + head.bias.cpu().double()
    vectors = torch.nn.functional.normalize(linked, dim=1)
    return np.asarray(vectors.numpy(), np.float32)


def lacking_windows(
    scene: AnyScene,
    examples: Examples,
    spec: EncoderSpec,
    store: FeatureStore | None,
    match_product_type: bool = True,
    quality: Quality = "fine",
) -> int:
    """Return how many windows are still to be encoded for examples, those of whole blocks.

    Raises:
        AreaOutsideScene: the scene does not reach one of them.
        StoreInvalid: the store cannot be read.
    """
    scene = for_encoder(scene, spec, match_product_type)
    whole = make_plan(scene, None, spec, quality)
    places = examples.like + examples.unlike
    plans = [_plan_of(whole, _cell_of(scene, whole.lattice, place)) for place in places]
    if store is None:
        return sum(plan.window_count for plan in plans)
    return sum(held_of(store, scene, plan, spec).lacking for plan in plans)


def _plan_of(plan: Plan, cell: CellBox) -> Plan:
    return replace(plan, cells=cell, shape=None)


def _cell_of(scene: AnyScene, lattice: Lattice, place: LonLat) -> CellBox:
    cell = cell_at(scene, lattice, place)
    if cell is None:
        raise _no_data(place)
    return cell


def _no_data(place: LonLat) -> AreaOutsideScene:
    return AreaOutsideScene(
        f"The scene has no data at the example {place_text(place)}.",
        "Choose an example where the scene has data.",
    )


def _encoded(
    scene: AnyScene, plan: Plan, cells: set[CellBox], encoder: Encoder, progress: Progress
) -> Iterator[tuple[CellBox, NDArray[np.float32]]]:
    """Yield the cells that have data with their features (d,), which are encoded."""
    for cell in cells:
        for strip in blended_strips(scene, _plan_of(plan, cell), encoder, progress):
            for features in strip.features[torch.from_numpy(strip.answered)]:
                yield cell, features.float().cpu().numpy()


def _stored(
    scene: AnyScene,
    plan: Plan,
    cells: set[CellBox],
    encoder: Encoder,
    store: FeatureStore,
    progress: Progress,
) -> Iterator[tuple[CellBox, NDArray[np.float32]]]:
    """Yield the cells that have data with their features (d,) as they are stored."""
    array = store.array_for(scene, encoder.spec, plan.lattice)
    indices = sorted({index for cell in cells for index in array.blocks(cell)})
    for block in stored_blocks(array, scene, plan, encoder, progress, indices=indices):
        for cell in cells:
            if not cell.intersection(block.cells).empty:
                within = cell.within(block.cells)
                if block.valid[within].all():
                    yield cell, block.features[within].reshape(-1)
