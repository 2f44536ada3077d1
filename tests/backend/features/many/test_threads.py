"""The same numbers whatever the number of threads, of which workers have more or fewer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from backend.encoders import Encoder, load_encoder
from scripts.gpu_check import noise_windows
from scripts.samples.weights import write_vit


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("name", ["texture-s1", "ssl4eo-s1"])
def test_features_are_the_same_bits_in_any_number_of_threads(
    name: str, texture: Encoder, tmp_path: Path
) -> None:
    encoder = texture
    if name == "ssl4eo-s1":
        encoder = load_encoder(name, write_vit(tmp_path / "vit.pth", 128, 2), "cpu", "auto")
    windows = noise_windows(encoder.spec, 3)
    torch.set_num_threads(1)
    alone = encoder.encode(windows)
    for number in (2, 3, 8):
        torch.set_num_threads(number)
        assert torch.equal(encoder.encode(windows), alone)
