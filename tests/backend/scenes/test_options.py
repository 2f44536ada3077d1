"""An option of a scene is declared once: the command, the contract and the pixels follow."""

import re
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
import typer
from numpy.typing import NDArray
from pydantic import Field
from typer.testing import CliRunner

from backend.commands import with_options
from backend.errors import ConfigInvalid
from backend.scenes import SceneOptions, open_scene
from backend.scenes.options import Option, PowerStep
from backend.service.capabilities import scene_options
from backend.service.schemas import SceneRequest
from tests.support.rasters import speckled, write_raster


def _damp(power: NDArray[np.float32], factor: float) -> NDArray[np.float32]:
    return power[:, 1:-1, 1:-1] * np.float32(factor)


class Damped(SceneOptions):
    """What adding an option takes: this one field."""

    damping: Annotated[
        float,
        Field(allow_inf_nan=False),
        Option("number", "Damping", "Multiply the power.", power=PowerStep(_damp, reach_px=1)),
    ] = 1.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_raster(tmp_path / "scene.tif", speckled(60, 70))


def ask(*arguments: object) -> tuple[str, list[SceneOptions]]:
    """What a command with the option prints, and the options it was run with."""
    app, got = typer.Typer(), []

    @app.command()
    @with_options(Damped)
    def command(scene: str, options: Damped) -> None:
        """A command."""
        got.append(options)

    done = CliRunner().invoke(app, [*map(str, arguments)], env={"COLUMNS": "200"})
    return re.sub(r"\x1b\[\d+m", "", done.output), got


def test_a_new_option_is_in_the_help_of_the_command_and_reaches_it() -> None:
    help_text, _ = ask("--help")
    assert "--damping" in help_text and "Multiply the power." in help_text
    _, (options,) = ask("scene.tif", "--damping", "0.5", "--vv", 1, "--also", "b.tif")
    assert options == Damped(damping=0.5, bands={"VV": 1}, also=("b.tif",))


def test_a_new_option_is_in_the_contract() -> None:
    described = {option.name: option for option in scene_options(Damped)}
    assert described.keys() - {option.name for option in scene_options(SceneOptions)} == {"damping"}
    added = described["damping"]
    assert (added.title, added.kind, added.default) == ("Damping", "number", 1.0)
    assert (added.modality, added.choices, added.advanced) == ("sentinel-1", [], False)


def test_a_new_option_changes_pixels_and_stands_among_what_was_done(path: Path) -> None:
    with open_scene(path) as plain, open_scene(path, Damped(damping=0.5)) as damped:
        inner = plain.extent.grown(-1)
        half = plain.read(inner) + 10 * np.log10(0.5)
        np.testing.assert_allclose(damped.read(inner), half, atol=1e-4)
        assert damped.preprocessing.options.recorded["damping"] == 0.5


def test_pixels_below_the_noise_floor_in_both_bands_are_no_data(tmp_path: Path) -> None:
    db = speckled(60, 70)
    db[:, :5], db[0, 8] = -38, -38
    path = write_raster(tmp_path / "scene.tif", db)
    with open_scene(path) as plain, open_scene(path, noise_floor_db=-35) as cut:
        before, after = plain.read(plain.extent), cut.read(cut.extent)
    assert np.isnan(after[:, :5]).all()
    np.testing.assert_array_equal(after[:, 5:], before[:, 5:])


def test_requests_over_http_have_the_same_options_under_the_same_names() -> None:
    options = set(SceneOptions.model_fields)
    assert set(SceneRequest.model_fields) == options | {"path", "name"}
    assert {option.name for option in scene_options(SceneOptions)} == options


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (
            {"units": "watts"},
            "The option \"units\" is \"watts\". Expected 'db', 'linear', 'amplitude' or 'dn'",
        ),
        ({"dn_offset_db": float("nan")}, 'The option "dn_offset_db" is "nan"'),
        ({"also": ["x"] * 25}, 'The option "also"'),
        ({"colour": "red"}, 'Scenes have no option "colour". Expected units'),
    ],
)
def test_what_cannot_be_stated_is_refused_in_one_sentence(
    stated: dict[str, Any], message: str, path: Path
) -> None:
    with pytest.raises(ConfigInvalid) as refusal:
        open_scene(path, **stated)
    assert str(refusal.value).startswith(message)


def test_keywords_and_options_say_the_same(path: Path) -> None:
    with open_scene(path, SceneOptions(units="db"), date="2024-05-01") as both:
        assert both.info.units_reason == "dB, as stated."
        assert both.info.date == "2024-05-01"
