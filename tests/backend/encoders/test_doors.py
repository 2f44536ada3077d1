"""An encoder is one module in one place: it is found, listed, loaded and fetched by its name."""

import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from backend import encoders
from backend.encoders import list_encoders, load_encoder
from backend.encoders.published import PublishedEncoder
from backend.errors import WeightsMissing
from backend.models.__main__ import app
from tests.protocol.server import ROOT

IMPORTS = """
from pathlib import Path

from backend.device import Module, Tensor
from backend.encoders.base import EncoderSpec, Windows
from backend.encoders.published import PublishedEncoder
from backend.io.weights import PublishedWeights

"""
EXAMPLE = inspect.cleandoc((PublishedEncoder.__doc__ or "").partition("Example:")[2])


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example that the class shows, as a module in a folder of the package."""
    (tmp_path / "mean_s1.py").write_text(IMPORTS + EXAMPLE)
    monkeypatch.setattr(encoders, "__path__", [*encoders.__path__, str(tmp_path)])
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    yield
    sys.modules.pop("backend.encoders.mean_s1", None)


def test_an_encoder_of_our_own_is_one_module(added: None, tmp_path: Path) -> None:
    listed = list_encoders()[-1]
    assert listed.name == "mean-s1" and "backend.models pull mean-s1" in listed.unavailable
    with pytest.raises(WeightsMissing, match="weights of mean-s1 are not at"):
        load_encoder("mean-s1")
    table = CliRunner().invoke(app, ["list"]).output
    assert "mean-s1" in table and "somebody/mean@main" in table

    file = tmp_path / "models" / "mean-s1" / "mean.safetensors"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"weights")
    encoder = load_encoder("mean-s1", device="cpu")
    assert encoder.encode(torch.zeros(1, 2, 64, 64)).shape == (1, 4, 4, 2)
    assert encoder.spec == list_encoders()[-1] and encoder.spec.unavailable == ""


def test_encoders_are_listed_in_the_order_people_know() -> None:
    assert [spec.name for spec in list_encoders()] == [
        *("texture-s1", "texture-s1-dates"),
        *("ssl4eo-s1", "ssl4eo-s1-zscore", "ssl4eo-s1-vitb16", "ssl4eo-s1-vits16"),
        *("betaearth-s1", "betaearth-s1-10m", "dinov2-s1", "alphaearth"),
        *("tessera", "tessera-1.1-cambridge", "tessera-1.1-dclimate"),
        *("clip-rgb", "ms-clip", "closp-s1", "closp-s1-vitl"),
    ]


def test_a_wrong_name_lists_the_known_ones_without_torch() -> None:
    script = """
import sys
from backend.encoders import load_encoder
from backend.errors import EncoderUnknown
from backend.models.table import list_weights

try:
    load_encoder("none")
except EncoderUnknown as error:
    print(error, bool(list_weights()), {"torch", "transformers"} & set(sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "There is no encoder 'none'. Encoders: alphaearth, betaearth-s1," in done.stdout
    assert "texture-s1" in done.stdout and done.stdout.endswith(" True set()\n")
