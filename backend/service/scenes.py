"""The registered scenes: local files that a client named, and files that it uploaded."""

import logging
import secrets
import shutil
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import anyio
from anyio import to_thread
from pydantic import TypeAdapter, ValidationError

from backend.errors import DiskFull, RequestInvalid, SceneInUse, SceneUnknown, TooLarge
from backend.io.disk import require_room, writing
from backend.io.roots import may_be_read
from backend.scenes import AnyScene, open_any
from backend.scenes.files import state_of
from backend.service.errors import printable
from backend.service.schemas import SceneInfo, SceneRequest, UploadOptions
from backend.service.table import JobTable, SceneRow

log = logging.getLogger(__name__)

_INFO: TypeAdapter[SceneInfo] = TypeAdapter(SceneInfo)

SUFFIXES = (".tif", ".tiff")

NO_ROOM = "Make room on the backend's computer, or register the scene by its path."

DRAIN_BYTES = 64 * 1024**2
"""How much of a refused upload is still read, so that the client gets the reply."""


class SceneOpener:
    """Opens one scene, again and again.

    What opening found out is kept for as long as all files behind it, and the folders that they lie
    in, stay as they are; no file is kept open. A folder that was registered is looked at anew.
    """

    def __init__(self, request: SceneRequest) -> None:
        self._request = request
        self._kept: tuple[AnyScene, str] | None = None

    def open(self) -> AnyScene:
        """Return the scene, a context manager; raises what `open_any` does."""
        if self._kept:
            scene, state = self._kept
            if self._state(scene) == state:
                return scene.reopen()
        scene = open_any(self._request.path, self._request)
        seen = self._state(scene)
        self._kept = (scene, seen) if seen else None
        return scene

    def _state(self, scene: AnyScene) -> str | None:
        """Return what changes when the scene might; None where nothing tells that."""
        files = scene.files
        given = (self._request.path, *self._request.paths)
        if files is None or any(Path(path).is_dir() for path in given):
            return None
        if state_of(files) != scene.state:
            return None
        return state_of([*files, *sorted({file.parent for file in files})])


@dataclass(frozen=True)
class SceneEntry:
    """A registered scene."""

    request: SceneRequest
    info: SceneInfo
    opener: SceneOpener
    upload: Path | None = None
    """The folder of an uploaded file, which is deleted when the scene is forgotten."""

    def open(self) -> AnyScene:
        """Return the scene itself, a context manager."""
        return self.opener.open()


class SceneRegistry:
    """Scenes by id, kept in the service's table. No file is kept open between requests."""

    def __init__(self, uploads: Path, table: JobTable) -> None:
        """Go on with the scenes of the table; none is opened before it is asked for.

        Those that do not lie below the folders that may be read now are left out.
        """
        self._uploads, self._table = uploads, table
        self._entries: dict[str, SceneEntry] = {}
        self._lock = threading.Lock()
        for row in table.scenes():
            try:
                entry = _entry_of(row)
                if all(map(may_be_read, (entry.request.path, *entry.info.files))):
                    self._entries[row.id] = entry
            except ValidationError as error:
                log.warning("Scene %s is of another version, and forgotten: %s", row.id, error)
                table.forget_scene(row.id)

    def register(self, request: SceneRequest, upload: Path | None = None) -> SceneInfo:
        """Read the scene's header and keep it. The same request again keeps its id.

        Raises:
            RequestInvalid: a path is relative.
            DiskFull: the scene cannot be kept.
            OutputUnwritable: the scene cannot be kept.
        """
        for path in (request.path, *request.paths):
            if not Path(path).is_absolute():
                raise RequestInvalid(
                    f'The path "{printable(path)}" is relative.',
                    "Send the whole path, as the backend's computer knows it.",
                )
        opener = SceneOpener(request)
        with opener.open() as scene:
            values = {**vars(scene.info), "modality": scene.modality}
        values["name"] = request.name or scene.info.name
        with self._lock:
            same = [key for key, entry in self._entries.items() if entry.request == request]
            identity = same[0] if same else secrets.token_hex(5)
            info = SceneInfo(id=identity, **values)
            self._table.put_scene(
                SceneRow(
                    identity,
                    request.model_dump_json(),
                    _INFO.dump_json(info).decode(),
                    str(upload) if upload else None,
                )
            )
            self._entries[identity] = SceneEntry(request, info, opener, upload)
        return info

    def get(self, identity: str) -> SceneEntry:
        """Return the scene of this id.

        Raises:
            SceneUnknown: there is none.
        """
        with self._lock:
            entry = self._entries.get(identity)
        if entry is None:
            raise SceneUnknown(
                f'No scene is registered as "{printable(identity)}".',
                "Register it again.",
            )
        return entry

    def all(self) -> list[SceneInfo]:
        """Return all scenes, in the order they were registered."""
        with self._lock:
            return [entry.info for entry in self._entries.values()]

    def forget(self, identity: str, used_by: str | None) -> None:
        """Forget a scene and delete its upload.

        Raises:
            SceneInUse: the job `used_by` reads it.
            SceneUnknown: there is none of this id.
        """
        entry = self.get(identity)
        if used_by:
            raise SceneInUse(
                f"The scene {entry.info.name} is being read by job {used_by}.",
                "Cancel the job, or wait for its end.",
            )
        with self._lock:
            self._entries.pop(identity, None)
            self._table.forget_scene(identity)
        if entry.upload:
            shutil.rmtree(entry.upload, ignore_errors=True)

    async def receive(
        self, options: UploadOptions, body: AsyncIterator[bytes], announced: int, limit: int
    ) -> SceneInfo:
        """Write an upload's `body`, a file or the two files of a pair, to disk and register it.

        `announced` is its Content-Length, 0 when unknown; `limit` the most bytes allowed.

        Raises:
            DiskFull: it does not fit on the disk.
            RequestInvalid: a name is not that of a GeoTIFF, or there is no second file.
            TooLarge: it is larger than `limit`.
        """
        names = _file_names(options)
        folder = self._uploads / secrets.token_hex(8)
        folder.mkdir(parents=True)
        try:
            if announced > limit:
                raise _too_large(announced, limit)
            require_room(folder, announced, "The upload", NO_ROOM)
            paths = [folder / name for name in names]
            await _save(body, paths, options.first_bytes or limit, limit)
            stated = options.model_dump(exclude={"name", "second", "first_bytes"})
            request = SceneRequest(path=str(paths[0]), **stated)
            return await to_thread.run_sync(self.register, request, folder)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, TooLarge | DiskFull):
                await _drain(body)
            raise


