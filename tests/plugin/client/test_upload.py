"""Several files are sent as one body, each byte once and in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from gluelink_plugin.client.upload import JoinedFiles


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / name for name in ("a", "empty", "b")]
    for path, data in zip(paths, (b"x" * 40_000 + b"y", b"", b"z" * 3)):
        path.write_bytes(data)
    return paths


def test_the_bytes_of_all_files_follow_one_another(files: list[Path]) -> None:
    joined = JoinedFiles(files)
    assert (joined.sizes, joined.size()) == ([40_001, 0, 3], 40_004)
    read = b""
    while not joined.atEnd():
        read += bytes(joined.read(16_384))
    assert read == b"x" * 40_000 + b"yzzz"
    joined.close()


def test_what_was_sent_can_be_sent_once_more_from_any_place(files: list[Path]) -> None:
    joined = JoinedFiles(files)
    joined.read(40_002)
    assert joined.seek(40_000)
    assert bytes(joined.read(1)) + bytes(joined.read(100)) == b"yzzz"
    joined.close()


def test_a_file_that_is_gone_is_named(files: list[Path], tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="gone"):
        JoinedFiles([*files, tmp_path / "gone"])
