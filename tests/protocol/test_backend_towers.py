"""A tower that was trained here, over HTTP: asked for maps, kept, and asked for words."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import rasterio
import torch
from shapely.geometry import shape

from backend.corpus import Corpus
from backend.describers import load_describer
from backend.describers.corpora import chip_of
from backend.towers.files import load_tower, save_tower
from backend.towers.sizes import SIZES, Sizes
from backend.towers.tower import Tower
from tests.protocol.made import UTM, square, write_scene
from tests.protocol.test_backend_access import error_of
from tests.support.tiny_tower import SIDE
from tests.support.tiny_writer import CORNER_PX, QUESTION, put_chips, train_writer

Ask = Callable[..., dict[str, Any]]
CHIP_M = SIDE * 10


@pytest.fixture(scope="module")
def corpus(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """What `wordy` has learnt; beside it a tower without a decoder, and files that are no model."""
    made = train_writer(tmp_path_factory.mktemp("chips") / "corpus", home, 50)
    wordy, towers, odd = home / "towers" / "wordy.safetensors", home / "towers", home / "describers"
    tower, vocabulary, card = load_tower(wordy, torch.device("cpu"))
    captions = dataclasses.replace(card, writes=("caption",), title="Captions alone")
    save_tower(tower, vocabulary, captions, towers / "captions.safetensors")
    sizes = Sizes(*SIZES["tiny"], side_px=SIDE, patch_px=8, vocabulary=vocabulary.size)
    mute = dataclasses.replace(card, writes=(), search=None, sizes=sizes)
    save_tower(Tower(sizes), vocabulary, mute, towers / "mute.safetensors")
    (towers / "broken.safetensors").write_bytes(b"no tensors at all")
    (odd / "nothing").mkdir(parents=True)
    yield made
    for file in towers.glob("*.safetensors"):
        file.unlink()
    (odd / "nothing").rmdir()


@pytest.fixture(scope="module")
def chips_scene(corpus: Corpus, register: Ask, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A lake on a plain, with the four chips in its north-western corner."""
    path = write_scene(tmp_path_factory.mktemp("scene") / "chips_20240501.tif")
    with rasterio.open(path, "r+") as file:
        values = file.read()
        put_chips(corpus, values)
        file.write(values)
    return str(register(path))


@pytest.fixture(scope="module")
def describe(client: httpx.Client, chips_scene: str, wait_for: Ask) -> Ask:
    def ask(area: dict[str, object], **request: Any) -> dict[str, Any]:
        message = {"kind": "describe", "scene": chips_scene, "describer": "wordy"}
        reply = client.post("/v1/jobs", json=message | {"aoi": area, "aoi_crs": UTM} | request)
        assert reply.status_code == 202, reply.text
        job = wait_for(reply.json()["id"])
        assert (job["state"], job["error"]) == ("done", None)
        return dict(job["result"])

    return ask


def chip(number: int, side_m: float = CHIP_M) -> dict[str, object]:
    """The ground of a chip, or a square in its middle."""
    off = CORNER_PX * 10 + (CHIP_M - side_m) / 2
    return square(side_m, off + number * CHIP_M, off)


def test_capabilities_list_who_describes_and_what_cannot_says_why(
    client: httpx.Client, corpus: Corpus
) -> None:
    found = {one["name"]: one for one in client.get("/v1/capabilities").json()["describers"]}
    assert next(iter(found)) == "facts" and found["facts"]["measures"]
    assert "mute" not in found
    wordy = found["wordy"]
    assert wordy["available"] and wordy["captions"] and wordy["questions"]
    assert not wordy["measures"] and (wordy["chip_m"], wordy["licence"]) == (CHIP_M, "CC0")
    assert found["captions"]["title"] == "Captions alone" and not found["captions"]["questions"]
    for odd, why in (("broken", "cannot be read as a tower"), ("nothing", "lacks config.json")):
        assert not found[odd]["available"] and why in found[odd]["remedy"]


def test_a_tower_says_of_a_chip_what_it_learnt_and_measurements_stand_beside(
    corpus: Corpus, home: Path, describe: Ask
) -> None:
    own = load_describer(str(home / "towers" / "wordy.safetensors"), "cpu")
    learnt = [own.caption(chip_of(corpus, one)).text for one in list(corpus.chips())[:4]]
    assert len(set(learnt)) > 1 and learnt[0].startswith("North: a lake. South: a lake.")
    result = describe(chip(0))
    writing = result["writing"]
    (passage,) = writing["passages"]
    assert passage["text"] == learnt[0] and passage["certainty"] is None
    assert shape(passage["place"]).area > 0
    assert "may be wrong" in writing["caution"] and writing["describer"] == own.name
    assert writing["made_with"]["licence"] == "CC0"
    assert (result["describer"], learnt[0] in result["text"]) == ("facts", False)
    assert result["text"].startswith("The image covers") and "water" in passage["measured"]
    row = square(CHIP_M, CORNER_PX * 10, CORNER_PX * 10)
    (corner, _, (east, _), *_) = row["coordinates"][0]  # type: ignore[index]
    wide = [corner, [corner[0], corner[1] - CHIP_M], [east + 3 * CHIP_M, corner[1] - CHIP_M]]
    wide += [[east + 3 * CHIP_M, corner[1]], corner]
    passages = describe({"type": "Polygon", "coordinates": [wide]})["writing"]["passages"]
    assert [one["text"] for one in passages] == learnt
    places = [shape(one["place"]).centroid.x for one in passages]
    assert places == sorted(places)


