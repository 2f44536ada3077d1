"""Directories of a TIFF are read from any bytes, or refused, and copied with some blocks."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.io.tiff import read_directories, sparse_copy
from scripts.samples.embeddings import quantised, write_alphaearth


@pytest.fixture(scope="module")
def whole_tiff(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("tiff") / "x.tiff"
    return write_alphaearth(path, quantised(70, 40)[:3]).read_bytes()


@settings(max_examples=300)
@given(
    harm=st.lists(st.tuples(st.integers(0, 2500), st.integers(0, 255)), min_size=1, max_size=4),
    from_end=st.booleans(),
)
def test_a_directory_of_any_bytes_is_read_or_refused(
    harm: list[tuple[int, int]], from_end: bool, whole_tiff: bytes
) -> None:
    data = bytearray(whole_tiff)
    for place, value in harm:
        data[-1 - place if from_end else place] = value

    def read(start: int, stop: int) -> bytes:
        if stop > len(data):
            raise ValueError("its directory is cut short")
        return bytes(data[start:stop])

    try:
        directories = read_directories(read)
        places = [directory.places() for directory in directories]
    except (ValueError, struct.error):
        return
    assert places[0].shape[0] == directories[0].layers and (places[0] >= 0).all()
    blocks = [{0: b"block", places_of[..., 0].size - 1: b"last"} for places_of in places]
    copy = sparse_copy(directories, blocks)
    again = read_directories(lambda start, stop: copy[start:stop])
    assert [one.block for one in again] == [one.block for one in directories]
    for directory, held in zip(again, blocks, strict=True):
        for number, (offset, size) in enumerate(directory.places().reshape(-1, 2)):
            assert copy[offset : offset + size] == held.get(number, b"")
