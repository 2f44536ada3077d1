"""What a decoder learns to write in a batch, and how well it writes what it never learnt."""

from collections.abc import Sequence

import numpy as np
import torch

from backend.towers.tower import Tower
from backend.towers.words import Vocabulary
from backend.towers.writing import lm_loss, write_script
from backend.training.towers.config import Writing
from backend.training.towers.learner import Lesson
from backend.training.towers.pairs import Caption, Part
from backend.training.towers.together import Together

MEASURED = 64  # chips at a time


def lessons_of(
    writing: Writing,
    captions: Sequence[Caption],
    clean: Sequence[Sequence[str]],
    questions: Sequence[Sequence[Caption]],
    rng: np.random.Generator,
) -> list[Lesson]:
    """Return what a batch teaches: texts that were drawn of its chips, and a question of each.

    `clean` are the `captions` without noise, one of each chip, and `questions` all of each chip, of
    which there may be none. Where nothing else is learnt, questions are among the captions.
    """
    both = zip(captions, clean, strict=True)
    drawn = [Lesson(row, one.question, words) for row, (one, words) in enumerate(both)]
    if writing.alone:
        return drawn
    asked = [(row, _draw(own, rng)) for row, own in enumerate(questions) if own]
    answers = [Lesson(row, one.question, one.fragments) for row, one in asked]
    return (drawn if "caption" in writing.writes else []) + answers


@torch.no_grad()
def writing_loss(
    tower: Tower,
    vocabulary: Vocabulary,
    part: Part,
    writing: Writing,
    together: Together = Together(),  # noqa: B008  frozen
) -> float:
    """Return the loss of a word, as a mean over chips: of one text of each, always the same one.

    Several processes take a share of the chips each.
    """
    device, most, losses = tower.temperature.device, tower.sizes.most_tokens, list[float]()
    tower.eval()
    starts = range(0, len(part), MEASURED)
    rows = [list(range(len(part)))[start : start + MEASURED] for start in starts]
    rows = rows[together.share(len(rows))]
    for own, db in zip(rows, part.batches(rows), strict=True):
        rng = np.random.default_rng(own[0])
        captions = [_draw(part.captions[number], rng) for number in own]
        clean, questions = [one.fragments for one in captions], part.questions_of(own)
        if lessons := lessons_of(writing, captions, clean, questions, rng):
            texts = [(one.question, one.fragments) for one in lessons]
            script = write_script(vocabulary, texts, most).to(device)
            seen = tower.see(db.to(device))[[one.row for one in lessons]]
            losses += [float(lm_loss(tower, seen, script))] * len(lessons)
    tower.train()
    losses = together.join(losses)
    return float(np.mean(losses)) if losses else float("nan")


def _draw(captions: Sequence[Caption], rng: np.random.Generator) -> Caption:
    return captions[int(rng.integers(len(captions)))]


def shortest(vocabulary: Vocabulary, part: Part) -> int:
    """Return how many tokens the shortest caption has."""
    captions = {one.fragments for of in part.captions for one in of if not one.question}
    lengths = (int(vocabulary.tokenise([one], 512).attended.sum()) for one in captions)
    return min(lengths, default=2) - 2  # without those that begin and end a text
