"""Faults of a disk become one sentence each, before the work or after it."""

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import rasterio
from rasterio.errors import RasterioError, RasterioIOError

from backend.errors import DiskFull, OutputUnwritable
from backend.io.disk import require_output, require_room, writing


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_named_by_any_of_its_numbers(number: int) -> None:
    said = r"became full while a/b was written\. Wait\."
    with pytest.raises(DiskFull, match=said), writing(Path("a/b"), "Wait."):
        raise OSError(number, os.strerror(number))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk here")
def test_a_real_write_to_a_full_disk_is_named() -> None:
    with pytest.raises(DiskFull), writing(Path("/dev/full")):
        Path("/dev/full").write_text("x")


def test_gdal_names_a_full_disk_in_words_only() -> None:
    cause = RasterioError("_TIFFWriteProc:No space left on device")
    with pytest.raises(DiskFull), writing(Path("a")):
        raise RasterioIOError("Read or write failed.") from cause


def test_a_folder_that_is_not_there_is_named_by_gdal_as_by_the_system(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "a.tif"
    said = rf"{re.escape(str(path))} cannot be written: .*No such file or directory"
    with pytest.raises(OutputUnwritable, match=said), writing(path):
        path.write_text("")
    with pytest.raises(OutputUnwritable, match=said), writing(path):
        rasterio.open(path, "w", driver="GTiff", width=1, height=1, count=1, dtype="uint8")


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), writing(Path("a")):
        raise ZeroDivisionError


def test_disk_faults_are_translated_without_loading_rasterio() -> None:
    program = (
        "import sys; from pathlib import Path; from backend.io import atomic, disk\n"
        "try:\n with disk.writing(Path('/nowhere/a')): open('/nowhere/a', 'w')\n"
        "except disk.OutputUnwritable: print('rasterio' in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert printed.stdout == "False\n"


def test_room_is_looked_for_where_a_folder_will_be(tmp_path: Path) -> None:
    require_room(tmp_path / "to" / "be" / "made", 1, "It", "")
    with pytest.raises(DiskFull, match=rf"It needs 1,000,000\.0 GB; {tmp_path} has .* left\. Wait"):
        require_room(tmp_path / "to" / "be" / "made", 10**15, "It", "Wait.")


def test_the_path_of_an_output_is_checked(tmp_path: Path) -> None:
    (tmp_path / "folder.tif").mkdir()
    for name in ("a.tif", "A.TIFF"):
        require_output(tmp_path / name, "map")
    for name, said in {
        "a.png": 'name of the map, "a.png", does not end in .tif',
        "nowhere/a.tif": "There is no folder .*nowhere",
        "folder.tif": "folder.tif is a folder",
        "x" * 300 + ".tif": "cannot be written: File name too long",
    }.items():
        with pytest.raises(OutputUnwritable, match=said):
            require_output(tmp_path / name, "map")
