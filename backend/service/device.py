"""The device that encoders run on, as it is shown to people."""

import platform
import time
from functools import cache, lru_cache
from pathlib import Path

import torch

from backend.device import choose_device, main_memory
from backend.service.schemas import Device

AS_OLD_S = 1.0
"""How old the memory that is told may be. Each look at it gives way to threads that compute, and
so made up a third of what health waited for beside them."""


def describe_device() -> Device:
    """Return the device that is chosen when none is named, and its memory in bytes."""
    return _device_at(int(time.monotonic() / AS_OLD_S))


@lru_cache(maxsize=1)
def _device_at(_: int) -> Device:
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


@cache
def processor_name() -> str:
    """Return the processor's name as its maker writes it, or else its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
