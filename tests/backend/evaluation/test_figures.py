"""Figures show the data they are given: what is drawn is looked up in the figure's own parts."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from PIL import Image
from scipy.stats import rankdata, spearmanr

from backend.errors import OutputUnwritable
from backend.evaluation.agreement import Rankings
from backend.evaluation.figures import (
    Legend,
    Places,
    Scores,
    Thumbnail,
    best_rows,
    language_scatter,
    phrase_scatter,
    reliability,
    save_figure,
    top_tiles,
)
from backend.evaluation.figures.places import Projection
from backend.evaluation.figures.top import NO_DATA, composite

N = 300
PHRASES = ["open water", "a forest", "a village"]


def europe(n: int = N, seed: int = 0) -> Places:
    rng = np.random.default_rng(seed)
    return Places(rng.uniform(-9, 30, n), rng.uniform(37, 69, n))


def panels(figure: Figure) -> list[Axes]:
    """Axes that show tiles, in the order of the page."""
    return [axes for axes in figure.axes if axes.get_title()]


def tiles_of(axes: Axes) -> PathCollection:
    (tiles,) = (one for one in axes.collections if one.get_gid() == "tiles")
    assert isinstance(tiles, PathCollection)
    return tiles


def words(figure: Figure) -> list[str]:
    inside = [text.get_text() for axes in figure.axes for text in axes.texts]
    return [text.get_text() for text in figure.texts] + inside


# Places


def test_europe_is_drawn_true_to_area() -> None:
    projection = europe().projection
    x, y = projection.project(np.array([10.0]), np.array([52.0]))
    assert (x[0], y[0]) == pytest.approx((4321.0, 3210.0), abs=1e-6)  # where EPSG:3035 begins

    def area(lon: float, lat: float) -> float:
        step = 0.01
        ring = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * step
        x, y = projection.project(lon + ring[:, 0], lat + ring[:, 1])
        return 0.5 * abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / np.cos(np.radians(lat))

    areas = [area(lon, lat) for lon, lat in ((-9, 38), (10, 52), (28, 68))]
    assert np.ptp(areas) < 0.01 * areas[0]  # degrees are of an ellipsoid


@given(st.floats(-170, 170), st.floats(-70, 20))
def test_elsewhere_a_kilometre_is_a_kilometre_both_ways(lon: float, lat: float) -> None:
    projection = Projection.of(np.array([lon, lon]), np.array([lat, lat]))
    assert not projection.europe
    step = np.array([0.0, 0.01])
    x, _ = projection.project(lon + step, np.array([lat, lat]))
    _, y = projection.project(np.array([lon, lon]), lat + step)
    assert np.ptp(x) == pytest.approx(1.1132 * np.cos(np.radians(lat)), rel=1e-6)
    assert np.ptp(y) == pytest.approx(1.1132, rel=1e-6)


def test_one_point_outside_europe_changes_the_projection() -> None:
    assert Projection.of(np.array([10.0, 30.0]), np.array([50.0, 60.0])).europe
    assert not Projection.of(np.array([10.0, 80.0]), np.array([50.0, 60.0])).europe


# The scatter of every tile


def test_every_tile_stands_in_its_place_with_its_cosine_the_best_on_top() -> None:
    places, rng = europe(), np.random.default_rng(1)
    cosines = {name: rng.normal(0.05, 0.02, (N, 3)) for name in ("one", "other")}
    cosines["one"][:40, 0] = np.nan
    figure = phrase_scatter(places, cosines, PHRASES)
    assert [axes.get_title() for axes in panels(figure)] == PHRASES
    assert {"one", "other"} <= set(words(figure))
    drawn = [axes for axes in figure.axes if any(c.get_gid() == "tiles" for c in axes.collections)]
    assert len(drawn) == 6
    for axes, values in zip(drawn, [*cosines["one"].T, *cosines["other"].T], strict=True):
        tiles = tiles_of(axes)
        order = np.argsort(values)[: np.isfinite(values).sum()]
        assert np.array_equal(tiles.get_array(), values[order])
        wanted = np.column_stack([places.x[order], places.y[order]])
        assert np.asarray(tiles.get_offsets()) == pytest.approx(wanted)
        norm = tiles.norm
        assert isinstance(norm, PowerNorm) and norm.gamma == 2.5
        known = values[np.isfinite(values)]
        assert norm.vmin == pytest.approx(np.percentile(known, 2))
        assert norm.vmax == known.max()
        left, right = axes.get_xlim()
        assert left < places.x.min() and places.x.max() < right


def test_the_colour_bar_tells_the_ends() -> None:
    cosine = np.linspace(-0.1, 0.3, N)[:, None]
    figure = phrase_scatter(europe(), {"head": cosine}, ["open water"])
    bar = figure.axes[-1]
    low = np.percentile(cosine, 2)
    assert [label.get_text() for label in bar.get_xticklabels()] == [
        f"{low:.3f}".replace("-", "−"),
        f"{low + 0.5**0.4 * (0.3 - low):.3f}",
        "0.300",
    ]


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_tiles_or_none_still_make_a_picture(n: int, tmp_path: Path) -> None:
    places = Places(np.full(n, 13.0), np.full(n, 48.0))
    cosines = np.full((n, 6), 0.1)
    languages = {f"language {k}": "word" for k in range(6)}
    for figure in (
        phrase_scatter(places, {"head": cosines[:, :3]}, PHRASES),
        language_scatter(places, cosines, languages, "head"),
    ):
        save_figure(figure, tmp_path / "figure.png")
        assert words(figure).count("no tiles") == (len(panels(figure)) if n == 0 else 0)


def test_languages_say_how_much_their_ranking_agrees_with_the_first() -> None:
    rng = np.random.default_rng(2)
    cosines = rng.standard_normal((N, 1)) + rng.standard_normal((N, 5))
    cosines[::7] = np.nan
    languages = dict(zip(("English", "German", "French", "Polish", "Greek"), "abcde", strict=True))
    figure = language_scatter(europe(), cosines, languages, "head")
    titles = [axes.get_title().split("\n") for axes in panels(figure)]
    assert titles[0] == ["a", "English"]
    for k, language in enumerate(list(languages)[1:], 1):
        seen = np.isfinite(cosines[:, 0])
        rho = spearmanr(cosines[seen, 0], cosines[seen, k]).statistic
        assert titles[k] == ["abcde"[k], f"{language} · ρ = {rho:.2f} with English"]
    for axes, values in zip(panels(figure), cosines.T, strict=True):
        assert np.array_equal(tiles_of(axes).get_array(), np.sort(values[np.isfinite(values)]))


# The best tiles


@given(st.lists(st.sampled_from([-0.2, 0.0, 0.1, 0.3, float("nan")]), max_size=9))
def test_the_best_are_the_highest_and_never_unknown(values: list[float]) -> None:
    cosines = np.array(values)
    best = best_rows(cosines)
    known = np.sort(cosines[np.isfinite(cosines)])[::-1]
    assert np.array_equal(cosines[best], known[:4])
    assert len(set(best)) == len(best)


def test_the_composite_is_vv_vh_and_their_difference() -> None:
    db = np.empty((2, 6, 8), np.float32)
    db[0], db[1] = -11.5, -18.5
    assert composite(db) == pytest.approx(
        np.broadcast_to([8.5 / 17, 8.5 / 17, 7 / 15], (6, 8, 3)), abs=1e-5
    )
    db[:, :, 5:] = np.nan
    made = composite(db)
    assert (made[:, 5:] == NO_DATA).all()
    assert made[:, :5] == pytest.approx(composite(db[:, :, :5]), abs=1e-6)  # nothing leaks


def test_each_best_tile_shows_its_radar_its_picture_and_its_cosine() -> None:
    rng = np.random.default_rng(3)

    def thumbnail(k: int) -> Thumbnail:
        db = rng.normal(-12, 2, (2, 20, 20)).astype(np.float32)
        return Thumbnail(db, rng.integers(0, 256, (20, 20, 3), np.uint8), (f"N: view {k}",))

    best = {phrase: [(0.5 - k / 10, thumbnail(k)) for k in range(4)] for phrase in PHRASES}
    figure = top_tiles("head", best, Legend("Beside it cover.", {"lake": (60, 110, 220)}))
    images = [axes.images[0].get_array() for axes in figure.axes if axes.images]
    thumbnails = [thumbnail for tiles in best.values() for _, thumbnail in tiles]
    assert len(images) == 2 * len(thumbnails) == 24
    for k, shown in enumerate(thumbnails):
        assert np.array_equal(images[2 * k], composite(shown.db))
        assert np.array_equal(images[2 * k + 1], shown.picture)
    said = words(figure)
    assert [said.count(cosine) for cosine in ("0.500", "0.400", "0.300", "0.200")] == [3] * 4
    assert said.count("N: view 2") == 3 and set(PHRASES) <= set(said)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["lake"]


def test_what_is_missing_of_a_tile_is_said() -> None:
    best = {"open water": [(-0.25, Thumbnail(None, None, ("point 7",)))], "a forest": []}
    figure = top_tiles("head", best, Legend("", {}))
    assert {"no radar", "no picture", "−0.250", "point 7", "no tiles"} <= set(words(figure))


def test_long_lines_end_before_the_next_tile_begins() -> None:
    line = "W: a photograph of wide boggy marshland and a still reservoir, WWW" + " MMMM" * 5
    best = {"open water": [(0.1, Thumbnail(None, None, (line,)))] * 4}
    figure = top_tiles("head", best, Legend("", {}))
    figure.draw_without_rendering()
    lines = [text for text in figure.texts if text.get_text().startswith("W:")]
    boxes = [text.get_window_extent() for text in lines]
    assert all(a.x1 < b.x0 for a, b in pairwise(boxes))


# Agreement of the rankings


def some_scores(n: int = N, p: int = 20, seed: int = 4) -> Scores:
    rng = np.random.default_rng(seed)
    predicted = rng.standard_normal((n, p))
    return Scores(predicted, predicted + rng.standard_normal((n, p)))


def density_of(figure: Figure, head: str) -> tuple[Axes, QuadMesh]:
    (axes,) = (axes for axes in figure.axes if axes.get_title().startswith(head))
    (mesh,) = (one for one in axes.collections if isinstance(one, QuadMesh))
    return axes, mesh


def test_the_density_counts_every_tile_of_every_phrase() -> None:
    scores = some_scores()
    axes, mesh = density_of(reliability({"head": scores}), "head")
    share = np.asarray(mesh.get_array())
    bins = len(share)
    ranks = [
        (rankdata(s, axis=0) - 0.5).ravel() / N for s in (scores.photographed, scores.predicted)
    ]
    counts = np.histogram2d(*ranks, bins, range=((0, 1), (0, 1)))[0]
    assert share == pytest.approx(counts / counts.mean(), abs=1e-6)
    rho = np.mean(
        [
            spearmanr(*pair).statistic
            for pair in zip(scores.predicted.T, scores.photographed.T, strict=True)
        ]
    )
    assert axes.get_title() == f"head, ρ = {rho:.2f}"


def test_equal_rankings_lie_on_the_diagonal() -> None:
    scores = some_scores()
    same = Scores(scores.predicted, 3 * scores.predicted + 1)
    axes, mesh = density_of(reliability({"head": same}), "head")
    share = np.asarray(mesh.get_array())
    assert share[~np.eye(len(share), dtype=bool)].max() < 1e-6
    mean = axes.lines[1]
    assert mean.get_xdata() == pytest.approx(mean.get_ydata())


def test_precision_at_k_stands_beside_chance() -> None:
    heads = {"one": some_scores(), "other": some_scores(seed=5)}
    figure = reliability(heads)
    axes = figure.axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    assert list(lines) == ["one", "other", "chance"]
    for head, scores in heads.items():
        depths = np.asarray(lines[head].get_xdata()).astype(int)
        wanted = Rankings(scores.predicted, scores.photographed).agreement(np.ones(N), depths)
        assert lines[head].get_ydata() == pytest.approx(wanted[:-1].mean(axis=1))
        assert (depths[0], depths[-1]) == (10, N)
    assert lines["chance"].get_xdata() == pytest.approx([10, N])
    assert lines["chance"].get_ydata() == pytest.approx([10 / N, 1])


@pytest.mark.parametrize("heads", range(6))
def test_any_number_of_heads_has_room(heads: int, tmp_path: Path) -> None:
    figure = reliability({f"head {k}": some_scores(40, 3, k) for k in range(heads)})
    save_figure(figure, tmp_path / "figure.png")
    boxes = [axes.get_position() for axes in figure.axes]
    assert all(min(box.x0, box.y0) >= 0 and max(box.x1, box.y1) <= 1 for box in boxes)
    apart = [
        a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0
        for k, a in enumerate(boxes)
        for b in boxes[k + 1 :]
    ]
    assert all(apart)


@pytest.mark.parametrize("n", [0, 1, 2, 11])
def test_few_tiles_rank_without_a_fault(n: int, tmp_path: Path) -> None:
    scores = Scores(np.zeros((n, 2)), np.zeros((n, 2)))
    save_figure(reliability({"head": scores}), tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 1000


# Files


def test_a_figure_is_a_png_of_its_size_at_200_dpi(tmp_path: Path) -> None:
    figure = phrase_scatter(europe(), {"head": np.zeros((N, 3))}, PHRASES)
    save_figure(figure, tmp_path / "figure.png")
    width, height = figure.get_size_inches()
    with Image.open(tmp_path / "figure.png") as image:
        image.load()
        assert image.format == "PNG"
        assert image.size == pytest.approx((200 * width, 200 * height), abs=1)
        assert len(image.convert("L").getcolors() or []) > 20
    assert [path.name for path in tmp_path.iterdir()] == ["figure.png"]


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.png", "other.png"):
        save_figure(reliability({"head": some_scores()}), tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "other.png").read_bytes()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    figure = reliability({})
    with pytest.raises(OutputUnwritable, match=r"none/figure\.png cannot be written: No such"):
        save_figure(figure, tmp_path / "none" / "figure.png")
