"""Uploads outlive the service that took them, and are bounded in number, size and age."""

import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import anyio
import pytest

from backend.errors import Busy, ChecksumMismatch, SceneInUse, UploadConflict, UploadUnknown
from backend.service import uploads as module
from backend.service.schemas import UploadInfo
from backend.service.settings import Settings
from backend.service.uploads import Upload, Uploads

BYTES = bytes(range(256)) * 40
Open = Callable[..., Uploads]


@pytest.fixture
def open_uploads(tmp_path: Path) -> Open:
    def open_anew(read: list[Path] | None = None, **limits: float) -> Uploads:
        settings = Settings(token="t", **limits)  # type: ignore[arg-type]
        return Uploads(tmp_path / "uploads", settings, lambda folder: folder in (read or []))

    return open_anew


async def body(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def begin(uploads: Uploads, name: str = "lake.tif", size: int = len(BYTES)) -> UploadInfo:
    return anyio.run(uploads.create, name, size, None)


def send(uploads: Uploads, upload: str, offset: int, *parts: bytes) -> UploadInfo:
    return anyio.run(uploads.receive, upload, offset, body(*parts), None)


def test_the_next_service_goes_on_where_the_last_one_was(open_uploads: Open) -> None:
    first = begin(open_uploads()).id
    uploads = open_uploads()
    send(uploads, first, 0, BYTES[:5000])
    uploads = open_uploads()
    assert uploads.get(first).received == 5000
    info = send(uploads, first, 5000, BYTES[5000:])
    assert info.path and Path(info.path).read_bytes() == BYTES
    again = open_uploads().get(first)
    assert (again.path, again.received) == (info.path, len(BYTES))


def test_bytes_that_nothing_vouches_for_do_not_count_after_a_kill(
    open_uploads: Open, tmp_path: Path
) -> None:
    upload = begin(open_uploads()).id
    send(open_uploads(), upload, 0, BYTES[:1000])
    (part,) = tmp_path.rglob(".*.part")
    part.write_bytes(part.read_bytes() + b"x" * 300)  # of a piece that was not whole
    uploads = open_uploads()
    assert uploads.get(upload).received == 1000
    info = send(uploads, upload, 1000, BYTES[1000:])
    assert info.path and Path(info.path).read_bytes() == BYTES


def test_a_file_that_had_its_name_when_the_service_was_killed_is_whole(
    open_uploads: Open, tmp_path: Path
) -> None:
    uploads = open_uploads()
    upload = begin(uploads).id
    description = tmp_path / "uploads" / f"{upload}.json"
    before = description.read_bytes()
    send(uploads, upload, 0, BYTES)
    description.write_bytes(before)
    assert open_uploads().get(upload).path


def test_long_bodies_count_now_and_then(
    open_uploads: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_BYTES", 1000)
    uploads = open_uploads()
    upload = begin(uploads).id
    seen = []

    async def watched() -> AsyncIterator[bytes]:
        for start in range(0, len(BYTES), 600):
            seen.append(open_uploads().get(upload).received)
            yield BYTES[start : start + 600]

    anyio.run(uploads.receive, upload, 0, watched(), None)
    assert seen[:5] == [0, 0, 1200, 1200, 2400]


def test_a_piece_with_a_checksum_counts_as_a_whole(open_uploads: Open) -> None:
    uploads = open_uploads()
    upload = begin(uploads).id
    with pytest.raises(ChecksumMismatch):
        anyio.run(uploads.receive, upload, 0, body(b"a", b"b"), ("sha256", b"x"))
    assert open_uploads().get(upload).received == 0


def test_a_damaged_description_is_passed_over(open_uploads: Open, tmp_path: Path) -> None:
    good, bad = begin(open_uploads()).id, begin(open_uploads()).id
    (tmp_path / "uploads" / f"{bad}.json").write_text("{")
    assert [info.id for info in open_uploads().all()] == [good]
    with pytest.raises(UploadUnknown):
        open_uploads().get(bad)


def age(uploads: Uploads, folder: Path, upload: str, seconds: float) -> None:
    description = folder / "uploads" / f"{upload}.json"
    values = json.loads(description.read_text())
    description.write_text(json.dumps({**values, "changed": time.time() - seconds}))


def test_what_nobody_goes_on_with_is_removed_and_what_a_scene_reads_stays(
    open_uploads: Open, tmp_path: Path
) -> None:
    uploads = open_uploads()
    old, read, new = (begin(uploads).id for _ in range(3))
    for upload in (old, read):
        age(uploads, tmp_path, upload, 4 * 86400)
    kept = open_uploads(read=[tmp_path / "uploads" / read]).all()
    assert {info.id for info in kept} == {read, new}
    assert not list(tmp_path.rglob(f"{old}*"))


@pytest.mark.parametrize("limits", [{"max_uploads": 2}, {"uploads_bytes": 2 * len(BYTES)}])
def test_earlier_ones_make_room_but_none_that_was_touched_within_the_hour(
    open_uploads: Open, tmp_path: Path, limits: dict[str, int]
) -> None:
    uploads = open_uploads(**limits)
    first, second = begin(uploads).id, begin(uploads).id
    with pytest.raises(Busy, match="2 uploads have 20,480 bytes already"):
        begin(uploads)
    age(uploads, tmp_path, first, 4000)
    uploads = open_uploads(**limits)
    third = begin(uploads).id
    assert {info.id for info in uploads.all()} == {second, third}


def test_the_file_of_a_scene_is_not_deleted(open_uploads: Open, tmp_path: Path) -> None:
    read: list[Path] = []
    uploads = open_uploads(read=read)
    upload = begin(uploads).id
    read.append(tmp_path / "uploads" / upload)
    uploads = open_uploads(read=read)
    with pytest.raises(SceneInUse):
        anyio.run(uploads.forget, upload)
    read.clear()
    anyio.run(uploads.forget, upload)
    assert not list((tmp_path / "uploads").iterdir())


def test_of_all_that_wait_the_request_that_came_last_goes_on() -> None:
    upload, ended = Upload("a", "a", "lake.tif", 9), []

    async def silent(name: str) -> None:
        try:
            async with upload.alone():
                await anyio.sleep_forever()
        except UploadConflict:
            ended.append(name)

    async def come_one_by_one() -> None:
        async with anyio.create_task_group() as requests:
            for name in ("first", "second", "third"):
                requests.start_soon(silent, name)
            await anyio.lowlevel.checkpoint()  # the first holds it, and two wait
            with anyio.fail_after(10):
                async with upload.alone():
                    ended.append("last")

    anyio.run(come_one_by_one)
    assert sorted(ended[:3]) == ["first", "second", "third"] and ended[3] == "last"
