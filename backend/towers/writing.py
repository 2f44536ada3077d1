"""What a tower with a decoder writes: captions, answers, and how likely answers of a list are.

A caption begins with the token that begins every text. An answer goes on after its question, which
the decoder reads first: begin, question, end, answer, end. Only what is written is learnt.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from transformers import DynamicCache, EncoderDecoderCache

from backend.towers.losses import mlm_loss
from backend.towers.search import Step, Written, search
from backend.towers.settings import Search
from backend.towers.tower import Tower
from backend.towers.words import Vocabulary


@dataclass(frozen=True)
class Script:
    """Texts to be written; t is the length of the longest."""

    ids: torch.Tensor
    """(n, t) int64."""
    asked: torch.Tensor
    """(n, t) bool: which tokens are to be written, the end among them."""

    @property
    def words(self) -> int:
        """How many tokens are to be written."""
        return int(self.asked[:, 1:].sum())

    def to(self, device: torch.device) -> "Script":
        """Return the same on a device."""
        return Script(self.ids.to(device), self.asked.to(device))


def write_script(
    vocabulary: Vocabulary, texts: Sequence[tuple[str, Sequence[str]]], most: int
) -> Script:
    """Return questions, empty for captions, and texts of fragments as at most `most` tokens.

    A question is cut off after half of them.
    """
    rows = []
    for question, fragments in texts:
        begun = begin(vocabulary, question, most)
        own = vocabulary.tokenise([fragments], most - len(begun) + 1).ids[0, 1:]
        rows.append((torch.tensor(begun), own))
    padded = torch.nn.utils.rnn.pad_sequence
    ids = padded([torch.cat(row) for row in rows], True, vocabulary.pad)
    given = [torch.zeros(len(one), dtype=torch.bool) for one, _ in rows]
    asked = [torch.cat([no, torch.ones(len(own), dtype=torch.bool)]) for no, (_, own) in
             zip(given, rows, strict=True)]  # fmt: skip
    return Script(ids, padded(asked, True, False))


def begin(vocabulary: Vocabulary, question: str, most: int) -> list[int]:
    """Return the tokens before what is written: one for a caption, those of a question."""
    if not question:
        return [vocabulary.begin]
    return [int(one) for one in vocabulary.tokenise([[question]], most // 2).ids[0]]


def lm_loss(tower: Tower, seen: torch.Tensor, script: Script) -> torch.Tensor:
    """Return the loss of a word of texts about chips with these states (n, p, width), as a mean."""
    states = tower.write(script.ids[:, :-1], seen)
    asked = script.asked[:, 1:]
    return mlm_loss(tower.fill(states[asked]), script.ids[:, 1:][asked])


@torch.no_grad()
def likelihoods(
    tower: Tower, vocabulary: Vocabulary, seen: torch.Tensor, question: str, texts: Sequence[str]
) -> list[float]:
    """Return the logarithm of how likely each text is about a chip with states (1, p, width).

    `question` is what the texts answer; they are captions where it is empty.
    """
    lessons = [(question, [text]) for text in texts]
    script = write_script(vocabulary, lessons, tower.sizes.most_tokens).to(seen.device)
    states = tower.write(script.ids[:, :-1], seen.expand(len(texts), -1, -1))
    words = _scores(tower, vocabulary, states).log_softmax(dim=2)
    own = words.gather(2, script.ids[:, 1:, None])[..., 0]
    return [float(one) for one in own.masked_fill(~script.asked[:, 1:], 0.0).sum(dim=1)]


def write(
    tower: Tower, vocabulary: Vocabulary, seen: torch.Tensor, question: str, how: Search
) -> list[Written]:
    """Return the best texts about a chip with states (1, p, width), the best first.

    Their length is also limited by the longest text that the tower can read.
    """
    begun = begin(vocabulary, question, tower.sizes.most_tokens)
    most = min(how.most, tower.sizes.most_tokens - len(begun))
    how = replace(how, most=most, least=min(how.least, most - 1))
    return search(next_word(tower, vocabulary, seen), begun, vocabulary.end, how)


def next_word(tower: Tower, vocabulary: Vocabulary, seen: torch.Tensor) -> Step:
    """Return what gives logits of the next word about a chip with states (1, p, width).

    It keeps what its layers have computed of the words so far.
    """
    cache = EncoderDecoderCache(DynamicCache(), DynamicCache())

    def step(ids: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        if cache.get_seq_length():
            cache.reorder_cache(rows.to(seen.device))
            ids = ids[:, -1:]
        states = tower.write(ids.to(seen.device), seen.expand(len(ids), -1, -1), cache)
        return _scores(tower, vocabulary, states[:, -1])

    return step


def _scores(tower: Tower, vocabulary: Vocabulary, states: torch.Tensor) -> torch.Tensor:
    """Return logits (…, vocabulary) in which no token can be that stands for no word."""
    logits = tower.fill(states)
    logits[..., [one for one in vocabulary.no_words if one != vocabulary.end]] = -torch.inf
    return logits
