"""What is measured of a model that finds chips and texts of a corpus: as a table and as JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.table import Table

from backend.evaluation.tables import as_text
from backend.evaluation.words.published import KNOWLIP, RETRIEVAL_TEST
from backend.evaluation.words.retrieval import DEPTHS, Retrieval
from backend.io.disk import write_file

CONTRAST, CHANCE = "contrast alone", "by chance"


@dataclass(frozen=True)
class SearchReport:
    """How a model finds the chips and texts of one split."""

    model: str
    """Its name."""
    corpus: str
    """The corpus it was asked about."""
    split: str
    """The split of it."""
    contrast: Retrieval
    """By cosine."""
    rescored: Retrieval | None
    """In two steps; None of a model that matches nothing."""
    most: int
    """How many of the best by cosine are put in order."""
    chance: Retrieval
    """What a random order comes to."""

    @property
    def rows(self) -> dict[str, Retrieval]:
        """What was measured, by how."""
        two = {f"matching of the best {self.most:,}": self.rescored} if self.rescored else {}
        return {CONTRAST: self.contrast, **two, CHANCE: self.chance}


def search_table(report: SearchReport) -> Table:
    """Return R@K both ways and mR in percent, with chance and with printed rows."""
    chips, texts = report.contrast.images, report.contrast.texts
    where = f"{report.corpus}, {report.split}: {chips:,} chips, {texts:,} texts"
    table = Table("", title=f"Retrieval by {report.model}, %; {where}")
    for way in ("chip → text", "text → chip"):
        for depth in DEPTHS:
            table.add_column(f"{way}\nR@{depth}", justify="right")
    table.add_column("mR", justify="right")
    for name, found in report.rows.items():
        recalls = (*found.image_to_text.values(), *found.text_to_image.values(), found.mean_recall)
        table.add_row(name, *(f"{100 * share:.2f}" for share in recalls))
    table.add_section()
    for row in KNOWLIP:
        table.add_row(f"{row.model}, printed", *(f"{value:.2f}" for value in row.retrieval))
    single = "Every chip has one text, so chip → text has one hit, too. " if chips == texts else ""
    table.caption = (
        f"Any text of a chip is a hit. {single}Of equal scores the right one comes last. A text's "
        f"own chip comes before {100 * report.contrast.outscored:.1f} % of the others by contrast, "
        f"50 by chance. Printed: SAR-KnowLIP's paper, on its own test of {RETRIEVAL_TEST}; other "
        "chips and texts, and not reproduced here."
    )
    return table


def write_search(folder: Path, report: SearchReport) -> None:
    """Write retrieval.txt and retrieval.json into a folder, each whole.

    Raises:
        DiskFull: the disk of the folder is full.
        OutputUnwritable: nothing can be written there.
    """
    means = {name: found.mean_recall for name, found in report.rows.items()}
    printed = {row.model: row.retrieval for row in KNOWLIP}
    values = asdict(report) | {"mean_recall": means, "printed": printed}
    write_file(folder / "retrieval.txt", as_text([search_table(report)]).encode())
    write_file(folder / "retrieval.json", (json.dumps(values, indent=1) + "\n").encode())
