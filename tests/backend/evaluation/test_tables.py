"""The tables say the same on screen, as CSV, JSON and LaTeX, with the paper's rows beside."""

import csv
import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from backend.evaluation import (
    Evaluation,
    Figure,
    all_tables,
    as_text,
    evaluate_head,
    metrics,
    write_tables,
)
from backend.evaluation.metrics import METRICS, Metric
from backend.evaluation.paper import PAPER
from backend.evaluation.tables import as_json, rows
from backend.link import LinkHead

CATEGORIES = ["wet", "dry"] * 20


def evaluation(seed: int, with_classes: bool = True) -> Evaluation:
    rng = np.random.default_rng(seed)
    weight = torch.from_numpy(rng.standard_normal((6, 9)))
    head = LinkHead(weight, torch.zeros(9, dtype=torch.float64))
    pooled = torch.from_numpy(rng.standard_normal((200, 4, 6)))
    return evaluate_head(
        head,
        pooled,
        pooled @ weight + torch.from_numpy(rng.standard_normal((200, 4, 9))),
        classes=rng.integers(0, 7, 200) if with_classes else None,
        vocabulary=rng.standard_normal((40, 9)),
        categories=CATEGORIES,
        prompts=rng.standard_normal((8, 9)),
        resamples=10,
    )


@pytest.fixture(scope="module")
def evaluations() -> dict[str, Evaluation]:
    return {"texture-s1_minilm": evaluation(1), "50% & more": evaluation(2, with_classes=False)}


@pytest.fixture(scope="module")
def written(
    evaluations: dict[str, Evaluation], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("tables") / "new"
    write_tables(folder, evaluations)
    return {path.suffix: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_the_paper_s_rows_are_those_of_the_method_page(real: Path) -> None:
    page = (real.parents[1] / "method.md").read_text(encoding="utf-8")
    for name, values in PAPER.items():
        lines = [line for line in page.splitlines() if line.startswith(f"| {name} |")]
        for line in lines:
            cells = [cell.strip() for cell in line.strip("| ").split("|")][1:]
            found = [float(cell) if cell else math.nan for cell in cells]
            found[2] = round(found[2] / 100, 4)
            assert found == pytest.approx(list(values.values()), abs=1e-9, nan_ok=True)
        assert lines or name in ("GLUE rgb", "MS-CLIP 10-band", "CLIP rgb")


def test_the_screen_shows_every_table(evaluations, written) -> None:
    text = as_text(all_tables(evaluations))
    assert text == written[".txt"]
    for word in ("Tables 1 and 2", "ρ retrieval", "SSL4EO-S1 1024-d (paper)", "H wetland", "wet"):
        assert word in text
    found = evaluations["texture-s1_minilm"]
    assert f"{found['test_cosine'].value:.3f}" in text
    assert f"{100 * found['top1'].value:.1f}" in text
    assert f"±{(found['test_cosine'].high - found['test_cosine'].low) / 2:.3f}" in text
    assert "200 tiles are too few for P@500." in text
    assert "nan" not in text


def test_the_csv_carries_values_and_intervals(evaluations, written) -> None:
    lines = {line["name"]: line for line in csv.DictReader(written[".csv"].splitlines())}
    assert [line["source"] for line in lines.values()].count("paper") == len(PAPER)
    for name, found in evaluations.items():
        assert float(lines[name]["caption_rho"]) == found["caption_rho"].value
        assert float(lines[name]["caption_rho_low"]) == found["caption_rho"].low
        assert lines[name]["precision_at_500"] == ""
    assert lines["50% & more"]["top1"] == ""
    assert float(lines["chance, 200 tiles"]["precision_at_100"]) == 0.5


def test_the_json_carries_every_figure(evaluations, written) -> None:
    read = json.loads(written[".json"], parse_constant=pytest.fail)
    found = evaluations["texture-s1_minilm"]
    head = read["heads"]["texture-s1_minilm"]
    assert head["zero_shot"]["confusion"] == [list(row) for row in found.zero_shot.confusion]
    assert head["caption"]["by_category"]["wet"]["value"] == found.by_category["wet"].value
    assert len(head["retrieval"]["by_phrase"]) == 40
    assert head["retrieval"]["precision"]["500"]["value"] is None
    assert read["heads"]["50% & more"]["zero_shot"] is None
    assert read["paper"]["AlphaEarth 64-d"]["retrieval_rho"] == 0.567


def test_the_latex_escapes_names_and_has_a_cell_for_every_column(evaluations, written) -> None:
    lines = [line for line in written[".tex"].splitlines() if line.endswith(r"\\")]
    assert len(lines) == 1 + len(rows(evaluations))
    assert {line.replace(r"\&", "").count("&") for line in lines} == {len(METRICS)}
    assert any(line.startswith(r"texture-s1\_minilm & ") for line in lines)
    assert any(line.startswith(r"50\% \& more & ") for line in lines)
    assert "nan" not in written[".tex"]


def test_a_metric_is_added_in_one_place_and_stands_in_every_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Views of a tile: an entry with a value, an interval, a heading and a value by chance."""
    views = Metric(
        "views_of_a_tile",
        "Views",
        lambda scores: Figure(float(scores.tiles.views.mean()), 3.5, 4.25),
        latex=r"$\bar v$",
        path=("retrieval", "views"),
        chance=lambda tiles: 2.0,
    )
    monkeypatch.setattr(metrics, "METRICS", (*METRICS, views))
    write_tables(tmp_path, {"head": evaluation(3)})
    written = {path.suffix: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    lines = written[".txt"].splitlines()
    assert next(line for line in lines if "ρ retrieval" in line).split("┃")[-2].strip() == "Views"
    assert next(line for line in lines if "│ head" in line).split("│")[-2].strip() == "4.000"
    assert "±0.375" in written[".txt"]
    table = {line["name"]: line for line in csv.DictReader(written[".csv"].splitlines())}
    assert [table["head"][f"views_of_a_tile{end}"] for end in ("", "_low", "_high")] == [
        "4.0", "3.5", "4.25"
    ]  # fmt: skip
    assert table["chance, 200 tiles"]["views_of_a_tile"] == "2.0"
    assert table["SSL4EO-S1 1024-d"]["views_of_a_tile"] == ""
    head = json.loads(written[".json"])["heads"]["head"]
    assert head["retrieval"]["views"] == {"value": 4.0, "low": 3.5, "high": 4.25}
    assert r"& $\bar v$ \\" in written[".tex"] and r"& 4.000 \\" in written[".tex"]


@pytest.mark.parametrize(
    "path", [("views",), ("views", "mean"), ("retrieval", "rho"), ("caption", "by_category")]
)
def test_two_figures_at_one_path_of_the_json_are_refused(
    path: tuple[str, ...], evaluations: dict[str, Evaluation], monkeypatch: pytest.MonkeyPatch
) -> None:
    again = dataclasses.replace(metrics.metric("test_cosine"), path=path)
    monkeypatch.setattr(metrics, "METRICS", (*METRICS, again))
    with pytest.raises(ValueError, match=f"^{'/'.join(path)} is taken in tables.json"):
        as_json(evaluations)


def test_a_figure_stands_in_a_group_whose_first_metric_is_missing(
    evaluations: dict[str, Evaluation], monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = dataclasses.replace(metrics.metric("test_cosine"), path=("zero_shot", "cosine"))
    monkeypatch.setattr(metrics, "METRICS", (*METRICS, beside))
    head = json.loads(as_json(evaluations))["heads"]["50% & more"]
    assert head["zero_shot"] == {"cosine": head["test_cosine"]}
