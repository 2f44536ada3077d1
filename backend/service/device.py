"""The device that encoders run on, as it is shown to people."""

import ctypes
import os
import platform
import sys
from pathlib import Path

import torch

from backend.device import choose_device
from backend.service.schemas import Device


def describe_device() -> Device:
    """Return the device that is chosen when none is named, and its memory in bytes."""
    kind = choose_device().type
    if kind == "cuda":
        free, total = torch.cuda.mem_get_info()
        name = torch.cuda.get_device_name()
        return Device(kind="cuda", name=name, memory_total=total, memory_free=free)
    if kind == "mps":
        total = torch.mps.recommended_max_memory()
        free = total - torch.mps.driver_allocated_memory()
        return Device(kind="mps", name=processor_name(), memory_total=total, memory_free=free)
    total, free = main_memory()
    return Device(kind="cpu", name=processor_name(), memory_total=total, memory_free=free)


def processor_name() -> str:
    """Return the processor's name as its maker writes it, or else its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


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
