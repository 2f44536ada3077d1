"""The SHA-256 of large files, computed once and remembered.

A hash is remembered in the user's folder under the file's path, size and time of change, so that
weights of several gigabytes are read once, and not again for every query.
"""

import hashlib
from contextlib import suppress
from pathlib import Path

from backend.errors import GlueLinkError
from backend.io.disk import write_file
from backend.resources import user_path


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal.

    Raises:
        OSError: the file cannot be read.
    """
    memory = _memory(path)
    with suppress(OSError, ValueError):  # never hashed, or the memory is damaged
        return bytes.fromhex(memory.read_text()).hex()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    _write(memory, digest)
    return digest


def remember_sha256(path: Path, digest: str) -> None:
    """Remember the hash of a file that has just been computed."""
    _write(_memory(path), digest)


def _memory(path: Path) -> Path:
    real = path.resolve()
    state = real.stat()
    key = f"{real}\n{state.st_size}\n{state.st_mtime_ns}"
    return user_path("hashes", hashlib.sha256(key.encode()).hexdigest())


def _write(memory: Path, digest: str) -> None:
    with suppress(GlueLinkError):  # a memory that cannot be written costs time, never an answer
        write_file(memory, digest.encode())