def _entry_of(row: SceneRow) -> SceneEntry:
    """Return a scene as it was registered."""
    request = SceneRequest.model_validate_json(row.request)
    upload = Path(row.upload) if row.upload else None
    return SceneEntry(request, _INFO.validate_json(row.info), SceneOpener(request), upload)


def _file_names(options: UploadOptions) -> list[str]:
    """Return the names of the one or two files; RequestInvalid when they do not fit together."""
    names = [_file_name(name) for name in (options.name, options.second) if name is not None]
    distinct = len({name.lower() for name in names}) == len(names)
    if not distinct or (options.second is None) != (options.first_bytes is None):
        raise RequestInvalid(
            "An upload of two files needs two names, and how many bytes are the first one's.",
            "Send ?name=a_VV.tif&second=a_VH.tif&first_bytes=123456.",
        )
    return names


def _file_name(name: str) -> str:
    """Return `name`, the plain name of a GeoTIFF; RequestInvalid when it could leave its folder."""
    plain = name == Path(name).name and not set(name) & set('/\\:*?"<>|') and name.isprintable()
    if not plain or len(name.encode()) > 200 or not name.lower().endswith(SUFFIXES):
        raise RequestInvalid(
            f'The upload\'s name is "{printable(name)}"; a plain file name that ends in .tif or '
            ".tiff was expected.",
            "Send ?name=scene.tif.",
        )
    return name


async def _save(
    body: AsyncIterator[bytes], paths: Sequence[Path], first_bytes: int, limit: int
) -> None:
    """Write chunk by chunk; nothing is held in memory. Bytes after `first_bytes` are the second's.

    Raises:
        RequestInvalid: there are none of the second file.
        TooLarge: there are more than `limit`.
    """
    size = 0
    with writing(paths[0], NO_ROOM):
        async with AsyncExitStack() as files:
            opened = [
                await files.enter_async_context(await anyio.open_file(path, "wb")) for path in paths
            ]
            async for chunk in body:
                of_first = max(0, first_bytes - size)
                size += len(chunk)
                if size > limit:
                    raise _too_large(size, limit)
                parts = chunk[:of_first], chunk[of_first:]
                for file, part in zip(opened, parts, strict=False):
                    await file.write(part)
    if len(paths) > 1 and size <= first_bytes:
        raise RequestInvalid(
            f"The upload has {size:,} bytes, and {first_bytes:,} are the first file's.",
            "Send the bytes of both files, one after the other.",
        )


async def _drain(body: AsyncIterator[bytes]) -> None:
    """Read on: a reply is lost when the connection closes on a client that is still sending."""
    read = 0
    async for chunk in body:
        read += len(chunk)
        if read > DRAIN_BYTES:
            return


def _too_large(size: int, limit: int) -> TooLarge:
    return TooLarge(
        f"The upload has {size:,} bytes or more; at most {limit:,} are allowed.",
        "Cut the scene to the area of interest, or register it by its path.",
    )
