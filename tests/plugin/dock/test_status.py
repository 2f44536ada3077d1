"""The first section says on what the backend runs."""

from __future__ import annotations

from gluelink_plugin.client.protocol import Device
from gluelink_plugin.dock.status import device_words

GIB = 2**30


def test_the_title_names_device_and_memory_in_use() -> None:
    gpu = Device("cuda", "NVIDIA A100", 80 * GIB, 68 * GIB)
    assert device_words(gpu) == "NVIDIA A100, 12 of 80 GB"
    assert device_words(Device("cpu", "a processor", GIB, GIB)) == "CPU"
