"""A corpus is a survey: a chip's captions are one view without a direction."""

from pathlib import Path

import numpy as np
import pytest

from backend.corpus import Corpus, Fragment, Text
from backend.corpus.pixels import read_db
from backend.corpus.splitting import split_corpus
from backend.corpus.survey import MEAN, build_caption_survey
from backend.errors import CorpusInvalid
from backend.progress import Cancelled
from backend.text import TextEncoder
from tests.support.small_encoder import WindowEncoder

WORDS = ("a river", "a town", "dark fields")


@pytest.fixture
def captioned(corpus: Corpus) -> Corpus:
    """Captions of every chip but one, a second caption of the first, and a question."""
    names = [chip.name for chip in corpus.chips()]
    texts = [
        Text(name, (Fragment(WORDS[k % 3]),), task="concise") for k, name in enumerate(names[:-1])
    ]
    texts.append(Text(names[0], (Fragment("a town"),), task="complex"))
    texts.append(Text(names[1], (Fragment("2"),), "question", "How many towns?"))
    corpus.write_texts(texts)
    split_corpus(corpus, (60, 20, 20), square_km=1.0)
    return corpus


def test_captions_stand_in_all_views_beside_the_mean_of_their_chip(
    captioned: Corpus, minilm: TextEncoder, tmp_path: Path
) -> None:
    encoder = WindowEncoder()
    report = build_caption_survey(captioned, tmp_path / "s", encoder, minilm)
    survey = report.survey
    splits = captioned.splits()
    assert report.points == len(survey) == sum(map(len, splits.values())) - report.without
    train = survey.views(encoder.spec, "train", text=minilm.name, pooling=MEAN)
    assert set(survey.ids[train.rows].tolist()) <= set(splits["train"])
    assert bool((train.pooled == train.pooled[:, :1]).all() and train.valid.all())
    row = int(train.rows[0])
    chip = next(chip for chip in captioned.chips() if chip.name == survey.ids[row])
    side = (chip.width or 0) // 2
    db = read_db(captioned, chip)[:, side - 16 : side + 16, side - 16 : side + 16]
    pooled = MEAN.pool(encoder.encode(db[None]), encoder.spec.cell_m)[0]
    np.testing.assert_allclose(train.pooled[0].float(), pooled, atol=2e-3)
    caption = next(text for text in captioned.texts() if text.chip == chip.name)
    (wanted,) = minilm.embed([caption.plain])
    if chip.name != next(captioned.chips()).name:
        np.testing.assert_allclose(train.photos[0, 0].float(), wanted, atol=2e-3)


def test_a_survey_that_was_left_is_finished_and_is_the_same(
    captioned: Corpus, minilm: TextEncoder, tmp_path: Path
) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if stage == "encoding chips":
            raise Cancelled

    whole = build_caption_survey(captioned, tmp_path / "a", WindowEncoder(), minilm).survey
    with pytest.raises(Cancelled):
        build_caption_survey(captioned, tmp_path / "b", WindowEncoder(), minilm, progress=stop)
    again = WindowEncoder()
    left = build_caption_survey(captioned, tmp_path / "b", again, minilm).survey
    for split in ("train", "test"):
        one, other = (
            of.views(again.spec, split, text=minilm.name, pooling=MEAN) for of in (whole, left)
        )
        assert bool((one.pooled == other.pooled).all() and (one.photos == other.photos).all())


def test_captions_of_one_type_alone_can_be_taken(
    captioned: Corpus, minilm: TextEncoder, tmp_path: Path
) -> None:
    kept = captioned.splits()
    first = next(captioned.chips()).name
    inside = any(first in names for names in kept.values())
    arguments = (captioned, tmp_path / "s", WindowEncoder(), minilm, ("complex",))
    if inside:
        assert build_caption_survey(*arguments).points == 1
    else:
        with pytest.raises(CorpusInvalid, match="has a caption"):
            build_caption_survey(*arguments)


def test_what_a_survey_needs_is_said(
    corpus: Corpus, captioned: Corpus, minilm: TextEncoder, tmp_path: Path
) -> None:
    with pytest.raises(CorpusInvalid, match=r"64 × 64 pixels of 10 m; window takes 96"):
        build_caption_survey(captioned, tmp_path / "s", WindowEncoder(12), minilm)
    assert not (tmp_path / "s").exists()  # no caption was embedded for nothing
    lines = captioned.folder / "chips.jsonl"
    lines.write_text(lines.read_text().replace('"metres_per_pixel"', '"metres"'))
    with pytest.raises(CorpusInvalid, match="pixels of an unknown size; window takes"):
        build_caption_survey(captioned, tmp_path / "s", WindowEncoder(), minilm)
    (corpus.folder / "splits.json").unlink()
    with pytest.raises(CorpusInvalid, match="has no split"):
        build_caption_survey(corpus, tmp_path / "t", WindowEncoder(), minilm)
