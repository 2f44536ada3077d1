"""A plain layer that other code has fitted becomes a head like any other, or is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional
from typer.testing import CliRunner

from backend import heads, query
from backend.encoders import Encoder, load_encoder
from backend.errors import (
    ConfigInvalid,
    GlueLinkError,
    HeadInvalid,
    HeadMismatch,
    WeightsInvalid,
    WeightsMissing,
)
from backend.link import Scorer, find_head, mask_means, wedge_pool
from backend.resources import resource_path
from backend.service.capabilities import capabilities
from backend.service.settings import Settings
from backend.text import TextEncoder
from scripts.samples.weights import write_vit
from tests.backend.encoders.test_weights import Opens
from tests.support.rasters import speckled, write_raster

D, SPACE = 115, 384  # of texture-s1 and minilm
PAIR = ("--encoder", "texture-s1", "--text", "minilm")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def linear(bias: bool = True) -> nn.Linear:
    torch.manual_seed(3)
    return nn.Linear(D, SPACE, bias=bias)


def convolution(bias: bool = True) -> nn.Conv2d:
    torch.manual_seed(4)
    return nn.Conv2d(D, SPACE, 1, bias=bias)


def run(*arguments: object) -> str:
    done = CliRunner().invoke(heads.app, ["import", *map(str, arguments)])
    if isinstance(done.exception, GlueLinkError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


Save = Callable[[nn.Module, Path], Path]


def as_torch(layer: nn.Module, folder: Path) -> Path:
    torch.save(layer.state_dict(), folder / "layer.pt")
    return folder / "layer.pt"


def as_safetensors(layer: nn.Module, folder: Path) -> Path:
    named = {f"head.projection.{key}": one for key, one in layer.state_dict().items()}
    save_file(named, folder / "layer.safetensors")
    return folder / "layer.safetensors"


@pytest.mark.parametrize("save", [as_torch, as_safetensors])
@pytest.mark.parametrize("make", [linear, convolution])
@pytest.mark.parametrize("bias", [True, False])
def test_a_layer_scores_as_it_did_where_it_was_fitted(
    make: Callable[[bool], nn.Module], bias: bool, save: Save, tmp_path: Path, minilm: TextEncoder
) -> None:
    layer = make(bias)
    said = run(save(layer, tmp_path), *PAIR)
    assert "layer belongs to texture-s1 (texture-s1/4)" in said
    head = find_head("layer", load_encoder("texture-s1").spec)
    features = torch.randn(5, 6, D, generator=torch.Generator().manual_seed(0))
    by_torch = features if make is linear else features.movedim(-1, 0)
    with torch.no_grad():
        linked = layer(by_torch) if make is linear else layer(by_torch).movedim(0, -1)
    phrases = torch.from_numpy(minilm.embed(["open water", "a town"]))
    expected = functional.normalize(linked, dim=-1) @ phrases.T
    assert torch.allclose(Scorer(head, phrases).score(features), expected, atol=1e-6)


def test_the_bias_counts_once_at_a_cell_and_by_the_wedge_at_a_view(tmp_path: Path) -> None:
    layer = convolution()
    run(as_torch(layer, tmp_path), *PAIR)
    head = find_head("layer", load_encoder("texture-s1").spec)
    features = torch.randn(1, 7, 7, D, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        linked = layer(features.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
    scale = torch.as_tensor(mask_means((7, 7)), dtype=torch.float32)[:, None]
    pooled = wedge_pool(features) @ head.weight + scale * head.bias
    assert torch.allclose(pooled, wedge_pool(linked), atol=1e-6)


def test_an_imported_head_answers_a_query_and_is_offered_by_the_service(
    tmp_path: Path, texture: Encoder
) -> None:
    run(as_torch(linear(), tmp_path), *PAIR, "--name", "mine", "--title", "By others")
    offered = {one.name: one for one in capabilities(Settings(token="a" * 32)).heads}
    assert offered["mine"].title == "By others" and offered["mine"].encoder == "texture-s1"
    scene = write_raster(tmp_path / "scene.tif", speckled(80, 80))
    asked = [scene, "open water", "--head", "mine", "-o", tmp_path / "map.tif"]
    done = CliRunner().invoke(query.app, [str(part) for part in asked])
    assert done.exit_code == 0, done.output
    with rasterio.open(tmp_path / "map.tif") as file:
        assert np.isfinite(file.read(1)).any()
        assert "mine" in json.dumps(file.tags())


def test_the_stated_scaling_chooses_among_encoders_of_the_same_weights(
    home: Path, tmp_path: Path
) -> None:
    layer = nn.Linear(128, SPACE)
    path = as_torch(layer, tmp_path)
    pair = ("--encoder", "ssl4eo-s1", "--text", "minilm")
    with pytest.raises(WeightsMissing, match=r"backend\.models pull ssl4eo-s1"):
        run(path, *pair)
    write_vit(home / "models" / "ssl4eo-s1" / "B2_vitl16_mae_ep99_enc.pth", width=128)
    run(path, *pair, "--name", "usual")
    assert find_head("usual", load_encoder("ssl4eo-s1", device="cpu").spec)
    run(path, *pair, "--name", "other", "--scaling", "z-score")
    assert find_head("other", load_encoder("ssl4eo-s1-zscore", device="cpu").spec)
    with pytest.raises(ConfigInvalid, match="It is known with: published, z-score"):
        run(path, *pair, "--name", "third", "--scaling", "min-max")
    with pytest.raises(ConfigInvalid, match="scaling 'z-score'"):
        run(as_torch(linear(), tmp_path), *PAIR, "--scaling", "z-score")


W, B = torch.zeros(SPACE, D), torch.zeros(SPACE)


@pytest.mark.parametrize(
    ("tensors", "error", "said"),
    [
        ({}, HeadInvalid, "holds nothing"),
        ({"w": W, "v": W}, HeadInvalid, r"w float32 \(384, 115\), v float32 \(384, 115\)"),
        ({"w": W, "b": B, "c": B}, HeadInvalid, "at most one bias"),
        ({"w": W, "b": B[:3]}, HeadInvalid, r"b float32 \(3,\)"),
        ({"w": W, "scale": torch.tensor(1.0)}, HeadInvalid, r"scale float32 \(\)"),
        ({"w": W[:, :, None]}, HeadInvalid, r"\(384, 115, 1\)"),
        ({"w": W[:, :, None, None].expand(-1, -1, 3, 3)}, HeadInvalid, r"\(384, 115, 3, 3\)"),
        ({"w": W.int()}, HeadInvalid, "int32"),
        ({"w": W + torch.nan}, HeadInvalid, "NaN or infinite"),
        ({"w": W[:100]}, HeadMismatch, "from 115 to 100 dimensions; texture-s1 gives 115"),
        ({"w": W.T}, HeadMismatch, "from 384 to 115 dimensions"),
        ({f"layer{n}": W for n in range(9)}, HeadInvalid, "3 more"),
    ],
)
def test_what_is_no_such_layer_is_one_sentence(
    tensors: dict[str, torch.Tensor], error: type[GlueLinkError], said: str, tmp_path: Path
) -> None:
    torch.save(tensors, tmp_path / "layer.pt")
    with pytest.raises(error, match=said) as caught:
        run(tmp_path / "layer.pt", *PAIR)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "home" / "heads").exists()


def test_a_head_of_ours_is_not_taken_for_a_layer(tmp_path: Path) -> None:
    """Alone, its weight would be read the wrong way round and its metric would be lost."""
    path = resource_path("heads", "texture-s1_minilm.safetensors")
    with pytest.raises(HeadInvalid, match=r"a head of GLUE-Link already.*heads it has a name"):
        run(path, *PAIR, "--name", "copy")
    assert not (tmp_path / "home" / "heads").exists()


def test_half_precision_is_read_as_what_it_stands_for(tmp_path: Path) -> None:
    layer = linear().bfloat16()
    run(as_safetensors(layer, tmp_path), *PAIR)
    head = find_head("layer", load_encoder("texture-s1").spec)
    assert torch.equal(head.weight.T, layer.weight.float())


def test_code_in_a_file_is_not_run(tmp_path: Path) -> None:
    torch.save({"w": W, "b": Opens(tmp_path / "run")}, tmp_path / "layer.pth")
    with pytest.raises(WeightsInvalid, match="Nothing in it was run"):
        run(tmp_path / "layer.pth", *PAIR)
    assert not (tmp_path / "run").exists()


def test_a_name_is_free_and_a_name(tmp_path: Path) -> None:
    path = as_torch(linear(), tmp_path)
    run(path, *PAIR)
    with pytest.raises(ConfigInvalid, match="There is a head layer already"):
        run(path, *PAIR)
    with pytest.raises(ConfigInvalid, match="cannot be the name of a head"):
        run(path, *PAIR, "--name", "../layer")
    with pytest.raises(ConfigInvalid, match="There is no file"):
        run(tmp_path / "none.pt", *PAIR, "--name", "new")
