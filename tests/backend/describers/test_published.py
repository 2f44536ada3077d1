"""Published models through transformers, on small ones of random weights in the same layout."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from backend.describers import Chip, load_describer
from backend.describers.blip import Blip
from backend.describers.chat import ChatModel
from backend.describers.loading import find_files, load_parts
from backend.describers.model import CAPTION, Turn
from backend.describers.offered import list_describers, open_offered
from backend.errors import (
    ConfigInvalid,
    DescriberUnknown,
    PhraseInvalid,
    WeightsInvalid,
    WeightsMissing,
)
from backend.language import Record
from scripts.samples.describers import (
    write_blip,
    write_internvl,
    write_qwen,
    write_qwen3,
    write_smolvlm,
)

CHATS = ("qwen", "qwen3", "internvl", "smolvlm")


@pytest.fixture(scope="module")
def chip() -> Chip:
    pixels = np.random.default_rng(0).normal(-12, 3, (2, 60, 90)).astype(np.float32)
    return Chip(Record("a", 90, 60), pixels)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("describers")
    write_blip(folder / "captions")
    write_blip(folder / "answers", question=True)
    write_qwen(folder / "qwen", dtype=torch.bfloat16)
    write_qwen3(folder / "qwen3")
    write_internvl(folder / "internvl")
    write_smolvlm(folder / "smolvlm")
    return folder


def test_blip_captions_as_the_model_itself(folder: Path, chip: Chip) -> None:
    blip = Blip(find_files(folder / "captions"), "cpu")
    found = blip.caption(chip)
    parts = load_parts(find_files(folder / "captions"), "cpu")
    pixels = parts.images(blip.draw(chip), return_tensors="pt").pixel_values
    wanted = parts.model.generate(pixel_values=pixels, max_new_tokens=50, do_sample=False)
    assert found.text == parts.tokenizer.decode(wanted[0], skip_special_tokens=True).strip() != ""
    assert found.describer == "captions" and found.made_with["dtype"] == "float32"
    with pytest.raises(ConfigInvalid, match="writes no answers"):
        blip.answer(chip, "Is there a harbour?")


def test_blip_answers_by_the_question(folder: Path, chip: Chip) -> None:
    blip = Blip(find_files(folder / "answers"), "cpu")
    assert blip.answer(chip, "is there a harbour ?").text
    with pytest.raises(ConfigInvalid, match="writes no captions"):
        blip.caption(chip)
    with pytest.raises(PhraseInvalid):
        blip.answer(chip, " ")


@pytest.fixture
def chat(folder: Path, request: pytest.FixtureRequest) -> ChatModel:
    model = ChatModel(find_files(folder / request.param), "cpu")
    model.most_tokens = 6
    return model


def logits(model: ChatModel, chip: Chip, text: str = CAPTION) -> torch.Tensor:
    parts = load_parts(model._snapshot, "cpu")
    with torch.inference_mode():
        inputs = model._inputs(parts, [Turn("user", text)], model.draw(chip))
        return parts.model(**inputs).logits[0, -1]


@pytest.mark.parametrize("chat", CHATS, indirect=True)
def test_a_chat_model_sees_as_many_tokens_as_its_picture_has(chat: ChatModel, chip: Chip) -> None:
    parts = load_parts(chat._snapshot, "cpu")
    features = []
    module = next(
        module
        for name, module in parts.model.named_modules()
        if name.split(".")[-1] in ("merger", "connector", "multi_modal_projector")
    )
    module.register_forward_hook(lambda *seen: features.append(seen[2].reshape(-1, 32)))
    inputs = chat._inputs(parts, [Turn("user", CAPTION)], chat.draw(chip))
    parts.model(**inputs)
    marks = int((inputs["input_ids"] == parts.model.config.image_token_id).sum())
    assert marks == len(torch.cat(features)) > 1


@pytest.mark.parametrize("chat", CHATS, indirect=True)
def test_a_chat_model_reads_picture_and_question(chat: ChatModel, chip: Chip) -> None:
    dark = Chip(chip.record, np.sort(chip.pixels, axis=2))
    seen = logits(chat, chip)
    assert seen.isfinite().all()
    assert not torch.equal(seen, logits(chat, dark))
    assert not torch.equal(seen, logits(chat, chip, "how many ships ?"))


@pytest.mark.parametrize("chat", CHATS, indirect=True)
def test_a_chat_model_captions_answers_and_converses(chat: ChatModel, chip: Chip) -> None:
    assert chat.caption(chip).made_with["dtype"] == "float32"  # also of bfloat16 files
    first = chat.answer(chip, "is there a harbour ?").text
    assert first == chat.answer(chip, "is there a harbour ?").text
    assert len(chat.converse(["describe .", "how many ships ?"])) == 2


@pytest.mark.parametrize("name", ["captions", "qwen"])
def test_a_checkpoint_that_asks_for_groups_of_beams_writes_as_any_other(
    folder: Path, chip: Chip, tmp_path: Path, name: str
) -> None:
    """As some were saved for earlier versions of transformers, which could search so."""
    shutil.copytree(folder / name, tmp_path / name)
    settings = tmp_path / name / "generation_config.json"
    kept = json.loads(settings.read_text()) if settings.is_file() else {}
    groups = {"num_beams": 6, "num_beam_groups": 3, "diversity_penalty": 1.0}
    settings.write_text(json.dumps(kept | groups))
    plain, grouped = (
        load_describer(str(of / name), "cpu").caption(chip) for of in (folder, tmp_path)
    )
    assert plain.text == grouped.text != ""


def test_a_conversation_is_written_by_the_checkpoints_template(folder: Path, chip: Chip) -> None:
    qwen = ChatModel(find_files(folder / "qwen"), "cpu")
    parts = load_parts(qwen._snapshot, "cpu")
    turns = [Turn("user", "a"), Turn("assistant", "b"), Turn("user", "c")]
    text = parts.tokenizer.decode(qwen._inputs(parts, turns, qwen.draw(chip))["input_ids"][0])
    seen = "<|vision_start|>" + "<|image_pad|>" * text.count("<|image_pad|>") + "<|vision_end|>"
    assert text == (
        f"<|im_start|>user\n{seen}a<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n"
        "<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\n"
    )


def test_folders_of_the_user_are_described_by_under_their_names(
    folder: Path, chip: Chip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    own = tmp_path / "describers"
    shutil.copytree(folder / "captions", own / "mine")
    shutil.copytree(folder / "captions", own / "facts")  # which are measured, whatever lies here
    shutil.copytree(folder / "qwen", own / "damaged")
    (own / "damaged" / "config.json").write_text("[]")
    found = {one.name: one for one in list_describers()}
    assert list(found) == ["facts", "damaged", "mine"]
    assert found["facts"].describer is not None and not found["facts"].describer.needs_pixels
    assert "it is not an object" in found["damaged"].problem
    mine = open_offered("mine")
    assert (mine.writes, mine.title, mine.chip_px) == (("caption",), "mine", None)
    assert mine.caption(chip).text == load_describer("mine", "cpu").caption(chip).text
    for name in ("captions", str(own / "mine"), "../describers/mine", "http://127.0.0.1:1/v1", ""):
        with pytest.raises(DescriberUnknown, match=r"Describers here: facts, mine\."):
            open_offered(name)
    with pytest.raises(WeightsInvalid, match="it is not an object"):
        open_offered("damaged")


def test_a_model_is_found_by_its_name_and_its_licence_is_recorded(
    folder: Path, chip: Chip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    with pytest.raises(WeightsMissing, match=r"qwen2\.5-vl-3b .*not for commercial use"):
        load_describer("qwen2.5-vl-3b")
    with pytest.raises(DescriberUnknown, match='no describer "blip"'):
        load_describer("blip")
    shutil.copytree(folder / "captions", tmp_path / "models" / "blip-captions")
    found = load_describer("blip-captions", "cpu").caption(chip)
    assert found.made_with["licence"] == "BSD-3-Clause"
    assert found.text == load_describer(str(folder / "captions"), "cpu").caption(chip).text


def test_files_that_are_no_model_get_one_sentence(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder / "captions", copy)
    weights = (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    with pytest.raises(WeightsInvalid, match="a pickle"):
        find_files(copy)
    weights.unlink()
    with pytest.raises(WeightsMissing, match=r"lacks model\.safetensors"):
        find_files(copy)
    (copy / "model.safetensors").write_bytes(b"none")
    with pytest.raises(WeightsInvalid, match="cannot be read"):
        load_parts(find_files(copy), "cpu")
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "model_type": "llava"}))
    with pytest.raises(ConfigInvalid, match="type llava; expected blip or qwen2_vl, qwen2_5_vl"):
        ChatModel(find_files(copy))
    (copy / "tokenizer.json").unlink()
    with pytest.raises(WeightsMissing, match=r"lacks tokenizer\.json"):
        find_files(copy)
