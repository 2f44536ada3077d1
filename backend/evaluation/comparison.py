"""Heads side by side on one survey: what each is measured on, and the mean photograph beside them.

Heads may belong to several encoders and several text spaces, as long as the survey holds features
of these encoders and photographs in these spaces. Beside them stand references: encoders that
answer text by themselves, in the space of their own text tower.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from backend.device import choose_device
from backend.encoders import EncoderSpec, list_encoders
from backend.encoders.registry import find_encoder
from backend.errors import (
    EncoderUnknown,
    HeadInvalid,
    HeadMismatch,
    WeightsMissing,
)
from backend.evaluation.heads import evaluate_views, mean_head
from backend.evaluation.questions import read_questions
from backend.evaluation.results import Evaluation
from backend.evaluation.tables import MEAN
from backend.link import LinkHead, Pooling, Views, choose_pooling, open_head
from backend.progress import Progress, silent
from backend.survey import SPLITS, Survey
from backend.text import TextEncoder, load_text_encoder
from backend.text.minilm import NAME as MINILM
from backend.text.vocabulary import CLASS_PROMPTS, Vocabulary

PHRASES_AT_ONCE = 64


@dataclass(frozen=True)
class Candidate:
    """A head, or a reference without one, and the part of a survey that it is measured on."""

    head: LinkHead | None
    spec: EncoderSpec
    pooling: Pooling
    text: str
    """The text encoder that it is asked with."""
    photos: str
    """The text encoder whose space its photographs are in; for a head the same as `text`."""

    @property
    def device(self) -> torch.device:
        """Where its tiles are linked."""
        return torch.device("cpu") if self.head is None else self.head.weight.device

    def sees(self, survey: Survey, split: str) -> bool:
        """Return whether a split has a point with features and photographs."""
        views = survey.present(self.spec, text=self.photos, pooling=self.pooling)
        return bool(views[survey.split == SPLITS.index(split)].any())

    def views(self, survey: Survey, split: str) -> Views:
        """Return all points of a split that have features and photographs."""
        return survey.views(self.spec, split, text=self.photos, pooling=self.pooling)

    def chunks(self, survey: Survey, split: str) -> Iterator[Views]:
        """Yield the same, some thousand at a time; nothing for a split without any."""
        return survey.chunks(self.spec, split, text=self.photos, pooling=self.pooling)


@dataclass(frozen=True)
class PhraseVectors:
    """What tiles are asked, in one text space."""

    vocabulary: np.ndarray
    """(q, D)."""
    prompts: np.ndarray
    """(8, D): the class prompts."""


def open_candidates(
    heads: Sequence[str],
    references: Sequence[str],
    survey: Survey,
    device: str | None = None,
    photos: str | None = None,
) -> dict[str, Candidate]:
    """Return heads by name, each fit for `survey`; a second one of a name goes by its path.

    After them stand references, which are encoders that answer text by themselves. They are
    compared with the photographs in the space of `photos`, by default in that of the first head, or
    the survey's only one. Tiles are linked on `device`, but for Apple's GPU, which does not know
    float64.

    Raises:
        HeadUnknown: there is no head of a name, or at a path.
        HeadInvalid: its file is damaged.
        EncoderUnknown: an encoder is not known here, or a reference needs a head.
        HeadMismatch: the survey has no photographs in its text space.
        WeightsMissing: the weights of a reference are not on this machine.
        ConfigInvalid: the survey has photographs in several spaces, and none was chosen.
    """
    candidates: dict[str, Candidate] = {}
    chosen = choose_device(device)
    chosen = torch.device("cpu") if chosen.type == "mps" else chosen
    for name in dict.fromkeys(heads):
        head = open_head(name)
        title = head.meta.name
        candidates[name if title in candidates else title] = _candidate(head, survey, chosen)
    if photos is None and candidates:
        photos = next(iter(candidates.values())).photos
    named = set(candidates)
    for name in dict.fromkeys(references):
        spec = _reference_spec(name)
        title = f"{name}, without a head" if name in named else name
        pooling = choose_pooling(spec.grid)
        candidates[title] = Candidate(None, spec, pooling, str(spec.text), survey.text(photos))
    return candidates


def _candidate(head: LinkHead, survey: Survey, device: torch.device) -> Candidate:
    meta = head.meta
    spaces = {text: survey.space(text) for text in survey.texts()}
    if spaces.get(meta.text) != meta.text_space:
        held = ", ".join(f"{text}: {space}" for text, space in spaces.items()) or "none"
        raise HeadMismatch(
            f"The head {meta.name} belongs to the text space {meta.text}: {meta.text_space}; the "
            f"survey {survey.path.name} has photographs in {held}.",
            "Choose a head of the survey's text space, or embed the photographs in the head's.",
        )
    known = {spec.name: spec for spec in list_encoders()}
    if meta.encoder not in known:
        raise EncoderUnknown(
            f"The head {meta.name} belongs to the encoder {meta.encoder!r}, which is not known.",
            f"Encoders: {', '.join(known)}.",
        )
    fields = meta.training.get("pooling", {})
    try:
        pooling = Pooling(**fields)  # what the head was fitted on, by its card
    except TypeError as error:
        raise HeadInvalid(
            f"The head {meta.name} was fitted on the pooling {fields}; expected kind and extent_m.",
            "Train it anew: python -m backend.train.",
        ) from error
    # The survey knows whose features it holds; the encoder's weights need not be here.
    spec = dataclasses.replace(known[meta.encoder], identity=meta.encoder_identity)
    if _of_captions(meta.training.get("survey", {})) and not _of_captions(survey.source):
        # A caption has no direction, the photographs here have one: they are what is asked for.
        pooling = choose_pooling(spec.grid, pooling.extent_m)
    return Candidate(_on(device, head), spec, pooling, meta.text, meta.text)


def _of_captions(source: Mapping[str, object]) -> bool:
    return source.get("kind") == "captions"


def _reference_spec(name: str) -> EncoderSpec:
    find_encoder(name)  # says it when there is none
    known = {spec.name: spec for spec in list_encoders()}
    able = [spec.name for spec in known.values() if spec.text]
    if name not in able:
        raise EncoderUnknown(
            f"{name} is not a reference: it needs a head.",
            f"Encoders that answer text by themselves: {', '.join(able)}.",
        )
    if known[name].unavailable:
        raise WeightsMissing(f"The reference {name} needs its weights.", known[name].unavailable)
    return known[name]


def load_texts(
    candidates: Mapping[str, Candidate], survey: Survey, weights: Path | None, device: str | None
) -> dict[str, TextEncoder]:
    """Return the text encoders of predictions and photographs, by name.

    Raises:
        HeadMismatch: the space of one is not that of the photographs; `weights` are of these.
    """
    encoders: dict[str, TextEncoder] = {}
    for name in dict.fromkeys(candidate.photos for candidate in candidates.values()):
        own = None if name == MINILM else weights  # minilm brings its own
        encoders[name] = load_text_encoder(name, own, device)
        space = survey.space(name)
        if encoders[name].space != space:
            raise HeadMismatch(
                f"The photographs of the survey {survey.path.name} belong to the text space "
                f"{space}; the text encoder {name} gives {encoders[name].space}.",
                "Give the weights that the photographs were embedded with: --text-weights.",
            )
    for candidate in candidates.values():
        if candidate.text not in encoders:
            encoders[candidate.text] = load_text_encoder(candidate.text, None, device)
    return encoders


def _on(device: torch.device, head: LinkHead) -> LinkHead:
    return dataclasses.replace(head, weight=head.weight.to(device), bias=head.bias.to(device))


def embed_questions(
    texts: Mapping[str, TextEncoder], vocabulary: Vocabulary, progress: Progress = silent
) -> dict[str, PhraseVectors]:
    """Embed the vocabulary and the class prompts in the space of each text encoder."""
    return {name: _embed(text, vocabulary, progress) for name, text in texts.items()}


def _embed(text: TextEncoder, vocabulary: Vocabulary, progress: Progress) -> PhraseVectors:
    phrases = [*vocabulary.phrases, *CLASS_PROMPTS]
    vectors = []
    for start in range(0, len(phrases), PHRASES_AT_ONCE):
        progress("embedding phrases", start, len(phrases))
        vectors.append(text.embed(phrases[start : start + PHRASES_AT_ONCE]))
    split = len(vocabulary.phrases)
    everything = np.concatenate(vectors)
    return PhraseVectors(everything[:split], everything[split:])


def compare_heads(
    survey: Survey,
    candidates: Mapping[str, Candidate],
    questions: Mapping[str, PhraseVectors],
    vocabulary: Vocabulary,
    *,
    seed: int = 0,
    resamples: int = 200,
    progress: Progress = silent,
) -> dict[str, Evaluation]:
    """Measure every candidate on the test split, then the mean photograph of each text space.

    `questions` are by text encoder. A survey without classes gives no zero-shot figures.

    Raises:
        SurveyInvalid: the test split is empty, or features are missing or not finite.
        HeadMismatch: a head links other dimensions than the survey has.
    """
    found: dict[str, Evaluation] = {}
    spaces = {candidate.photos for candidate in candidates.values()}
    for name, candidate in candidates.items():
        test, validation = candidate.views(survey, "test"), None
        if candidate.head is not None and (survey.split == SPLITS.index("validation")).any():
            validation = candidate.views(survey, "validation")
        classes, (d, dim) = survey.land_class[test.rows], test.dims
        pictured = questions[candidate.photos]
        asked = {name: (candidate.head, questions[candidate.text], dim if candidate.head else d)}
        mean = MEAN if len(spaces) == 1 else f"{MEAN}, {candidate.photos}"
        if mean not in found and candidate.sees(survey, "train"):
            knows_nothing = _on(candidate.device, mean_head(candidate.chunks(survey, "train")))
            asked[mean] = (knows_nothing, pictured, dim)
        for title, (head, asking, width) in asked.items():
            phrases = (asking.vocabulary, pictured.vocabulary, vocabulary.categories)
            found[title] = evaluate_views(
                head,
                test,
                read_questions(*phrases, asking.prompts, seed, dims=(width, dim)),
                classes if (classes >= 0).any() else None,
                validation=validation,
                seed=seed,
                resamples=resamples,
                progress=progress,
            )
    return {name: found[name] for name in candidates} | found
