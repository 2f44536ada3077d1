"""Where tensors live; and torch's types by name, for modules that are imported without it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from backend.errors import ConfigInvalid

if TYPE_CHECKING:
    import torch

Device: TypeAlias = "torch.device"
Module: TypeAlias = "torch.nn.Module"
Tensor: TypeAlias = "torch.Tensor"

ASSUMED_MEMORY = 4 << 30  # where the system does not tell


def choose_device(name: str | Device | None = None) -> Device:
    """Return the device of this name; the first of CUDA, Apple's GPU and the CPU when None.

    Raises:
        ConfigInvalid: torch does not know the device, or cannot use it here.
    """
    import torch

    if name is None:
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ConfigInvalid(
            f"The device {str(name)!r} cannot be used here.", "Choose cpu, or leave it out."
        ) from error
    return device


def has_bfloat16(device: Device) -> bool:
    """Return whether bfloat16 matrices are several times faster than float32 ones here."""
    import torch

    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    capabilities = torch.cpu.get_capabilities() if device.type == "cpu" else {}
    return any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def free_memory(device: Device | str) -> int:
    """Return the free bytes of a device; of the computer's memory unless it is CUDA."""
    import torch

    device = torch.device(device)
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    try:
        lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
        return int(lines["MemAvailable"].split()[0]) * 1024
    except OSError:  # not Linux
        pages = os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
        return pages * os.sysconf("SC_PAGE_SIZE") // 2 if pages else ASSUMED_MEMORY
