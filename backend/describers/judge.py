"""A model as the judge of answers; its verdicts are kept, so that no answer is judged twice."""

from __future__ import annotations

from pathlib import Path

from backend.corpus.lines import LineWriter, read_lines
from backend.describers.base import Describer
from backend.errors import ReplyInvalid

PROMPT = (
    "An answer to a question is compared with the true answer. Reply 1 if both mean the same, and "
    "0 if not; synonyms mean the same, other numbers and other sides do not. Reply with the digit "
    "alone.\nQuestion: {question}\nTrue answer: {truth}\nAnswer: {answer}"
)


class KeptJudge:
    """Says whether answers are right, as a model does, and writes each verdict down.

    Example:
        judge = KeptJudge(Endpoint("http://127.0.0.1:8080/v1"), Path("verdicts.jsonl"))
        judge("What lies there?", "a harbour", "a port")
    """

    def __init__(self, model: Describer, path: Path) -> None:
        """Take the model that judges, and the file of its verdicts, which may be there already.

        Raises:
            CorpusInvalid: the file is damaged.
        """
        self.model, self._path = model, path
        self._known = {
            tuple(row.text(name) for name in ("judge", "question", "truth", "answer")): (
                row.text("verdict") == "1"
            )
            for row in read_lines(path)
        }

    def __call__(self, question: str, truth: str, answer: str) -> bool:
        """Return whether an answer means the same as the true one.

        Raises:
            ReplyInvalid: the model does not reply 1 or 0.
        """
        key = (self.model.name, question, truth, answer)
        if key not in self._known:
            prompt = PROMPT.format(question=question, truth=truth, answer=answer)
            [reply] = self.model.converse([prompt])
            verdict = reply.strip(" \n.\"'")
            if verdict not in ("0", "1"):
                raise ReplyInvalid(
                    f'The judge {self.model.name} replies "{reply[:60]}"; expected 1 or 0.',
                    "Choose another model; verdicts so far are kept.",
                )
            names = ("judge", "question", "truth", "answer")
            with LineWriter(self._path) as verdicts:
                verdicts.add({**dict(zip(names, key, strict=True)), "verdict": verdict})
            self._known[key] = verdict == "1"
        return self._known[key]