def test_a_small_area_is_looked_at_with_what_lies_around_it(describe: Ask) -> None:
    whole, part = (describe(chip(0, side))["writing"]["passages"] for side in (CHIP_M, 60))
    assert part[0]["text"] == whole[0]["text"] and part[0]["place"] == whole[0]["place"]


def test_an_answer_of_a_tower_stands_beside_the_measured_one(describe: Ask) -> None:
    result = describe(chip(0), question=QUESTION)
    (passage,) = result["writing"]["passages"]
    assert passage["text"] == "A lake" and 0 < passage["certainty"] <= 1
    assert passage["measured"].startswith("There the ground reads ")
    assert result["answer"]["text"].startswith("There the ground reads ")
    asked = describe(chip(0), question="Is there an airport?")
    assert not asked["answer"]["answered"] and asked["writing"]["passages"][0]["text"]
    assert asked["writing"]["passages"][0]["measured"].startswith("Unknown")
    assert describe(chip(0), describer="facts")["writing"] is None


def test_what_no_describer_can_say_is_one_sentence_at_once(
    client: httpx.Client, chips_scene: str, home: Path
) -> None:
    path = str(home / "towers" / "wordy.safetensors")
    for change, code, sentence in (
        ({"describer": "nobody"}, "describer_unknown", "Describers here: facts, "),
        ({"describer": path}, "describer_unknown", "There is no describer"),
        ({"describer": "../towers/wordy"}, "describer_unknown", "There is no describer"),
        ({"describer": "wordy+" + path}, "describer_unknown", "There is no describer"),
        ({"describer": "http://127.0.0.1:1/v1"}, "describer_unknown", "There is no describer"),
        ({"describer": "mute"}, "config_invalid", "mute writes no texts"),
        ({"describer": "broken"}, "weights_invalid", "cannot be read as a tower"),
        ({"describer": "nothing"}, "weights_missing", "lacks config.json"),
        ({"describer": "captions", "question": "Water?"}, "config_invalid", "answers no questions"),
        ({"aoi": square(2000)}, "area_invalid", "looks at 0.64 x 0.64 km at most, in 16 chips"),
        ({"aoi": None}, "area_invalid", "Draw a smaller area"),
    ):
        message = {"kind": "describe", "scene": chips_scene, "describer": "wordy", "aoi": chip(0)}
        reply = client.post("/v1/jobs", json=message | {"aoi_crs": UTM} | change)
        assert reply.status_code in (409, 422), reply.text
        error = error_of(reply)
        assert error["code"] == code, change
        assert sentence in f"{error['message']} {error['remedy']}", change


def test_a_chip_that_lies_mostly_outside_the_scene_is_one_sentence(
    client: httpx.Client, chips_scene: str, wait_for: Ask
) -> None:
    message = {"kind": "describe", "scene": chips_scene, "describer": "wordy", "aoi_crs": UTM}
    reply = client.post("/v1/jobs", json=message | {"aoi": square(20, 0, 0)})
    job = wait_for(reply.json()["id"])
    assert (job["state"], job["error"]["code"]) == ("failed", "area_invalid")
    assert "less than half of each has data" in job["error"]["message"]


def test_a_tower_that_goes_before_its_turn_is_one_sentence(
    client: httpx.Client, chips_scene: str, large_scene: str, submit: Ask, wait_for: Ask, home: Path
) -> None:
    gone, held = home / "towers" / "gone.safetensors", submit(large_scene, aoi=None)
    gone.write_bytes((home / "towers" / "wordy.safetensors").read_bytes())
    asked = {"kind": "describe", "scene": chips_scene, "describer": "gone", "aoi": chip(0)}
    reply = client.post("/v1/jobs", json=asked | {"aoi_crs": UTM})
    assert reply.status_code == 202, reply.text
    gone.unlink()
    client.delete(f"/v1/jobs/{held['id']}")
    error = wait_for(reply.json()["id"])["error"]
    assert error["code"] == "describer_unknown" and "Describers here: facts," in error["remedy"]
    refused = client.post("/v1/jobs", json=asked | {"aoi_crs": UTM})
    assert error_of(refused)["code"] == "describer_unknown"


def test_a_tower_is_asked_kept_and_probed_as_any_encoder(
    client: httpx.Client, chips_scene: str, submit: Ask, wait_for: Ask
) -> None:
    """Its cells are chips, so the four that it has learnt are four cells of the map."""
    own = {"encoder": "wordy", "head": None, "aoi": square(1270, 5, 5)}
    first = wait_for(submit(chips_scene, phrases=["north : a lake."], **own)["id"])
    assert (first["state"], first["error"]) == ("done", None) and first["result"]["windows"]
    live = {"phrases": ["south : a forest."], "only_encoded": True, **own}
    second = wait_for(submit(chips_scene, **live)["id"])
    assert (second["state"], second["result"]["windows"]) == ("done", 0)
    name = first["result"]["files"][0]["name"]
    content = client.get(f"/v1/jobs/{first['id']}/files/{name}").content
    with rasterio.MemoryFile(content) as memory, memory.open() as file:
        values = file.read(1)
        assert file.res == (CHIP_M, CHIP_M) and np.isfinite(values).all()
    at = CORNER_PX // SIDE
    assert values[at, at : at + 4].argmax() == 0  # of the four the one with a lake in the north
    probe = {"kind": "probe", "scene": chips_scene, "encoder": "wordy", "phrases": ["a lake"]}
    middle = {"aoi": own["aoi"], "aoi_crs": UTM, "lon": 10.3689, "lat": 48.7392}
    reply = client.post("/v1/jobs", json=probe | middle)
    assert reply.status_code == 202, reply.text
    assert wait_for(reply.json()["id"])["state"] == "done"
