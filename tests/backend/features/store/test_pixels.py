"""Which pixels a block was made of: hashed once, and anew as soon as a file is another one."""

import dataclasses
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from backend.encoders import load_encoder
from backend.features.lattice import Lattice
from backend.features.plan import for_encoder
from backend.features.store import FeatureArray, FeatureStore, Filled, fill
from backend.scenes import Scene, open_scene
from tests.backend.features.store.conftest import CELLS, plan_of, write_scene
from tests.support.rasters import speckled, write_raster
from tests.support.small_encoder import WindowEncoder

ArrayOf = Callable[..., FeatureArray]


class Reads:
    """Counts how often a scene's pixels are read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        read = Scene.read_counted

        def counted(scene: Scene, box: Any) -> Any:
            self.count += 1
            return read(scene, box)

        monkeypatch.setattr(Scene, "read_counted", counted)


@pytest.fixture
def embed(array_of: ArrayOf, encoder: WindowEncoder) -> Callable[..., tuple[str, Filled]]:
    def run(path: Path, **stated: object) -> tuple[str, Filled]:
        with open_scene(path, **stated) as scene:
            array = array_of(scene)
            return array.info.name, fill(array, scene, plan_of(scene, encoder), encoder)

    return run


Embed = Callable[..., tuple[str, Filled]]


def test_pixels_are_not_read_again_while_files_stay_as_they_are(
    embed: Embed, scene_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = Reads(monkeypatch)
    embed(scene_file)
    assert reads.count == 4
    embed(scene_file)
    assert reads.count == 4


def test_without_the_memory_pixels_are_read_and_nothing_is_encoded(
    embed: Embed, scene_file: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = Reads(monkeypatch)
    embed(scene_file)
    (memory,) = (own_home / "pixels").iterdir()
    for damage in (b"", b"{", memory.read_bytes()[:-5], b'{"0.0": "none"}'):
        memory.write_bytes(damage)
        before = reads.count
        assert embed(scene_file)[1].encoded == 0
        assert reads.count == before + 4


def test_a_file_that_is_swapped_under_its_name_size_and_time_is_encoded_again(
    embed: Embed, scene_file: Path, tmp_path: Path
) -> None:
    embed(scene_file)
    before = scene_file.stat()
    # So little is changed that header and sample say the same.
    other = write_scene(tmp_path / "other" / scene_file.name, change=1.0)
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    os.replace(other, scene_file)
    after = scene_file.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert embed(scene_file)[1] == Filled(3, 1, CELLS)


def test_a_file_that_is_written_into_at_the_same_time_is_encoded_again(
    embed: Embed, scene_file: Path
) -> None:
    embed(scene_file)
    before = scene_file.stat()
    with rasterio.open(scene_file, "r+") as file:
        values = file.read()
        values[:, 1:5, 1:5] += 1
        file.write(values)
    os.utime(scene_file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert embed(scene_file)[1].encoded == 1


def test_a_copy_at_another_place_and_of_another_name_finds_the_same_array(
    embed: Embed, scene_file: Path, tmp_path: Path
) -> None:
    name, _ = embed(scene_file)
    copy = tmp_path / "uploads" / "copy_20240501.tif"
    copy.parent.mkdir()
    shutil.copy(scene_file, copy)
    assert embed(copy) == (name, Filled(4, 0, CELLS))


def test_a_virtual_raster_whose_source_has_changed_is_encoded_again(
    embed: Embed, tmp_path: Path, scene_file: Path
) -> None:
    bands = "".join(
        f'<VRTRasterBand dataType="Float32" band="{k}"><Description>{name}</Description>'
        f'<SimpleSource><SourceFilename relativeToVRT="1">{scene_file.name}</SourceFilename>'
        f"<SourceBand>{k}</SourceBand></SimpleSource></VRTRasterBand>"
        for k, name in ((1, "VV"), (2, "VH"))
    )
    vrt = tmp_path / "made_20240501.vrt"
    vrt.write_text(
        '<VRTDataset rasterXSize="256" rasterYSize="192"><SRS>EPSG:32633</SRS>'
        f"<GeoTransform>408320, 10, 0, 5397440, 0, -10</GeoTransform>{bands}</VRTDataset>"
    )
    name, filled = embed(vrt)
    assert filled.encoded == 4
    assert embed(vrt)[1].encoded == 0
    with rasterio.open(scene_file, "r+") as file:
        values = file.read()
        values[:, 186:190, 1:5] += 1
        file.write(values)
    assert embed(vrt) == (name, Filled(3, 1, CELLS))


@pytest.mark.parametrize(
    "stated",
    [{"speckle": "refined-lee"}, {"offset": 1.0, "units": "db"}, {"also": ("S1_20240601.tif",)}],
)
def test_what_changes_pixels_has_an_array_of_its_own(
    array_of: ArrayOf, scene_file: Path, tmp_path: Path, stated: dict[str, Any]
) -> None:
    write_scene(tmp_path / "S1_20240601.tif", seed=1)
    if "also" in stated:
        stated = {"also": tuple(str(tmp_path / name) for name in stated["also"])}
    with open_scene(scene_file) as plain, open_scene(scene_file, **stated) as changed:
        assert array_of(plain).info.name != array_of(changed).info.name


def test_stacks_of_other_dates_have_arrays_of_their_own(
    store: FeatureStore, scene_file: Path, tmp_path: Path
) -> None:
    paths = [write_scene(tmp_path / f"S1_2024060{day}.tif", seed=day) for day in (1, 2)]
    spec = load_encoder("texture-s1-dates", device="cpu").spec
    names = set()
    for also in (paths[:1], paths, paths[::-1]):
        with open_scene(scene_file, also=also) as scene:
            seen = for_encoder(scene, spec)
            names.add(store.array_for(seen, spec, Lattice.of(spec), make=False).info.name)
            averaged = store.array_for(scene, spec, Lattice.of(spec), make=False).info.name
            assert averaged not in names
    assert len(names) == 2  # the order in which dates are given makes no difference


def test_stating_what_was_found_finds_the_same_array(embed: Embed, scene_file: Path) -> None:
    assert embed(scene_file)[0] == embed(scene_file, units="db", product_type="GRD")[0]


def test_an_offset_between_product_types_has_an_array_of_its_own(
    array_of: ArrayOf, scene_file: Path
) -> None:
    with open_scene(scene_file, product_type="GRD") as scene:
        names = {array_of(scene.for_encoder(("VV", "VH"), seen)).info.name for seen in _PRODUCTS}
    assert len(names) == 2


_PRODUCTS = (None, "GRD", "RTC")


def test_what_an_encoder_of_another_identity_has_made_is_not_asked(
    array_of: ArrayOf, embed: Embed, encoder: WindowEncoder, store: FeatureStore, scene_file: Path
) -> None:
    assert embed(scene_file)[1].encoded
    before = dataclasses.replace(encoder.spec, identity=f"{encoder.spec.identity}/before")
    with open_scene(scene_file) as scene:
        made = array_of(scene)
        other = store.array_for(scene, before, made.info.lattice)
    assert other.info.name != made.info.name


def test_dates_are_counted_cell_by_cell(store: FeatureStore, tmp_path: Path) -> None:
    encoder = WindowEncoder(cell_px=4)
    first, second = speckled(64, 64), speckled(64, 64, seed=1)
    first[:, :, 48:] = np.nan
    second[:, :32] = np.nan
    first[:, 60:, 40:] = second[:, 60:, 40:] = np.nan
    paths = [
        write_raster(tmp_path / f"S1_2024050{k}.tif", values)
        for k, values in enumerate((first, second), 1)
    ]
    with open_scene(paths[0], also=(str(paths[1]),)) as scene:
        plan = plan_of(scene, encoder)
        array = store.array_for(scene, encoder.spec, plan.lattice)
        fill(array, scene, plan, encoder)
        block = array.read((0, 0))
    assert block is not None
    cells = array.lattice.cells_of(scene.extent)
    expected = np.ones((16, 16), np.uint8)
    expected[8:, :12] = 2
    expected[:8, 12:] = 0
    expected[15, 10:] = 0
    assert np.array_equal(block.observed[cells.within(block.cells)], expected)
