"""A model as judge: its verdicts are kept, and a reply that is none is refused."""

from pathlib import Path

import pytest

from backend.describers.endpoint import Endpoint
from backend.describers.judge import KeptJudge
from backend.errors import ReplyInvalid
from tests.support.chat_server import chatting


def test_a_verdict_is_asked_for_once(tmp_path: Path) -> None:
    with chatting() as chat:
        chat.answer = lambda asked: (
            str(int("Answer: port" in asked["messages"][0]["content"])) + "."
        )
        model = Endpoint(chat.url, "small")
        judge = KeptJudge(model, tmp_path / "verdicts.jsonl")
        assert judge("What?", "harbour", "port") and not judge("What?", "harbour", "field")
        again = KeptJudge(model, tmp_path / "verdicts.jsonl")
        assert again("What?", "harbour", "port") and not again("What?", "harbour", "field")
        assert len(chat.asked) == 2
        chat.answer = lambda asked: "maybe"
        with pytest.raises(ReplyInvalid, match='replies "maybe"; expected 1 or 0'):
            judge("What?", "harbour", "quay")
