"""Where tensors live; and torch's types by name, for modules that are imported without it."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from backend.errors import ConfigInvalid

if TYPE_CHECKING:
    import torch

Device: TypeAlias = "torch.device"
Module: TypeAlias = "torch.nn.Module"
Tensor: TypeAlias = "torch.Tensor"

ASSUMED_MEMORY = 4 << 30  # where the system does not tell


def processes() -> int:
    """Return how many processes torchrun has started to train together; 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def require_alone(what: str) -> None:
    """Raise ConfigInvalid where torchrun has started several processes, which would not share it.

    `what` begins the message, such as "A head is fitted".
    """
    if processes() > 1:
        raise ConfigInvalid(
            f"{what} in one process; torchrun has started {processes()}.",
            "Start it without torchrun; several processes train only towers and CLIPs.",
        )


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
    total, free = main_memory()
    return free or total // 2 or ASSUMED_MEMORY


def main_memory() -> tuple[int, int]:
    """Return total and free main memory in bytes; 0 where it is unknown."""
    if sys.platform == "win32":
        return _windows_memory()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), _linux_available()
    except (ValueError, OSError):
        return 0, 0


def _linux_available() -> int:
    """Return MemAvailable: unlike SC_AVPHYS_PAGES it counts what caches would give back."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else 0


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        *((name, ctypes.c_ulonglong) for name in ("total", "free", "a", "b", "c", "d", "e")),
    )


def _windows_memory() -> tuple[int, int]:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    found = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined,unused-ignore]
    return (int(status.total), int(status.free)) if found else (0, 0)
