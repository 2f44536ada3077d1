"""Files that clients send to this computer: cut at any moment, they go on where they were.

`tus.py` speaks the protocol. On the disk an upload is its bytes and a description beside them, so
it outlives the process:

ID.json             what is known of it, and how many of its bytes count
FOLDER/.ID.part     the bytes that have come
FOLDER/NAME         the file, once it is whole
"""

import hashlib
import json
import logging
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import anyio
from anyio import AsyncFile, CancelScope, Lock, to_thread

from backend.errors import (
    Busy,
    ChecksumMismatch,
    RequestInvalid,
    SceneInUse,
    TooLarge,
    UploadConflict,
    UploadUnknown,
)
from backend.io.atomic import publish
from backend.io.disk import require_room, write_file, writing
from backend.service.errors import printable
from backend.service.schemas import UploadInfo
from backend.service.settings import Settings

log = logging.getLogger(__name__)

SUFFIXES = (".tif", ".tiff")

REST_S = 3600.0
"""An upload that was touched so recently is kept, however many others want its place."""

KEPT_BYTES = 64 * 1024**2
"""After so many bytes without a checksum those that have come count, whatever happens next."""

TAKEN_OVER = "Another request goes on with this upload."

NO_ROOM = "Make room on the backend's computer, or register the scene by its path."


