"""A model behind an endpoint: what it is asked, and what is done with answers that are none."""

import base64
import io
from collections.abc import Iterator
from typing import get_args

import numpy as np
import pytest
from PIL import Image

from backend.commands import Picture as CommandPicture
from backend.describers import Chip, load_describer
from backend.describers.endpoint import Endpoint, open_endpoint
from backend.errors import ConfigInvalid, PhraseInvalid, ReplyInvalid
from backend.io.http import RetryPolicy
from backend.language import Record
from backend.scenes.sentinel1.picture import PICTURES, Picture
from tests.support.chat_server import Chat, chatting

QUICK = RetryPolicy(tries=2, backoff_s=0.01, silence_s=0.2, connect_s=2)


@pytest.fixture
def chat() -> Iterator[Chat]:
    with chatting() as chat:
        yield chat


@pytest.fixture(scope="module")
def chip() -> Chip:
    rng = np.random.default_rng(0)
    pixels = rng.normal(-12, 3, (2, 40, 56)).astype(np.float32)
    pixels[:, :, :5] = np.nan
    return Chip(Record("a", 56, 40), pixels)


def endpoint(chat: Chat, **more: object) -> Endpoint:
    return Endpoint(chat.url, "small", policy=QUICK, **more)


def test_a_caption_is_what_the_model_says_of_the_picture(chat: Chat, chip: Chip) -> None:
    chat.answer = lambda asked: " Two ships lie at sea. The coast is at 3.5 km. "
    found = endpoint(chat).caption(chip)
    assert [one.text for one in found.sentences] == [
        "Two ships lie at sea.", "The coast is at 3.5 km.",
    ]  # fmt: skip
    assert found.made_with["picture"] == Picture().facts
    assert (found.made_with["model"], found.made_with["finish_reason"]) == ("small", "stop")
    picture, prompt = chat.asked[0]["messages"][0]["content"]
    sent = base64.b64decode(picture["image_url"]["url"].removeprefix("data:image/png;base64,"))
    seen = np.asarray(Image.open(io.BytesIO(sent)))
    assert seen.shape == (40, 56, 3) and (seen[:, :5] == 0).all() and (seen[:, 5:] > 0).all()
    assert "radar image" in prompt["text"]


def test_an_answer_comes_from_the_question(chat: Chat, chip: Chip) -> None:
    chat.answer = lambda asked: asked["messages"][0]["content"][1]["text"].splitlines()[-1]
    found = endpoint(chat).answer(chip, " Is there a harbour? ")
    assert (found.text, found.kind, found.certainty) == (
        "Question: Is there a harbour?", "open", None,
    )  # fmt: skip
    with pytest.raises(PhraseInvalid, match="question is empty"):
        endpoint(chat).answer(chip, " ")


def test_a_conversation_holds_all_that_was_written(chat: Chat) -> None:
    chat.answer = lambda asked: f"reply {len(asked['messages'])}"
    assert endpoint(chat).converse(["one", "two"]) == ["reply 1", "reply 3"]
    assert [one["content"] for one in chat.asked[1]["messages"]] == ["one", "reply 1", "two"]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("<!DOCTYPE html><html>login</html>", "answers a web page; expected JSON"),
        ("no JSON", 'answers "no JSON"; expected JSON'),
        ("[1]", "answers list; expected an object"),
        ('{"error": {"message": "model not found"}}', "model not found"),
        ('{"choices": []}', "the fields choices; expected choices"),
        ('{"choices": [{"message": {"content": null}}]}', "None as content; expected text"),
        ('{"choices": [{"message": {"content": "  "}}]}', "wrote nothing"),
        ("[" * 100_000, "expected JSON"),
        ("stall", "gives no answer: no byte for 0.2 s"),
        ("short", "gives no answer: the connection broke"),
        ("redirect", "gives no answer: HTTP 307"),
    ],
)
def test_an_answer_that_is_none_gets_one_sentence(
    chat: Chat, chip: Chip, fault: str, message: str
) -> None:
    chat.fault = fault
    with pytest.raises(ReplyInvalid, match=message.replace("[", r"\[")) as caught:
        endpoint(chat).caption(chip)
    assert "\n" not in str(caught.value) and len(caught.value.message) < 250


def test_a_busy_endpoint_is_asked_again(chat: Chat, chip: Chip) -> None:
    chat.fault = "busy"
    assert endpoint(chat).caption(chip).text == "a ship"
    assert len(chat.asked) == 2


def test_a_server_that_is_not_there_gets_one_sentence(chip: Chip) -> None:
    with pytest.raises(ReplyInvalid, match="gives no answer: the connection broke"):
        Endpoint("http://127.0.0.1:9/v1", policy=QUICK).caption(chip)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://example.org/v1", "another computer"),
        ("http://127.0.0.1.example.org/v1", "another computer"),
        ("ftp://127.0.0.1/v1", "not the address of an endpoint"),
        ("127.0.0.1:8080", "not the address of an endpoint"),
        ("http://name:secret@127.0.0.1/v1", "holds a user's name"),
        ("http://127.0.0.1:x/v1", "not the address of an endpoint"),
    ],
)
def test_an_address_that_may_not_be_asked_is_refused(url: str, message: str) -> None:
    with pytest.raises(ConfigInvalid, match=message) as caught:
        Endpoint(url)
    assert "secret" not in str(caught.value)


def test_a_key_goes_to_its_host_and_no_proxy_is_asked(
    chat: Chat, chip: Chip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    endpoint(chat, key="abc").caption(chip)
    assert chat.keys == ["Bearer abc"]


def test_another_computer_is_asked_when_the_environment_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ConfigInvalid, match=r"GLUELINK_ENDPOINT_HOST=example\.org"):
        open_endpoint("https://example.org/v1#small")
    monkeypatch.setenv("GLUELINK_ENDPOINT_HOST", "example.org")
    assert open_endpoint("https://example.org/v1#small").name == "small at example.org"
    with pytest.raises(ConfigInvalid, match="another computer"):
        open_endpoint("https://elsewhere.org/v1#small")


def test_a_picture_is_chosen_by_name_and_stands_in_the_record(chat: Chat, chip: Chip) -> None:
    usual, raw = (load_describer(f"{chat.url}#small", picture=name) for name in ("vv", "three-raw"))
    assert raw.name == f"{usual.name}, VV, VH, VV-VH with its speckle"
    assert usual.caption(chip).made_with["picture"]["filter"]
    assert raw.caption(chip).made_with["picture"]["filter"] is None
    one, other = (asked["messages"][0]["content"][0] for asked in chat.asked)
    assert one != other
    assert set(PICTURES) == set(get_args(get_args(CommandPicture)[0]))


def test_a_picture_is_three_channels_or_none(chat: Chat, chip: Chip) -> None:
    three = endpoint(chat, picture=Picture(("VV", "VH", "VV-VH"))).draw(chip)
    assert len(set(np.asarray(three)[20, 20].tolist())) > 1
    for wrong in (Chip(chip.record), Chip(chip.record, chip.pixels, ("VV", "HH"))):
        with pytest.raises(ConfigInvalid, match='chip "a" has'):
            endpoint(chat).caption(wrong)
    with pytest.raises(ConfigInvalid, match="2 channels"):
        endpoint(chat, picture=Picture(("VV", "VH"))).caption(chip)
