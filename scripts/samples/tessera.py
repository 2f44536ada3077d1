"""Small stores of Tessera, in the layouts in which the large ones are published."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray

if TYPE_CHECKING:
    import zarr

YEARS = (2023, 2024)
SHARD, CHUNK = 64, 32
"""In pixels; those published have 4096 and 32 in plain Zarr, 2048 and 256 in Icechunk."""

MISSIONS = [f"https://sentinel.esa.int/web/sentinel/missions/sentinel-{n}" for n in (1, 2)]
ARCHIVES = ["s3://sentinel-cogs", "https://datapool.asf.alaska.edu/RTC/OPERA-S1"]


@dataclass(frozen=True)
class Patch:
    """Pixels of one zone and year, the north first."""

    values: NDArray[np.int8]
    """(h, w, 128)"""
    scales: NDArray[np.float32]
    """(h, w)"""
    epsg: int = 32633
    corner: tuple[float, float] = (400_000, 5_400_000)
    """Easting and northing of the north-western corner, in that zone."""
    year: int = 2024
    passes: NDArray[np.uint16] | None = None
    """Ascending and descending passes of radar (2, h, w); 20 and 0 when None."""

    @property
    def south(self) -> bool:
        """Whether the zone is of the southern hemisphere."""
        return self.epsg > 32700

    def slices(self, west: float, north: float) -> tuple[slice, slice]:
        """Return its rows and columns on a grid with this corner, in northern coordinates."""
        top = round((north - self.corner[1] + 10_000_000 * self.south) / 10)
        left = round((self.corner[0] - west) / 10)
        height, width = self.scales.shape
        return slice(top, top + height), slice(left, left + width)


def root_attributes(version: str, dclimate: bool) -> dict[str, Any]:
    """Return what the root of a store says of itself."""
    more = {"checkpoint_id": "tessera_v1_1_aws_encoder", "optical_min_obs": 15} if dclimate else {}
    return {
        "geoemb:type": "pixel",
        "geoemb:dimensions": 128,
        "geoemb:model": f"https://geotessera.org/model/{version}",
        "geoemb:source_data": ARCHIVES if dclimate else MISSIONS,
        "geoemb:data_type": "int8",
        "geoemb:gsd": 10.0,
        "geoemb:spatial_layout": "utm_zones",
        **more,
    }


def write_zarr(
    path: Path,
    patches: Sequence[Patch],
    version: str = "1.1",
    copy_of_dclimate: bool = False,
    years_complete: Mapping[str, Sequence[int]] | None = None,
) -> Path:
    """Write a plain store: as geotessera fills it, or as its copy of dClimate's.

    Both hemispheres lie in one group, in the CRS of the northern one.
    """
    import zarr
    from zarr.storage import LocalStore

    root = zarr.create_group(
        LocalStore(path), attributes=root_attributes(version, copy_of_dclimate)
    )
    for number in sorted({patch.epsg % 100 for patch in patches}):
        own = [patch for patch in patches if patch.epsg % 100 == number]
        west, north, rows, columns = _grid_around(own, south=False)
        attributes = _place(32600 + number, west, north, rows, columns)
        if copy_of_dclimate:
            groups = {f"{number:02d}{'NS'[each.south]}" for each in own}
            complete = years_complete or {}
            attributes["geotessera:mask_source"] = "source_nodata"
            attributes["geotessera:source_groups"] = {
                name: {"years_complete": list(complete.get(name, YEARS))} for name in sorted(groups)
            }
        group = root.create_group(f"utm{number:02d}", attributes=attributes)
        size, fill = (len(YEARS), rows, columns), np.nan if copy_of_dclimate else np.inf
        values = _array(group, "embeddings", size, "int8", 0, banded=1)
        scales = _array(group, "scales", size, "float32", fill)
        counts = _counts(group, size) if copy_of_dclimate else []
        group.create_array("time", data=np.array(YEARS, np.int32), dimension_names=["time"])
        _write_middles(group, ("y", "x"), west, north, rows, columns)
        for patch in own:
            part = (YEARS.index(patch.year), *patch.slices(west, north))
            values[part[0], :, part[1], part[2]] = patch.values.transpose(2, 0, 1)
            _fill(patch, part, scales, counts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that Zarr's own format knows no such copy
        zarr.consolidate_metadata(root.store)
    return path


def write_icechunk(
    path: Path,
    patches: Sequence[Patch],
    years_complete: Mapping[str, Sequence[int]] | None = None,
    corner_of_transform: float = 0.0,
) -> Path:
    """Write dClimate's repository: a group for each zone and hemisphere, in its own CRS.

    `corner_of_transform` is how far inside `spatial:transform` begins, in metres; it was half a
    pixel.
    """
    import icechunk
    import zarr

    icechunk.set_logs_filter("error")
    repository = icechunk.Repository.create(icechunk.local_filesystem_storage(str(path)))
    session = repository.writable_session("main")
    root = zarr.create_group(session.store, attributes=root_attributes("1.1", dclimate=True))
    for epsg in sorted({patch.epsg for patch in patches}):
        own = [patch for patch in patches if patch.epsg == epsg]
        name = f"{epsg % 100:02d}{'NS'[epsg > 32700]}"
        west, north, rows, columns = _grid_around(own, south=epsg > 32700)
        attributes = _place(epsg, west, north, rows, columns)
        attributes["spatial:transform"][2] += corner_of_transform
        attributes["spatial:transform"][5] -= corner_of_transform
        attributes["years_complete"] = list((years_complete or {}).get(name, YEARS))
        group = root.create_group(name, attributes=attributes)
        size, axes = (len(YEARS), rows, columns), ("northing", "easting")
        values = _array(group, "embeddings", size, "int8", 0, axes, banded=3)
        scales = _array(group, "scales", size, "float32", np.nan, axes, pcodec=True)
        counts = _counts(group, size, axes)
        _write_middles(group, axes, west, north, rows, columns)
        moments = np.array([f"{year}-01-01" for year in YEARS], "datetime64[ns]").astype("int64")
        time = group.create_array("time", data=moments, dimension_names=["time"])
        time.attrs.update(
            {"units": "nanoseconds since 1970-01-01", "calendar": "proleptic_gregorian"}
        )
        for patch in own:
            part = (YEARS.index(patch.year), *patch.slices(west, north - 10_000_000 * patch.south))
            values[part[0], part[1], part[2]] = patch.values
            _fill(patch, part, scales, counts)
    session.commit("sample")
    return path


def write_region(folder: Path, patch: Patch, tags: Mapping[str, str] | None = None) -> Path:
    """Write what `geotessera download` exports of a store: the vectors as one GeoTIFF."""
    path = folder / f"tessera_{patch.year}_utm{patch.epsg % 100:02d}.tif"
    height, width = patch.scales.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=128,
        height=height,
        width=width,
        dtype="float32",
        nodata=np.nan,
        crs=f"EPSG:{patch.epsg}",
        transform=Affine(10, 0, patch.corner[0], 0, -10, patch.corner[1]),
    ) as file:
        file.write((patch.values * patch.scales[..., None]).transpose(2, 0, 1))
        file.update_tags(**(tags or {}))
    return path


def _grid_around(patches: Sequence[Patch], south: bool) -> tuple[float, float, int, int]:
    """Return west, north, rows and columns of whole shards around patches.

    Northings are those of the southern zone where `south`, else of the northern one.
    """
    side = 10 * SHARD
    shift = 0 if south else 10_000_000
    north = [patch.corner[1] - shift * patch.south for patch in patches]
    low = [top - 10 * patch.scales.shape[0] for top, patch in zip(north, patches, strict=True)]
    west = [patch.corner[0] for patch in patches]
    east = [left + 10 * patch.scales.shape[1] for left, patch in zip(west, patches, strict=True)]
    left, top = np.floor(min(west) / side) * side, np.ceil(max(north) / side) * side
    right, bottom = np.ceil(max(east) / side) * side, np.floor(min(low) / side) * side
    return float(left), float(top), round((top - bottom) / 10), round((right - left) / 10)


def _place(epsg: int, west: float, north: float, rows: int, columns: int) -> dict[str, Any]:
    return {
        "proj:code": f"EPSG:{epsg}",
        "spatial:transform": [10.0, 0.0, west, 0.0, -10.0, north],
        "spatial:bbox": [west, north - 10 * rows, west + 10 * columns, north],
        "spatial:shape": [rows, columns],
        "spatial:registration": "pixel",
    }


def _write_middles(
    group: zarr.Group, axes: Sequence[str], west: float, north: float, rows: int, columns: int
) -> None:
    """Write where the middles of the pixels lie, and the numbers of the bands."""
    down, right = north - 10 * (np.arange(rows) + 0.5), west + 10 * (np.arange(columns) + 0.5)
    for name, data in zip((*axes, "band"), (down, right, np.arange(128)), strict=True):
        group.create_array(name, data=data, dimension_names=[name])


def _array(
    group: zarr.Group,
    name: str,
    size: tuple[int, int, int],
    dtype: str,
    fill: float,
    axes: Sequence[str] = ("y", "x"),
    banded: int | None = None,
    pcodec: bool = False,
) -> zarr.Array[Any]:
    """Create an array (time, y, x), with 128 bands at the place `banded`."""
    from zarr.codecs import BloscCodec
    from zarr.codecs.numcodecs import PCodec

    def shape(*sides: int) -> tuple[int, ...]:
        return sides if banded is None else (*sides[:banded], 128, *sides[banded:])

    names = ["time", *axes]
    if banded is not None:
        names.insert(banded, "band")
    packed: dict[str, Any] = {"compressors": BloscCodec(cname="zstd", clevel=3)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that Zarr's own format does not know PCodec
        if pcodec:
            packed = {"serializer": PCodec(), "compressors": None}
        return group.create_array(
            name,
            shape=shape(*size),
            chunks=shape(1, CHUNK, CHUNK),
            shards=shape(1, SHARD, SHARD),
            dtype=dtype,
            fill_value=fill,
            dimension_names=names,
            **packed,
        )


def _counts(
    group: zarr.Group, size: tuple[int, int, int], axes: Sequence[str] = ("y", "x")
) -> list[zarr.Array[Any]]:
    names = ("s1_asc_obs_count", "s1_desc_obs_count")
    return [_array(group, name, size, "uint16", 0, axes) for name in names]


def _fill(
    patch: Patch,
    part: tuple[int, slice, slice],
    scales: zarr.Array[Any],
    counts: Sequence[zarr.Array[Any]],
) -> None:
    scales[part] = patch.scales
    passes = patch.passes
    if passes is None:
        passes = np.stack([np.full(patch.scales.shape, 20), np.zeros(patch.scales.shape)])
    for array, number in zip(counts, passes.astype(np.uint16), strict=False):
        array[part] = number