@dataclass
class Upload:
    """One file that is being sent, or was. The fields are what its description holds."""

    id: str
    folder: str
    """The folder of the file; the files of a pair share one."""
    name: str
    length: int
    received: int = 0
    """Bytes that count; more may lie on the disk."""
    changed: float = 0.0
    """Seconds since 1970."""

    def __post_init__(self) -> None:
        self._lock = Lock()
        self._writer: CancelScope | None = None
        self._newest: object = None
        """The request that came last, which is the one that goes on."""

    def is_whole(self) -> bool:
        """Return whether all bytes have come."""
        return self.received == self.length

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Hold the upload, after ending whoever still writes to it.

        A client that comes back after a cut is there before the old connection is known to be dead.

        Raises:
            UploadConflict: another request took the upload over.
        """
        self._newest = mine = object()
        if self._writer:
            self._writer.cancel()
        async with self._lock:
            if self._newest is not mine:
                raise UploadConflict(TAKEN_OVER)
            with CancelScope() as scope:
                self._writer = scope
                try:
                    yield
                finally:
                    self._writer = None
        if scope.cancelled_caught:
            raise UploadConflict(TAKEN_OVER)


class Uploads:
    """All uploads, bounded in number, size and age. For one event loop."""

    def __init__(self, folder: Path, settings: Settings, is_read: Callable[[Path], bool]) -> None:
        """Take up what an earlier service left in `folder`.

        `is_read` says whether a registered scene reads a file of this folder.
        """
        self._folder, self._settings, self._is_read = folder, settings, is_read
        self._uploads: dict[str, Upload] = {}
        with writing(folder, NO_ROOM):
            folder.mkdir(parents=True, exist_ok=True)
        for description in folder.glob("*.json"):
            self._take_up(description)
        self._remove_old(0)

    def all(self) -> list[UploadInfo]:
        """Return all uploads, the last changed first."""
        uploads = sorted([*self._uploads.values()], key=lambda upload: -upload.changed)
        return [self._info(upload) for upload in uploads]

    def get(self, identity: str) -> UploadInfo:
        """Return an upload as it stands.

        Raises:
            UploadUnknown: there is none of this id.
        """
        return self._info(self._upload(identity))

    async def hold(self, identity: str) -> UploadInfo:
        """Return an upload to which nobody writes any more, so that it can be gone on with.

        Raises:
            UploadUnknown: there is none of this id.
        """
        upload = self._upload(identity)
        async with upload.alone():
            return self._info(upload)

    async def create(self, name: str, length: int, beside: str | None) -> UploadInfo:
        """Begin an upload; with `beside` its file will lie in the folder of that upload.

        Raises:
            Busy: there are too many, or too many bytes.
            DiskFull: it does not fit on the disk.
            RequestInvalid: the name is not one of a GeoTIFF, or is taken in that folder.
            TooLarge: it is larger than an upload may be.
            UploadUnknown: there is no upload `beside`.
        """
        require_file_name(name)
        if not 0 < length <= self._settings.max_upload_bytes:
            raise TooLarge(
                f"The upload has {length:,} bytes; 1 to {self._settings.max_upload_bytes:,} are "
                "allowed.",
                "Cut the scene to the area of interest, or register it by its path.",
            )
        identity = secrets.token_hex(8)
        folder = self._upload(beside).folder if beside else identity
        taken = [each.name.lower() for each in self._uploads.values() if each.folder == folder]
        if name.lower() in taken:
            raise RequestInvalid(
                f'"{printable(name)}" was sent already, to lie in the same folder.',
                "Send each file of a pair once.",
            )
        self._remove_old(length)
        self._require_place(length)
        require_room(self._folder, length, "The upload", NO_ROOM)
        upload = self._uploads[identity] = Upload(identity, folder, name, length)
        with writing(self._folder, NO_ROOM):
            (self._folder / folder).mkdir(exist_ok=True)
            self._part(upload).touch()
        await self._keep(upload, 0)
        log.info("Upload %s: %s, %d bytes", identity, name, length)
        return self._info(upload)

    async def receive(
        self,
        identity: str,
        offset: int,
        body: AsyncIterator[bytes],
        checksum: tuple[str, bytes] | None,
    ) -> UploadInfo:
        """Add the bytes of `body` at `offset`, which is where the upload stands.

        What has come when the body breaks off counts; with a `checksum`, an algorithm and its
        digest, all of the body counts or nothing.

        Raises:
            ChecksumMismatch: the body is not what was sent.
            DiskFull: it does not fit on the disk.
            TooLarge: it has more bytes than the upload is to have.
            UploadConflict: the upload stands elsewhere, or another request took it over.
            UploadUnknown: there is none of this id.
        """
        upload = self._upload(identity)
        async with upload.alone():
            if offset != upload.received or upload.is_whole():
                raise UploadConflict(
                    f"The upload has {upload.received:,} of {upload.length:,} bytes; what was sent "
                    f"begins at {offset:,}.",
                    "Ask where it stands, and go on there.",
                )
            with writing(self._part(upload), NO_ROOM):
                async with await anyio.open_file(self._part(upload), "r+b") as file:
                    await file.truncate(offset)  # what came after it does not count
                    await file.seek(offset)
                    await self._append(upload, file, body, checksum)
                if upload.is_whole():
                    await to_thread.run_sync(publish, self._part(upload), self._path(upload))
                    log.info("Upload %s is whole", upload.id)
        return self._info(upload)

    async def _append(
        self,
        upload: Upload,
        file: AsyncFile[bytes],
        body: AsyncIterator[bytes],
        checksum: tuple[str, bytes] | None,
    ) -> None:
        """Write the body chunk by chunk, so that nothing is held in memory."""
        digest = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None
        received, counted = upload.received, upload.received
        try:
            async for chunk in body:
                if received + len(chunk) > upload.length:
                    raise TooLarge(
                        f"The upload is to have {upload.length:,} bytes, and more were sent.",
                        "Begin it anew with its size.",
                    )
                await file.write(chunk)
                received += len(chunk)
                if digest:
                    digest.update(chunk)
                else:
                    counted = received
                    if counted - upload.received >= KEPT_BYTES:
                        await self._store(upload, file, counted)
            if digest and checksum:
                if digest.digest() != checksum[1]:
                    raise ChecksumMismatch(
                        f"What came has another {checksum[0]} than what was sent.", "Send it again."
                    )
                counted = received
        finally:
            with CancelScope(shield=True):
                await self._store(upload, file, counted)

    async def forget(self, identity: str) -> None:
        """Delete an upload.

        Raises:
            SceneInUse: a registered scene reads its file.
            UploadUnknown: there is none of this id.
        """
        upload = self._upload(identity)
        if self._is_read(self._folder / upload.folder):
            raise SceneInUse(
                f"{upload.name} is the file of a registered scene.", "Forget the scene first."
            )
        async with upload.alone():
            self._remove(upload)

    async def _store(self, upload: Upload, file: AsyncFile[bytes], received: int) -> None:
        """Make bytes count once they are on the disk."""
        if received > upload.received:
            await file.flush()
            await to_thread.run_sync(os.fsync, file.wrapped.fileno())
        await self._keep(upload, received)

    async def _keep(self, upload: Upload, received: int) -> None:
        """Write the description anew."""
        upload.received, upload.changed = received, time.time()
        text = json.dumps(asdict(upload)).encode()
        await to_thread.run_sync(write_file, self._description(upload), text)

    def _take_up(self, description: Path) -> None:
        """Add an upload of an earlier service; one that is damaged is removed."""
        try:
            upload = Upload(**json.loads(description.read_bytes()))
            if self._path(upload).is_file():
                upload.received = upload.length
            else:
                upload.received = min(upload.received, self._part(upload).stat().st_size)
        except (OSError, TypeError, ValueError) as error:
            log.warning("An upload is lost, %s: %s", description.name, error)
            description.unlink(missing_ok=True)
        else:
            self._uploads[upload.id] = upload

    def _remove_old(self, needed: int) -> None:
        """Remove what nobody has touched for long and no scene reads.

        Where `needed` has no place others go as well, the first ones first: those without a scene
        after an hour, those with one, which may be left over, after the same long time.
        """
        now, long = time.time(), self._settings.upload_days * 86400
        for upload in sorted(self._uploads.values(), key=lambda upload: upload.changed):
            age, is_read = now - upload.changed, self._is_read(self._folder / upload.folder)
            unused = age > long and not is_read
            if unused or (self._crowded(needed) and age > (long if is_read else REST_S)):
                self._remove(upload)
                log.info("Upload %s was not used and is removed", upload.id)

    def _crowded(self, needed: int) -> bool:
        total = sum(upload.length for upload in self._uploads.values()) + needed
        too_many = len(self._uploads) >= self._settings.max_uploads
        return too_many or total > self._settings.uploads_bytes

    def _require_place(self, length: int) -> None:
        """Raise Busy where an upload of this length would be too many, or too much."""
        if self._crowded(length):
            total = sum(upload.length for upload in self._uploads.values())
            raise Busy(
                f"{len(self._uploads)} uploads have {total:,} bytes already; {length:,} more do "
                "not fit.",
                "Forget scenes and uploads that are not needed any more.",
            )

    def _remove(self, upload: Upload) -> None:
        """Delete what there is of an upload, its description last."""
        self._uploads.pop(upload.id, None)
        with suppress(OSError):
            self._part(upload).unlink(missing_ok=True)
            self._path(upload).unlink(missing_ok=True)
            self._description(upload).unlink(missing_ok=True)
            self._path(upload).parent.rmdir()  # unless the other file of a pair is in it

    def _upload(self, identity: str) -> Upload:
        if identity not in self._uploads:
            raise UploadUnknown(
                f'There is no upload "{printable(identity)}".',
                "Begin it anew; uploads that nobody goes on with are removed.",
            )
        return self._uploads[identity]

    def _info(self, upload: Upload) -> UploadInfo:
        ends = upload.changed + self._settings.upload_days * 86400
        return UploadInfo(
            id=upload.id,
            name=upload.name,
            bytes=upload.length,
            received=upload.received,
            path=str(self._path(upload)) if upload.is_whole() else None,
            expires=datetime.fromtimestamp(ends, UTC),
        )

    def _description(self, upload: Upload) -> Path:
        return self._folder / f"{upload.id}.json"

    def _part(self, upload: Upload) -> Path:
        return self._folder / upload.folder / f".{upload.id}.part"

    def _path(self, upload: Upload) -> Path:
        return self._folder / upload.folder / upload.name


def require_file_name(name: str) -> None:
    """Raise RequestInvalid unless `name` is that of a GeoTIFF which cannot leave its folder."""
    plain = name == Path(name).name and not set(name) & set('/\\:*?"<>|') and name.isprintable()
    if not plain or len(name.encode()) > 200 or not name.lower().endswith(SUFFIXES):
        raise RequestInvalid(
            f'The upload\'s name is "{printable(name)}"; a plain file name that ends in .tif or '
            ".tiff was expected.",
            "Send the name of a GeoTIFF.",
        )
