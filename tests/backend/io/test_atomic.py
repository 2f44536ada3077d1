"""Files and folders appear whole or not at all, and nothing else is left."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from backend.io.atomic import atomic, scratch, stored_together


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_at_the_end_and_replaces_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before")
    with atomic(path) as partial:
        partial.write_text("after")
        assert path.read_text() == "before"
    assert path.read_text() == "after"
    assert names(tmp_path) == ["a.txt"]


def test_a_file_can_be_read_by_whoever_may_read_others_of_the_user(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    with atomic(tmp_path / "a") as partial:
        partial.write_text("")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_folder_appears_with_all_that_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with atomic(path) as partial:
        (partial / "b").mkdir(parents=True)
        (partial / "b" / "c").write_text("c")
        assert not path.exists()
    assert (path / "b" / "c").read_text() == "c"
    assert names(tmp_path) == ["a"]


def test_files_that_are_stored_together_are_so_once_each_and_by_their_last_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored: list[str] = []
    named = lambda handle: Path(os.readlink(f"/proc/self/fd/{handle}")).name  # noqa: E731
    monkeypatch.setattr(os, "fsync", lambda handle: stored.append(named(handle)))
    with stored_together():
        for name in "ab":
            with atomic(tmp_path / name) as partial:
                partial.write_text(name)
        assert names(tmp_path) == ["a", "b"]
        assert not stored
    assert stored == ["a", "b", tmp_path.name]
    with atomic(tmp_path / "c") as partial:
        partial.write_text("c")
    assert len(stored) == 5


@pytest.mark.parametrize("folder", [False, True])
def test_nothing_is_left_of_what_fails(tmp_path: Path, folder: bool) -> None:
    path = tmp_path / "a"
    if not folder:
        path.write_text("before")
    with pytest.raises(KeyboardInterrupt), atomic(path) as partial:
        if folder:
            partial.mkdir()
            (partial / "b").write_text("half")
        else:
            partial.write_text("half")
        raise KeyboardInterrupt
    assert names(tmp_path) == ([] if folder else ["a"])
    assert folder or path.read_text() == "before"


def test_a_folder_does_not_replace_another(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "kept").write_text("")
    with pytest.raises(OSError, match="not empty"), atomic(tmp_path / "a") as partial:
        partial.mkdir()
    assert names(tmp_path) == ["a"] and names(tmp_path / "a") == ["kept"]


def test_threads_do_not_write_into_one_another(tmp_path: Path) -> None:
    met = threading.Barrier(8)

    def write(number: int) -> None:
        with atomic(tmp_path / "a") as partial:
            partial.write_text(f"{number}" * 1000)
            met.wait(10)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = (tmp_path / "a").read_text()
    assert len(text) == 1000 and len(set(text)) == 1
    assert names(tmp_path) == ["a"]


WRITE = """
import sys, time
from pathlib import Path
from backend.io.atomic import atomic
with atomic(Path(sys.argv[1])) as partial:
    (partial / "b").mkdir(parents=True)
    (partial / "b" / "c").write_text("half")
    print("half", flush=True)
    time.sleep(60)
"""


def test_what_a_killed_process_left_is_removed_and_what_a_live_one_writes_is_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a"
    with subprocess.Popen([sys.executable, "-c", WRITE, path], stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"half\n"
        with pytest.raises(KeyboardInterrupt), atomic(path):
            raise KeyboardInterrupt
        assert len(names(tmp_path)) == 1  # what the other process writes
        process.send_signal(signal.SIGKILL)
        process.wait()
    with scratch(tmp_path / "another"):
        assert len(names(tmp_path)) == 1  # it is another name's
    with atomic(path) as partial:
        partial.write_text("whole")
    assert names(tmp_path) == ["a"]


def test_what_an_earlier_process_of_the_same_number_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / f".a.{os.getpid()}-999999.partial").write_text("half")
    with atomic(tmp_path / "a") as partial:
        partial.write_text("whole")
    assert names(tmp_path) == ["a"]


def test_names_that_only_look_alike_are_left_alone(tmp_path: Path) -> None:
    nobody = 2**22 + 1  # more than Linux counts to
    alike = [".a.b.partial", f".axb.{nobody}-1.partial", f"a.b.{nobody}-1.partial"]
    for name in [*alike, f".a.b.{nobody}-1.partial"]:
        (tmp_path / name).write_text("")
    with atomic(tmp_path / "a.b") as partial:
        partial.write_text("")
    assert names(tmp_path) == sorted(["a.b", *alike])


def test_what_was_kept_beside_an_earlier_raster_goes_with_it(tmp_path: Path) -> None:
    path = tmp_path / "map.tif"
    for name in ("map.tif", "map.tif.aux.xml", "map.tif.ovr", "other.tif.aux.xml", "map.txt"):
        (tmp_path / name).write_text("before")
    with atomic(path) as partial:
        partial.write_text("after")
    assert names(tmp_path) == ["map.tif", "map.txt", "other.tif.aux.xml"]
    with atomic(tmp_path / "map.txt") as partial:
        partial.write_text("after")
    assert "other.tif.aux.xml" in names(tmp_path)


def test_a_folder_of_many_files_is_seldom_read_and_still_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = f".a.{2**22 + 1}-1.partial"  # more than Linux counts to
    for name in (*map(str, range(1200)), dead):
        (tmp_path / name).touch()
    listed, read = list[str](), os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: listed.append(str(path)) or read(path))
    for number in range(40):
        with atomic(tmp_path / f"{number}.new") as partial:
            partial.write_text("whole")
    assert 2 <= len(listed) <= 8
    assert len(names(tmp_path)) == 1240 and dead not in names(tmp_path)
