"""How well a head answers: every figure of the paper's Tables 1 and 2, and the tables.

`words` measures generated captions and answers.
"""

from typing import TYPE_CHECKING

from backend.modules import lazy_names

if TYPE_CHECKING:
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

__getattr__ = lazy_names(
    __name__,
    {
        "heads": ("evaluate_head", "mean_head"),
        "results": ("Evaluation", "Figure", "PhraseAgreement", "ZeroShot"),
        "tables": ("all_tables", "as_text", "write_tables"),
    },
)
