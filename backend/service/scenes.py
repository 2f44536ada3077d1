"""The registered scenes: files of this computer, those that clients have sent among them."""

import logging
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from backend.errors import RequestInvalid, SceneInUse, SceneUnknown
from backend.io.roots import may_be_read
from backend.io.unchanged import state_of
from backend.scenes import AnyScene, open_any
from backend.service.errors import printable
from backend.service.schemas import SceneInfo, SceneRequest
from backend.service.table import JobTable, SceneRow

log = logging.getLogger(__name__)

_INFO: TypeAdapter[SceneInfo] = TypeAdapter(SceneInfo)


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

    @property
    def is_readable(self) -> bool:
        """Whether its files lie below the folders that may be read."""
        return all(map(may_be_read, (self.request.path, *self.info.files)))

    def open(self) -> AnyScene:
        """Return the scene itself, a context manager."""
        return self.opener.open()


class SceneRegistry:
    """Scenes by id, in the service's table, which other processes read and write as well.

    No file is kept open between requests, and none is opened before it is asked for.
    """

    def __init__(self, table: JobTable) -> None:
        """Go on with the scenes of the table; those of another version are forgotten."""
        self._table = table
        self._entries: dict[str, tuple[SceneRow, SceneEntry]] = {}
        self._lock = threading.Lock()
        for row in table.scenes():
            try:
                self._entry_of(row)
            except ValidationError as error:
                log.warning("Scene %s is of another version, and forgotten: %s", row.id, error)
                table.forget_scene(row.id)

    def register(self, request: SceneRequest) -> SceneInfo:
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
            same = [one.info.id for one in self._readable() if one.request == request]
            info = SceneInfo(id=same[0] if same else secrets.token_hex(5), **values)
            described = _INFO.dump_json(info).decode()
            row = SceneRow(info.id, request.model_dump_json(), described)
            self._table.put_scene(row)
            self._entries[info.id] = row, SceneEntry(request, info, opener)
        return info

    def get(self, identity: str) -> SceneEntry:
        """Return the scene of this id.

        Raises:
            SceneUnknown: there is none.
        """
        row = self._table.scene(identity)
        entry = self._entry_of(row) if row else None
        if entry is None or not entry.is_readable:
            raise SceneUnknown(
                f'No scene is registered as "{printable(identity)}".',
                "Register it again.",
            )
        return entry

    def all(self) -> list[SceneInfo]:
        """Return all scenes, in the order they were registered."""
        return [entry.info for entry in self._readable()]

    def forget(self, identity: str, used_by: str | None) -> None:
        """Forget a scene; its files stay.

        Raises:
            SceneInUse: the job `used_by` reads it.
            SceneUnknown: there is none of this id.
            DiskFull: the table of scenes cannot be written.
            OutputUnwritable: the table of scenes cannot be written.
        """
        entry = self.get(identity)
        if used_by:
            raise SceneInUse(
                f"The scene {entry.info.name} is being read by job {used_by}.",
                "Cancel the job, or wait for its end.",
            )
        with self._lock:
            self._table.forget_scene(identity)
            self._entries.pop(identity, None)

    def reads_in(self, folder: Path) -> bool:
        """Return whether a registered scene reads a file in `folder`."""
        files = [Path(file) for entry in self._readable() for file in entry.info.files]
        return any(folder in file.parents for file in files)

    def _readable(self) -> list[SceneEntry]:
        """Return the scenes of folders that may be read now."""
        entries = map(self._entry_of, self._table.scenes())
        return [entry for entry in entries if entry.is_readable]

    def _entry_of(self, row: SceneRow) -> SceneEntry:
        """Return a scene as it was registered; what is known of it is kept while its row stays.

        Raises:
            ValidationError: the row is of another version.
        """
        known, entry = self._entries.get(row.id, (None, None))
        if entry is None or known != row:
            request = SceneRequest.model_validate_json(row.request)
            entry = SceneEntry(request, _INFO.validate_json(row.info), SceneOpener(request))
            self._entries[row.id] = row, entry
        return entry
