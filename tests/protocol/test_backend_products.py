"""An embedding product over HTTP: registered by its path, and asked like a scene."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.encoders import load_encoder
from backend.link import save_head
from backend.text import load_text_encoder
from scripts.samples.embeddings import quantised, write_alphaearth
from tests.backend.conftest import random_head
from tests.protocol.test_backend_access import error_of

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def tile(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Iterator[Path]:
    head = home / "heads" / "product.safetensors"
    encoder = load_encoder("alphaearth", device="cpu")
    save_head(random_head(encoder, load_text_encoder("minilm")), head)
    root = tmp_path_factory.mktemp("product")
    yield write_alphaearth(root / "2024" / "33N" / "x.tiff", quantised(60, 80))
    head.unlink()


def test_a_product_is_registered_and_asked(
    client: httpx.Client, tile: Path, register: Callable[[Path], str], submit: Ask, wait_for: Ask
) -> None:
    identity = register(tile)
    (info,) = [one for one in client.get("/v1/scenes").json()["scenes"] if one["id"] == identity]
    assert (info["source"], info["units"], info["date"]) == (
        "AlphaEarth",
        "embedding",
        "2024-01-01",
    )
    encoders = client.get("/v1/capabilities").json()["encoders"]
    fitting = [one["name"] for one in encoders if one["modality"] == info["modality"]]
    assert fitting == ["alphaearth"]
    job = submit(identity, aoi=None, encoder="alphaearth", head="product")
    done = wait_for(job["id"])
    assert (done["state"], done["error"]) == ("done", None)
    assert done["result"]["cells"] == 60 * 80
    refused = client.post(
        "/v1/jobs", json={"scene": identity, "phrases": ["open water"], "head": "test"}
    )
    assert refused.status_code == 422
    assert "texture-s1 reads Sentinel-1, and x is of AlphaEarth" in error_of(refused)["message"]


def test_of_several_years_one_is_to_be_stated(client: httpx.Client, tile: Path) -> None:
    write_alphaearth(tile.parents[2] / "2023" / "33N" / "x.tiff", quantised(60, 80))
    folder = {"path": str(tile.parents[2])}
    refused = client.post("/v1/scenes", json=folder)
    assert (refused.status_code, error_of(refused)["code"]) == (422, "year_unclear")
    told = client.post("/v1/scenes", json={**folder, "date": "2023"})
    assert (told.status_code, told.json()["date"]) == (201, "2023-01-01")


def test_what_holds_for_radar_alone_is_refused(client: httpx.Client, tile: Path) -> None:
    refused = client.post("/v1/scenes", json={"path": str(tile), "units": "db"})
    assert refused.status_code == 422
    assert 'only of a radar scene can "units" be stated' in error_of(refused)["message"]


@pytest.mark.parametrize("path", ["https://host/x.tiff", "/vsicurl/https://host/x.tiff"])
def test_no_address_is_read_for_a_client(client: httpx.Client, path: str) -> None:
    refused = client.post("/v1/scenes", json={"path": path})
    assert refused.status_code == 422
    assert error_of(refused)["code"] in ("request_invalid", "scene_unreadable")
