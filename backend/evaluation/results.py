"""The figures of one head, as they stand in Tables 1 and 2."""

from dataclasses import dataclass

from backend.evaluation.bootstrap import Figure


@dataclass(frozen=True)
class ZeroShot:
    """Land cover answered by the class prompt with the highest cosine."""

    top1: Figure
    by_class: dict[str, Figure]  # by LUCAS letter; NaN for a class without tiles
    confusion: tuple[tuple[int, ...], ...]  # tiles by true class, then by answered class


@dataclass(frozen=True)
class CaptionAgreement:
    """Per tile, Spearman's rho over the vocabulary, or over one category of it; the mean."""

    rho: Figure
    by_category: dict[str, Figure]


@dataclass(frozen=True)
class PhraseAgreement:
    """Retrieval agreement of one phrase, `phrase` its row in the vocabulary."""

    phrase: int
    precision: dict[int, float]
    rho: float


@dataclass(frozen=True)
class RetrievalAgreement:
    """Per phrase, the overlap of the first K tiles and rho of the two rankings; the mean."""

    precision: dict[int, Figure]
    rho: Figure
    chance: dict[int, float]  # P@K of a ranking that knows nothing: K/N
    by_phrase: tuple[PhraseAgreement, ...]


@dataclass(frozen=True)
class Evaluation:
    """Every figure of one head on one split; NaN where there was nothing to measure."""

    tiles: int
    views: int
    validation_cosine: Figure | None
    test_cosine: Figure
    zero_shot: ZeroShot | None
    caption: CaptionAgreement
    retrieval: RetrievalAgreement
