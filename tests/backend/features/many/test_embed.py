"""One region, encoded in every way that there is: the stores are the same, bit for bit."""

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import rasterio

from tests.backend.features.many.conftest import EMBED, blocks, write_region
from tests.support import forked
from tests.support.forked import ForkedPython
from tests.support.killing import contents, finish
from tests.support.object_server import serve_objects
from tests.support.stores import comparable


@contextmanager
def started(folder: Path, *arguments: object) -> Iterator[ForkedPython]:
    """A process that ends with the block."""
    (folder / "err").touch()  # it is read before the process may have opened it
    process = ForkedPython(*arguments, out=folder / "out", err=folder / "err")
    try:
        yield process
    finally:
        process.kill()
        process.wait(60)


def until(holds: object, process: ForkedPython | None = None) -> None:
    """Wait until something holds, or a process has ended."""
    deadline = time.monotonic() + 120
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline
        if process is not None and process.poll() is not None:
            return
        time.sleep(0.01)


def receipts(store: Path) -> int:
    return len([*store.glob("*/receipts/c/*/*/0")])


def test_two_shards_in_two_processes_make_the_store_of_one(
    region: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    embed = (*EMBED, region, "--store", store, "--device", "cpu", "--shard")
    (tmp_path / "a").mkdir()
    with started(tmp_path / "a", *embed, "0/2") as other:
        finish(*embed, "1/2")
        assert other.wait(120) == 0
    assert f"{blocks(whole) // 2} blocks encoded" in (tmp_path / "a" / "out").read_text()
    assert comparable(contents(store)) == whole


def test_two_writers_of_the_same_blocks_do_each_other_no_harm(
    region: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    embed = (*EMBED, region, "--store", store, "--device", "cpu")
    (tmp_path / "a").mkdir()
    with started(tmp_path / "a", *embed) as other:
        finish(*embed)
        assert other.wait(120) == 0
    assert comparable(contents(store)) == whole


@pytest.mark.long("test_two_shards_in_two_processes_make_the_store_of_one and test_run.py")
def test_local_processes_make_the_store_of_one(
    region: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    embed = (*EMBED, region, "--store", store, "--device", "cpu", "--cluster", "local:2")
    assert f"{blocks(whole)} blocks encoded, 0 were there" in finish(*embed)
    assert comparable(contents(store)) == whole


@contextmanager
def dask_cluster(folder: Path) -> Iterator[tuple[str, list[ForkedPython]]]:
    """A scheduler and two workers that are not started again: its file, and the workers."""
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    file = folder / "scheduler.json"
    where = ("--scheduler-file", file, "--no-dashboard")
    with ExitStack() as stack:
        for name in ("scheduler", "0", "1"):
            (folder / name).mkdir()
        scheduler = ("-m", "distributed.cli.dask_scheduler", *where, "--host", "127.0.0.1")
        stack.enter_context(started(folder / "scheduler", *scheduler, "--port", "0"))
        until(file.exists)
        worker = ("-m", "distributed.cli.dask_worker", *where, "--no-nanny", "--nthreads", "1")
        workers = [
            stack.enter_context(started(folder / n, *worker, "--local-directory", folder / n))
            for n in ("0", "1")
        ]
        address = file.read_text().split('"address": "')[1].split('"')[0]
        for n in ("0", "1"):
            until(lambda n=n: "Registered to" in (folder / n / "err").read_text())  # type: ignore[misc]
        yield address, workers


def embed_while_one_is_killed(embed: tuple[object, ...], folder: Path, pid: int, at: int) -> None:
    """Run the command into folder/store, and kill a process once `at` blocks are there."""
    (folder / "run").mkdir()
    with started(folder / "run", *embed, folder / "store") as run:
        until(lambda: receipts(folder / "store") >= at, run)
        os.kill(pid, signal.SIGKILL)
        assert run.wait(120) == 0, (folder / "run" / "err").read_text()


def test_two_dask_workers_make_the_store_of_one_even_if_one_is_killed(
    region: Path, whole: dict[str, bytes], tmp_path: Path, kills: int
) -> None:
    for number in range(kills):
        folder = tmp_path / str(number)
        folder.mkdir()
        with dask_cluster(folder) as (address, workers):
            embed = (*EMBED, region, "--device", "cpu", "--cluster", address, "--store")
            if kills > 1 and number == 0:  # one run is enough for a short proof
                finish(*embed, folder / "both")
                assert comparable(contents(folder / "both")) == whole
            embed_while_one_is_killed(embed, folder, workers[0].pid, 1 + number % 5)
        assert comparable(contents(folder / "store")) == whole


def test_a_store_of_objects_is_that_of_a_folder_and_is_asked_alike(
    region: Path, whole: dict[str, bytes], head_file: Path, tmp_path: Path
) -> None:
    pytest.importorskip("obstore", reason="the extra `objects` is not installed")
    with pytest.MonkeyPatch.context() as patch, serve_objects(patch) as server:
        store = "s3://bucket/area"
        embed = (*EMBED, region, "--store", store, "--device", "cpu", "--shard")
        (tmp_path / "a").mkdir()
        with started(tmp_path / "a", *embed, "0/2") as other:
            finish(*embed, "1/2")
            assert other.wait(120) == 0
        assert comparable(server.below(store)) == whole
        # A reply that is cut short is asked for again, a damaged block encoded again.
        server.fault = lambda method, key, before: (
            "cut" if method == "GET" and "/c/" in key and not before else ""
        )
        server.asked.clear()
        broken = next(key for key in server.objects if "/features/c/" in key)
        server.objects[broken] = server.objects[broken][:-1]
        assert f"1 blocks encoded, {blocks(whole) - 1} were there" in finish(*embed[:-1])
        assert comparable(server.below(store)) == whole
        query = ("-m", "backend.query", region, "open water", "--head", head_file)
        done = forked.run(*query, "--store", store, "-o", tmp_path / "map.tif")
        assert f"Store: {blocks(whole)} blocks found, 0 encoded" in done.stdout, done.stderr


def test_a_block_that_cannot_be_read_is_named_and_all_others_are_done(tmp_path: Path) -> None:
    scene = write_region(
        tmp_path / "S1A_IW_GRDH_20240501.tif",
        **{"compress": "deflate", "tiled": True, "blockxsize": 32, "blockysize": 32},
    )
    with rasterio.open(scene) as file:  # of a tile that is not looked at when it is opened
        offset = int(file.get_tag_item("BLOCK_OFFSET_1_12", "TIFF", bidx=1))
    data = bytearray(scene.read_bytes())
    data[offset : offset + 20] = b"\xff" * 20
    scene.write_bytes(data)
    store = tmp_path / "store"
    for more in ((), ("--cluster", "local:2")):
        before = receipts(store)
        done = forked.run(*EMBED, scene, "--store", store, "--device", "cpu", *more)
        assert done.returncode == 2, done.stdout
        # The tile lies in one block, and maybe in what the next one reads around itself.
        failed = re.findall(r"row (\d), column (\d) of S1A\S+ \(S1A\S+ is cut short", done.stderr)
        assert failed[0] == ("1", "0") and set(failed) <= {("1", "0"), ("1", "1")}, done.stderr
        assert f"Error: {len(failed)} blocks could not be encoded: row 1, column 0" in done.stderr
        assert "All others are in the store. Mend what they name, and run it again." in done.stderr
        (columns,) = (len([*row.iterdir()]) for row in store.glob("*/receipts/c/0"))
        assert receipts(store) == 2 * columns - len(failed)
        assert f"{receipts(store) - before} blocks encoded, {before} were there" in done.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--shard", "2/2"), 'The shard is "2/2". Expected i/n'),
        (("--cluster", "locally"), 'The cluster is "locally". Expected local, local:4'),
        (("--cluster", "tcp://127.0.0.1:9"), "No Dask scheduler answers at tcp://127.0.0.1:9."),
    ],
)
def test_wrong_options_are_one_sentence(
    region: Path, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    if "tcp" in words:
        pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    done = forked.run(*EMBED, region, "--store", tmp_path / "store", *options)
    assert done.returncode == 2 and words in done.stderr
