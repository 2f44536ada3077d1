"""Whatever happens to a file of the store, it is noticed: no cell is ever taken for zeros."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from backend.encoders import Encoder
from backend.errors import StoreInvalid
from backend.features.store import FeatureArray, FeatureStore, StoredBlock, fill, stored_blocks
from backend.features.store.check import check_store, repair
from backend.features.store.store import repair_root
from backend.scenes import open_scene
from tests.backend.features.store.conftest import plan_of
from tests.support.rasters import speckled, write_raster
from tests.support.small_encoder import WindowEncoder

Damage = Callable[[Path], object]

DAMAGES: dict[str, Damage] = {
    "cut short": lambda file: file.write_bytes(file.read_bytes()[:-7]),
    "cut to its checksum": lambda file: file.write_bytes(file.read_bytes()[-4:]),
    "emptied": lambda file: file.write_bytes(b""),
    "longer": lambda file: file.write_bytes(file.read_bytes() + b"\0"),
    "first bit flipped": lambda file: _flip(file, 0),
    "last bit flipped": lambda file: _flip(file, -1),
    "removed": lambda file: file.unlink(),
}


def _flip(file: Path, place: int) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene in two blocks, and a store of them."""
    folder = tmp_path_factory.mktemp("made")
    scene_file = write_raster(folder / "S1_20240501.tif", speckled(400, 60))
    embed(scene_file, FeatureStore.open(folder / "store"), WindowEncoder(cell_px=16))
    return folder


@pytest.fixture
def small(made: Path) -> Path:
    return made / "S1_20240501.tif"


@pytest.fixture
def embedded(made: Path, tmp_path: Path) -> FeatureArray:
    shutil.copytree(made / "store", tmp_path / "store")
    (array,) = FeatureStore.open(tmp_path / "store").arrays()
    return array


def embed(path: Path, store: FeatureStore, encoder: Encoder) -> FeatureArray:
    with open_scene(path) as scene:
        plan = plan_of(scene, encoder)
        array = store.array_for(scene, encoder.spec, plan.lattice)
        fill(array, scene, plan, encoder)
    return array


def ask(array: FeatureArray, path: Path, encoder: WindowEncoder) -> list[StoredBlock]:
    with open_scene(path) as scene:
        plan = plan_of(scene, encoder)
        return list(stored_blocks(array, scene, plan, encoder))


def file_of(array: FeatureArray, part: str) -> Path:
    """The file of the first block's part."""
    place = Path(array.home.name, array.info.name, part, "c", "0", "0")
    return place / "0" if place.is_dir() else place


@pytest.mark.parametrize("part", ["features", "scales", "observed", "receipts"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_block_is_encoded_again_and_is_as_before(
    embedded: FeatureArray, small: Path, encoder: WindowEncoder, part: str, damage: str
) -> None:
    file = file_of(embedded, part)
    before, bytes_before = ask(embedded, small, encoder), file.read_bytes()
    assert encoder.encoded == 0
    DAMAGES[damage](file)
    store = FeatureStore.open(embedded.home.name)
    assert len(list(check_store(store))) == 1

    after = ask(embedded, small, encoder)
    assert encoder.encoded > 0
    for one, other in zip(before, after, strict=True):
        assert np.array_equal(one.values, other.values)
        assert np.array_equal(one.scales, other.scales)
        assert np.array_equal(one.observed, other.observed)
    assert part == "receipts" or file.read_bytes() == bytes_before
    assert list(check_store(store)) == []


def test_repairing_leaves_what_is_whole(
    embedded: FeatureArray, small: Path, encoder: WindowEncoder
) -> None:
    store = FeatureStore.open(embedded.home.name)
    DAMAGES["first bit flipped"](file_of(embedded, "scales"))
    repair(store, [*check_store(store)])
    assert list(check_store(store)) == []
    assert [*embedded.receipts()] == [(1, 0)]
    ask(embedded, small, encoder)
    assert encoder.encoded > 0
    assert [*embedded.receipts()] == [(0, 0), (1, 0)]


@pytest.mark.parametrize("part", ["", "features", "scales", "observed", "receipts", "used"])
@pytest.mark.parametrize("damage", ["emptied", "cut short", "removed"])
def test_lost_metadata_is_written_anew(
    embedded: FeatureArray, small: Path, encoder: WindowEncoder, part: str, damage: str
) -> None:
    file = Path(embedded.home.name, embedded.info.name, part, "zarr.json")
    before = file.read_bytes()
    DAMAGES[damage](file)
    store = FeatureStore.open(embedded.home.name)
    problems = [*check_store(store)]
    assert [problem.array for problem in problems] == [embedded.info.name]
    repair(store, problems)
    assert list(check_store(store)) == []
    assert file.read_bytes() == before
    ask(embedded, small, encoder)
    assert encoder.encoded == 0


@pytest.mark.parametrize("damage", ["emptied", "cut short", "removed"])
def test_a_store_without_its_root_says_how_to_repair_it(
    embedded: FeatureArray, damage: str
) -> None:
    home = embedded.home.name
    DAMAGES[damage](Path(home, "zarr.json"))
    with pytest.raises(
        StoreInvalid, match=r"lost its metadata\. Run python -m backend\.store repair"
    ):
        FeatureStore.open(home)
    repair_root(home)
    assert [array.info for array in FeatureStore.open(home).arrays()] == [embedded.info]


def test_a_store_of_a_later_version_is_refused(store: FeatureStore) -> None:
    root = Path(store.home.name, "zarr.json")
    root.write_text(root.read_text().replace('"format": 1', '"format": 99'))
    with pytest.raises(StoreInvalid, match="format 99; this version reads 1"):
        FeatureStore.open(store.home.name)


def test_what_is_not_a_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreInvalid, match="There is no feature store"):
        FeatureStore.open(tmp_path / "none", writable=False)
    (tmp_path / "zarr.json").write_text('{"zarr_format": 3, "node_type": "group"}')
    with pytest.raises(StoreInvalid, match="is not a feature store"):
        FeatureStore.open(tmp_path)


def test_a_scene_without_data_is_kept_as_blank(
    store: FeatureStore, encoder: WindowEncoder, tmp_path: Path
) -> None:
    values = speckled(500, 60)
    values[:, 30:] = np.nan
    path = write_raster(tmp_path / "S1_20240502.tif", values)
    with open_scene(path) as scene:
        plan = plan_of(scene, encoder)
        array = store.array_for(scene, encoder.spec, plan.lattice)
        assert fill(array, scene, plan, encoder).encoded == 2
        assert fill(array, scene, plan, encoder).found == 2
    assert not file_of(array, "features").with_name("1").exists()
    block = array.read((1, 0))
    assert block is not None and not block.valid.any() and not block.features.any()
    assert list(check_store(store)) == []
