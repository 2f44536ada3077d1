"""How well a head answers: every figure of the paper's Tables 1 and 2, and the tables."""

from backend.evaluation.heads import evaluate_head, mean_head
from backend.evaluation.results import Evaluation, Figure, PhraseAgreement, ZeroShot
from backend.evaluation.tables import all_tables, as_text, write_tables

__all__ = [
    "Evaluation",
    "Figure",
    "PhraseAgreement",
    "ZeroShot",
    "all_tables",
    "as_text",
    "evaluate_head",
    "mean_head",
    "write_tables",
]
