#!/usr/bin/env bash
# GDAL and tifffile are right with every layout of a float TIFF. Five other readers each give wrong numbers for an
# ordinary one, without an error: xarray-spatial where the bands of a pixel lie together (GDAL's default) and
# the predictor is 3, async-geotiff where bands lie apart and there is any predictor, virtual-tiff where bytes
# are big-endian and the predictor is 3: noise from 1e-39 to 1e38. OpenCV takes three pixels of a band that
# lies apart for the three bands of one pixel, and cog3pio says (band, height, width) of numbers in the
# order height, width, band. What xarray-spatial writes with predictor 3 it reads again, and GDAL does not.
#
# Seen with Python 3.12, xarray-spatial 0.10.20, async-geotiff 0.5.1, virtual-tiff 0.5.0, OpenCV 5.0.0, cog3pio 0.0.1,
# tifffile 2026.11.8, rasterio 1.5.2:
#                            tifffile  xarray-spatial  async-geotiff  virtual-tiff  OpenCV  cog3pio
#   together, no predictor:  right     right           right          refuses       right   wrong
#   together, predictor 3:   right     wrong           right          refuses       right   wrong
#   apart, no predictor:     right     right           right          right         wrong   refuses
#   apart, predictor 2:      right     right           wrong          right         wrong   refuses
#   big-endian, predictor 3: right     right           right          wrong         right   right
#   written by xarray-spatial, read by rasterio: wrong
#
# Needs Python 3.12 or newer: PYTHON=python3.12 names one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    xarray-spatial==0.10.20 async-geotiff==0.5.1 async-tiff==0.7.2 obstore==0.12.1 virtual-tiff==0.5.0 \
    virtualizarr==2.8.0 zarr==3.4.2 opencv-python-headless==5.0.0.93 cog3pio==0.0.1 tifffile==2026.11.8 \
    imagecodecs==2026.10.10 rasterio==1.5.2 xarray==2026.9.0 numpy==2.5.5
cat > "$folder/run.py" <<'PY'
import asyncio, sys, warnings
warnings.simplefilter("ignore")
import async_geotiff, cog3pio, cv2, numpy as np, rasterio, tifffile, virtual_tiff, xarray as xr
from obspec_utils.registry import ObjectStoreRegistry
from obstore.store import LocalStore
from rasterio.transform import from_origin
from xrspatial.geotiff import open_geotiff, to_geotiff

folder = sys.argv[1]
path = folder + "/scene.tif"
bands = np.random.default_rng(0).normal(-11, 3, (3, 64, 64)).astype(np.float32)
loop = asyncio.new_event_loop()


async def by_async_geotiff():
    file = await async_geotiff.GeoTIFF.open("scene.tif", store=LocalStore(folder))
    return (await file.read()).data


def by_virtual_tiff():
    registry = ObjectStoreRegistry({"file://": LocalStore("/")})
    store = virtual_tiff.VirtualTIFF(ifd=0)(url="file://" + path, registry=registry)
    (name,) = (opened := xr.open_dataset(store, engine="zarr", consolidated=False, zarr_format=3)).data_vars
    return opened[name].values


def by_opencv():
    values = cv2.imread(path, cv2.IMREAD_UNCHANGED)
    return values if values.ndim == 2 else values[..., ::-1]  # blue, green, red


readers = {
    "tifffile": lambda: tifffile.imread(path),
    "xarray-spatial": lambda: open_geotiff(path).values,
    "async-geotiff": lambda: loop.run_until_complete(by_async_geotiff()),
    "virtual-tiff": by_virtual_tiff,
    "OpenCV": by_opencv,
    "cog3pio": lambda: cog3pio.read_geotiff(path),
}


def judge(read, truth):
    """Compare what a reader gives, whichever axis it has for the bands, with what was written."""
    try:
        values = np.asarray(read())
    except Exception:
        return "refuses"
    values = values.reshape(truth.shape[:1] + values.shape) if values.ndim == 2 else values
    values = values if values.shape == truth.shape else np.moveaxis(values, -1, 0)
    return "right" if np.array_equal(values, truth) else "wrong"


layouts = {
    "together, no predictor": (3, dict(interleave="pixel")),
    "together, predictor 3": (3, dict(interleave="pixel", predictor=3)),
    "apart, no predictor": (3, dict(interleave="band")),
    "apart, predictor 2": (3, dict(interleave="band", predictor=2)),
    "big-endian, predictor 3": (1, dict(endianness="BIG", predictor=3)),
}
expected = """
right right right refuses right wrong
right wrong right refuses right wrong
right right right right wrong refuses
right right wrong right wrong refuses
right right right wrong right right
"""
seen = []
print(" " * 25 + "  ".join(readers))
for name, (count, options) in layouts.items():
    with rasterio.open(
        path, "w", driver="GTiff", width=64, height=64, count=count, dtype="float32", crs="EPSG:32633",
        transform=from_origin(500_000, 5_400_000, 10, 10), tiled=True, blockxsize=32, blockysize=32,
        compress="deflate", **options,
    ) as file:
        file.write(bands[:count])
    seen.append([judge(read, bands[:count]) for read in readers.values()])
    line = f"{name + ':':25}" + "  ".join(f"{word:{len(reader)}}" for word, reader in zip(seen[-1], readers))
    print(line.rstrip())
axis = np.arange(64) * 10.0
scene = xr.DataArray(
    bands, dims=("band", "y", "x"), coords={"y": 5_399_995 - axis, "x": 500_005 + axis}, attrs={"crs": 32633}
)
to_geotiff(scene, path, predictor=3, compression="deflate")
assert np.array_equal(np.moveaxis(open_geotiff(path).values, -1, 0), bands)
with rasterio.open(path) as file:
    written = "right" if np.array_equal(file.read(), bands) else "wrong"
print("written by xarray-spatial, read by rasterio:", written)
sys.exit(seen != [row.split() for row in expected.split("\n") if row] or written != "wrong")
PY
OPENCV_LOG_LEVEL=OFF "$folder/venv/bin/python" "$folder/run.py" "$folder"
