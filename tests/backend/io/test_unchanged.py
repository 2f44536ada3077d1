"""What was read of a file is kept for as long as the file stays as it is, and no longer."""

import os
from pathlib import Path

import pytest

from backend.io.unchanged import kept_while_unchanged

LONG_AGO_NS = 10**18


class Reads:
    """Reads files, and counts how often."""

    def __init__(self) -> None:
        self.count = 0
        self.kept = kept_while_unchanged(self.read)

    def read(self, path: Path) -> str:
        self.count += 1
        return path.read_text()


def write(path: Path, text: str) -> Path:
    """Write a file as one that was last changed long ago."""
    path.write_text(text)
    os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return path


def test_a_file_that_stays_is_read_once(tmp_path: Path) -> None:
    reads, path = Reads(), write(tmp_path / "a", "one")
    assert [reads.kept(path) for _ in range(3)] == ["one"] * 3
    assert reads.count == 1


def test_a_file_of_the_same_size_and_date_in_its_place_is_read(tmp_path: Path) -> None:
    reads, path = Reads(), write(tmp_path / "a", "one")
    assert reads.kept(path) == "one"
    write(tmp_path / "b", "two").replace(path)
    assert reads.kept(path) == "two"


def test_a_file_that_is_written_over_is_read(tmp_path: Path) -> None:
    reads, path = Reads(), write(tmp_path / "a", "one")
    assert reads.kept(path) == "one"
    path.write_text("two")
    assert reads.kept(path) == "two"


def test_nothing_is_kept_of_a_file_that_was_changed_a_moment_ago(tmp_path: Path) -> None:
    reads, path = Reads(), tmp_path / "a"
    path.write_text("one")
    assert [reads.kept(path), reads.kept(path)] == ["one", "one"]
    assert reads.count == 2


def test_a_link_that_leads_elsewhere_now_is_read(tmp_path: Path) -> None:
    reads, link = Reads(), tmp_path / "link"
    link.symlink_to(write(tmp_path / "a", "one"))
    assert reads.kept(link) == "one"
    link.unlink()
    link.symlink_to(write(tmp_path / "b", "two"))
    assert reads.kept(link) == "two"


def test_a_file_that_is_gone_is_an_error_and_one_that_comes_is_read(tmp_path: Path) -> None:
    reads, path = Reads(), write(tmp_path / "a", "one")
    assert reads.kept(path) == "one"
    path.unlink()
    with pytest.raises(FileNotFoundError):
        reads.kept(path)
    write(path, "two")
    assert reads.kept(path) == "two"
