"""Files of safetensors that are the same bytes wherever their content is the same.

The library writes the fields of the metadata in another order each time, so two files of one model
would have two hashes, and its features, phrases and adapters two owners.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from backend.io.disk import write_file

if TYPE_CHECKING:
    import torch

_LENGTH = struct.Struct("<Q")
_ALIGNED = 8  # bytes, with spaces behind the header


def write_tensors(
    path: Path, tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str]
) -> None:
    """Write tensors as safetensors, whole or not at all; floating point numbers become float32.

    Raises:
        DiskFull: the disk has no room for it.
        OutputUnwritable: the file cannot be written.
    """
    import torch
    from safetensors.torch import save

    plain = {
        name: one.detach().to("cpu", torch.float32 if one.is_floating_point() else one.dtype)
        for name, one in tensors.items()
    }
    content = save({name: one.contiguous() for name, one in plain.items()}, dict(metadata))
    # The library's own writer of files would let nobody but the owner read it.
    write_file(path, *_in_order(content))


def _in_order(content: bytes) -> tuple[bytes, bytes, memoryview]:
    """Return the parts of a file of safetensors whose metadata are sorted by their names."""
    (length,) = _LENGTH.unpack_from(content)
    end = _LENGTH.size + length
    header = json.loads(content[_LENGTH.size : end])
    if "__metadata__" in header:
        header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % _ALIGNED)
    return _LENGTH.pack(len(text)), text, memoryview(content)[end:]
