"""The figures of some heads on one survey, as PNG files."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backend.evaluation.agreement import cosines
from backend.evaluation.comparison import Candidate, PhraseVectors
from backend.evaluation.figures import (
    Places,
    Scores,
    best_rows,
    language_scatter,
    phrase_scatter,
    reliability,
    save_figure,
    top_tiles,
)
from backend.evaluation.pictures import PictureFiles, simulated_thumbnails, surveyed_thumbnails
from backend.evaluation.results import Evaluation
from backend.evaluation.tiles import as_predicted, read_tiles
from backend.progress import Progress, silent
from backend.survey import SPLITS, Survey
from backend.text import TextEncoder
from backend.text.clip import MODELS as CLIP
from backend.text.minilm import NAME as MINILM

PHRASES = ("open water", "a dense forest", "a town with houses", "farmland with open fields")
# One phrase whose meaning has a place on the map; the languages that the figures' font can write.
LANGUAGES = {
    "English": "an olive grove",
    "German": "ein Olivenhain",
    "French": "une oliveraie",
    "Spanish": "un olivar",
    "Polish": "gaj oliwny",
    "Greek": "ένας ελαιώνας",
}
ENGLISH_ONLY = (MINILM, *(model.name for model in CLIP))


@dataclass(frozen=True)
class Gallery:
    """What figures show."""

    survey: Survey
    candidates: Mapping[str, Candidate]
    """Heads and references by name."""
    texts: Mapping[str, TextEncoder]
    questions: Mapping[str, PhraseVectors]
    """By text encoder."""
    phrases: Sequence[str]
    """What tiles are shown for."""
    files: PictureFiles


@dataclass(frozen=True)
class _Answers:
    """What one head answers."""

    phrases: np.ndarray
    """(n, q): cosines of all points of the survey; NaN where it saw none."""
    languages: np.ndarray
    """The same of one phrase in several languages."""
    ranked: Scores
    """Those of the test tiles with the phrases that rank them."""


def draw_figures(
    gallery: Gallery,
    evaluations: Mapping[str, Evaluation],
    folder: Path,
    progress: Progress = silent,
) -> list[str]:
    """Write the figures into `folder`; return sentences on which were left out, and why."""
    answers = {
        name: _answer(gallery, name, evaluations[name], progress) for name in gallery.candidates
    }
    seen = np.any([np.isfinite(answer.phrases[:, 0]) for answer in answers.values()], axis=0)
    places = Places(gallery.survey.lon[seen], gallery.survey.lat[seen])
    by_phrase = {name: answer.phrases[seen] for name, answer in answers.items()}
    save_figure(phrase_scatter(places, by_phrase, gallery.phrases), folder / "scatter.png")
    ranked = {name: answer.ranked for name, answer in answers.items()}
    save_figure(reliability(ranked), folder / "reliability.png")
    left_out = []
    for name, answer in answers.items():
        left_out += _draw_top(gallery, name, answer.phrases, folder, progress)
        left_out += _draw_languages(gallery, name, places, answer.languages[seen], folder)
    return left_out


def _answer(gallery: Gallery, name: str, evaluation: Evaluation, progress: Progress) -> _Answers:
    """Return the cosines of one head, in one pass over the survey."""
    survey, candidate = gallery.survey, gallery.candidates[name]
    words = [*gallery.phrases, *LANGUAGES.values()]
    asked = as_predicted(gallery.texts[candidate.text].embed(words).astype(float), candidate.head)
    sampled = [one.phrase for one in evaluation.by_phrase]
    ranking, pictured = (
        gallery.questions[space].vocabulary[sampled].astype(float)
        for space in (candidate.text, candidate.photos)
    )
    ranking = as_predicted(ranking, candidate.head)
    everywhere = np.full((len(survey), len(asked)), np.nan)
    ranked: list[tuple[np.ndarray, np.ndarray]] = []
    seen = 0
    for split in SPLITS:
        for chunk in candidate.chunks(survey, split):
            progress(f"answering with {name}", seen, len(survey))
            seen += len(chunk)
            for tiles in read_tiles(candidate.head, chunk.checked("tile")):
                everywhere[chunk.rows[tiles.rows]] = cosines(tiles.predicted, asked)
                if split == "test":
                    photographed = cosines(tiles.reference, pictured)
                    ranked.append((cosines(tiles.predicted, ranking), photographed))
    scores = Scores(*(np.concatenate(part) for part in zip(*ranked, strict=True)))
    phrases, languages = np.split(everywhere, [len(gallery.phrases)], axis=1)
    return _Answers(phrases, languages, scores)


def _draw_top(
    gallery: Gallery, name: str, cosine: np.ndarray, folder: Path, progress: Progress
) -> list[str]:
    """Draw the best test tiles for each phrase; for real ones their files are needed."""
    survey = gallery.survey
    simulated = survey.source.get("kind") == "simulated"
    if not simulated and not gallery.files.any():
        return [f"No picture of the best tiles of {name}: give --scenes, or --photos and --points."]
    test = np.where(survey.split[:, None] == SPLITS.index("test"), cosine, np.nan)
    best = {p: best_rows(column) for p, column in zip(gallery.phrases, test.T, strict=True)}
    rows = np.concatenate(list(best.values())).tolist()
    if simulated:
        thumbnails, legend = simulated_thumbnails(survey, rows, progress)
    else:
        spec = gallery.candidates[name].spec
        thumbnails, legend = surveyed_thumbnails(survey, rows, spec, gallery.files, progress)
    shown = {
        phrase: [(float(test[row, k]), thumbnails[int(row)]) for row in best[phrase]]
        for k, phrase in enumerate(gallery.phrases)
    }
    save_figure(top_tiles(name, shown, legend), folder / f"top_tiles_{_file_name(name)}.png")
    return []


def _draw_languages(
    gallery: Gallery, name: str, places: Places, cosine: np.ndarray, folder: Path
) -> list[str]:
    text = gallery.candidates[name].text
    if text in ENGLISH_ONLY:
        return [f"No picture of {name} in several languages: {text} knows English only."]
    figure = language_scatter(places, cosine, LANGUAGES, name)
    save_figure(figure, folder / f"languages_{_file_name(name)}.png")
    return []


def _file_name(head: str) -> str:
    return re.sub(r"[^\w.-]+", "-", head).strip("-")
