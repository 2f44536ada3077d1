"""The shared real scenes, and models that are loaded once."""

import os
from pathlib import Path

import pytest
import torch
from filelock import FileLock

from backend.encoders import Encoder, load_encoder
from backend.link import HeadMeta, LinkHead, save_head
from backend.simulation.survey.build import Simulation, build_simulated_survey
from backend.survey import Survey
from backend.text import TextEncoder, load_text_encoder

DATA = Path(__file__).parents[3] / "shared" / "data" / "s1"


@pytest.fixture(scope="session")
def real() -> Path:
    """The shared real scenes."""
    if not DATA.is_dir():
        pytest.skip(f"the shared scenes are not at {DATA}")
    return DATA


@pytest.fixture(scope="session")
def texture() -> Encoder:
    return load_encoder("texture-s1", device="cpu")


@pytest.fixture(scope="session")
def minilm() -> TextEncoder:
    return load_text_encoder("minilm")


@pytest.fixture(scope="session")
def simulated(texture: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """A simulated survey of 360 points, seed 2; all processes of a run share one."""
    own = tmp_path_factory.getbasetemp()
    path = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "simulated"
    text = load_text_encoder("minilm", device="cpu", remember=False)
    with FileLock(path.with_suffix(".lock")):  # who comes second finds nothing left to do
        return build_simulated_survey(path, Simulation(points=360, seed=2), texture, text)


def random_head(encoder: Encoder, text: TextEncoder) -> LinkHead:
    """A head of random weights that fits the pair: maps need no sense to be right."""
    rng = torch.Generator().manual_seed(1)
    meta = HeadMeta(
        name="random",
        encoder=encoder.spec.name,
        encoder_identity=encoder.spec.identity,
        text=text.name,
        text_space=text.space,
    )
    weight = torch.randn(encoder.spec.dim, text.space.dim, generator=rng)
    return LinkHead(weight, torch.randn(text.space.dim, generator=rng), meta)


@pytest.fixture(scope="session")
def head(texture: Encoder, minilm: TextEncoder) -> LinkHead:
    return random_head(texture, minilm)


@pytest.fixture(scope="session")
def head_file(head: LinkHead, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("head") / "random.safetensors"
    save_head(head, path)
    return path
