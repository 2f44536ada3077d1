"""The SHA-256 of large files, computed once and remembered.

A hash is remembered in the user's folder under the file's path, size and time of change, so that
weights of several gigabytes are read through once, and never again for every query.
"""

import hashlib
import os
from pathlib import Path

from backend.resources import user_path


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal. OSError when it cannot be read."""
    memory = _memory(path)
    try:
        return bytes.fromhex(memory.read_text()).hex()
    except (OSError, ValueError):  # never hashed, or the memory is damaged
        pass
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    _write(memory, digest)
    return digest


def remember_sha256(path: Path, digest: str) -> None:
    """Take the hash of a file from who has just computed it."""
    _write(_memory(path), digest)


def _memory(path: Path) -> Path:
    real = path.resolve()
    state = real.stat()
    key = f"{real}\n{state.st_size}\n{state.st_mtime_ns}"
    return user_path("hashes", hashlib.sha256(key.encode()).hexdigest())


def _write(memory: Path, digest: str) -> None:
    partial = memory.with_name(f"{memory.name}.{os.getpid()}.partial")
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(digest)
        os.replace(partial, memory)
    except OSError:  # a memory that cannot be written costs time, never an answer
        partial.unlink(missing_ok=True)
