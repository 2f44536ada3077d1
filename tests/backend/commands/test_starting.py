"""Commands are light to start: help and wrong arguments import none of the heavy libraries."""

import json
import subprocess
import sys
from pathlib import Path

from backend.scenes.sentinel1.units import DN_OFFSET_DB
from backend.scenes.stac import DAYS
from backend.simulation import DEMO_SEED
from backend.survey.split import LUCAS_SIZES
from tests.protocol.server import ROOT

HEAVY = {
    *("torch", "transformers", "tokenizers", "safetensors", "numpy", "scipy", "matplotlib"),
    *("rasterio", "pyproj", "shapely", "zarr", "fastapi", "uvicorn", "requests"),
    *("rich", "yaml", "PIL", "pystac_client"),
}
LIGHT_ENOUGH = {"numpy", "safetensors", "yaml"}  # of text encoders, whose names are looked up

# Runs commands one after the other in one process; after each, tells what of HEAVY is imported.
RUN_ALL = """
import contextlib, importlib, io, json, sys
from backend.commands import run

heavy, calls = json.loads(sys.argv[1])
answers = []
for module, *arguments in calls:
    app = importlib.import_module(module).app
    sys.argv[1:] = arguments
    out, error, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        try:
            run(app)
        except SystemExit as end:
            code = end.code or 0
    answers.append((code, out.getvalue(), error.getvalue(), sorted(set(heavy) & set(sys.modules))))
print(json.dumps(answers))
"""


def answers(calls: list[list[str]], folder: Path) -> list[tuple[int, str, str, list[str]]]:
    """Exit code, stdout, stderr and heavy modules after each of these calls of a command."""
    done = subprocess.run(
        [sys.executable, "-c", RUN_ALL, json.dumps([sorted(HEAVY), calls])],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "GLUELINK_HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def command_modules() -> list[str]:
    """Every module of the backend that is run as a command."""
    files = [*ROOT.glob("backend/*.py"), *ROOT.glob("backend/*/__main__.py")]
    commands = [path for path in files if "app = new_app(" in path.read_text(encoding="utf-8")]
    return sorted(".".join(path.relative_to(ROOT).with_suffix("").parts) for path in commands)


SUBCOMMANDS = {
    "backend.corpus.__main__": [
        *("slice", "simulate", "screen", "undo", "text", "split", "layouts"),
        *("read", "export", "check", "stats", "survey"),
    ],
    "backend.heads": ["import"],
    "backend.models.__main__": ["list", "pull", "check"],
    "backend.stac": ["search", "fetch"],
    "backend.store": ["list", "check", "repair", "drop", "cap"],
    "backend.survey.__main__": ["simulate", "scene", "lucas", "points", "photos", "encode"],
}


def test_help_of_every_command_imports_nothing_heavy(tmp_path: Path) -> None:
    modules = command_modules()
    assert len(modules) >= 9 and set(SUBCOMMANDS) <= set(modules)
    calls = [[module, "--help"] for module in modules]
    calls += [[module, name, "--help"] for module, names in SUBCOMMANDS.items() for name in names]
    for call, (code, out, error, heavy) in zip(calls, answers(calls, tmp_path), strict=True):
        assert (code, error, heavy) == (0, "", []), call
        assert "Usage:" in out and "--help" in out, call
        if len(call) == 2 and call[0] in SUBCOMMANDS:
            commands = out.partition("Commands:")[2]
            assert all(f"  {name} " in commands for name in SUBCOMMANDS[call[0]]), call
            assert "..." not in commands, "a command's first line is cut short"
        else:
            assert "Example: " in out, call


def test_defaults_that_help_shows_are_the_librarys(tmp_path: Path) -> None:
    calls = [
        ["backend.query", "--help"],
        *(["backend.survey.__main__", name, "--help"] for name in ("scene", "lucas", "encode")),
    ]
    shown = [" ".join(out.split()) for _, out, _, _ in answers(calls, tmp_path)]
    defaults = (DN_OFFSET_DB, DEMO_SEED, ", ".join(map(str, LUCAS_SIZES)))
    for text, default in zip(shown, defaults, strict=False):
        assert f"default: {default}" in text
    assert f"{DAYS} if left out" in shown[-1]


ENCODE = ["backend.survey.__main__", "encode", "scene.tif", "-o", "s"]
CATALOGUE = ["--catalogue", "planetary-computer", "--encoder", "texture-s1"]
NOWHERE = "There is no file "
WRONG = [
    (["backend.query", "scene.tif"], "Nothing is asked"),
    (["backend.query", "scene.tif", "water", "--speckle", "none"], "speckle"),
    (["backend.query", "scene.tif", "water", "--vv", "one"], "a valid integer"),
    (["backend.query", "scene.tif", "water", "--date", "soon"], 'date is "soon"'),
    (["backend.query", "scene.tif", "water", "--encoder", "none"], "no encoder 'none'"),
    (["backend.query", "scene.tif", "water", "--head", "none"], "no head 'none'"),
    (["backend.query", "nowhere.tif", "water"], f'{NOWHERE}"nowhere.tif"'),
    (["backend.query", "scene.tif", "water", "--aoi", "a.json"], f'{NOWHERE}"a.json"'),
    (["backend.train", "--nothing"], "No such option"),
    (["backend.train", "--solver", "none"], "is not one of 'adamw', 'ridge'"),
    (["backend.train", "--config", "none.yaml"], f'{NOWHERE}"none.yaml"'),
    (["backend.train", "--survey", "none"], 'There is no survey "none"'),
    (["backend.train", "--encoder", "none"], "no encoder 'none'"),
    (["backend.train", "--text", "none"], "no text encoder 'none'"),
    (["backend.evaluate", "--survey", "none", "--head", "none", "-o", "t"], "no head 'none'"),
    (["backend.evaluate", "--survey", ".", "--reference", "none", "-o", "t"], "no encoder 'none'"),
    (["backend.evaluate", "--survey", ".", "-o", "t"], "Neither a head nor a reference"),
    (["backend.evaluate", "--survey", "none", "-o", "t"], 'There is no survey "none"'),
    (["backend.heads", "import", "none.pt", "--encoder", "a", "--text", "b"], NOWHERE),
    (["backend.heads", "import", "scene.tif", "--encoder", "a", "--text", "b"], "no encoder 'a'"),
    (["backend.models.__main__", "pull", "none"], "There are no published weights 'none'"),
    (["backend.models.__main__", "check", "none"], "There are no published weights 'none'"),
    (["backend.stac", "search", "scene.tif", "--from", "soon", "--to", "later"], 'is "soon"'),
    (["backend.stac", "search", "a.json", "--from", "2024-05-01", "--to", "2024-05-02"], NOWHERE),
    (["backend.stac", "fetch", "a.json", "--item", "a"], NOWHERE),
    (["backend.accuracy.__main__", "none.tif", "--truth", "a.json"], 'There is no map "none.tif"'),
    (["backend.accuracy.__main__", "scene.tif", "--truth", "a.json"], f'{NOWHERE}"a.json"'),
    (["backend.serve", "--host", "0.0.0.0"], "holds no token"),
    (["backend.serve", "--port", "70000"], "less than or equal to 65535"),
    (["backend.survey.__main__", "encode", "points.csv", "-o", "s", "--text", "x"], "--photos"),
    ([*ENCODE, "--scenes", ".", "--encoder", "none"], "no encoder 'none'"),
    ([*ENCODE, "--photos", ".", "--text", "none"], "no text encoder 'none'"),
    ([*ENCODE, "--photos", "none", "--text", "minilm"], "There is no folder none"),
    ([*ENCODE, *CATALOGUE, "--from", "soon", "--to", "later"], 'is "soon"'),
    (["backend.survey.__main__", "simulate", "-o", "s", "--points", "1"], "or equal to 10"),
    (["backend.survey.__main__", "simulate", "-o", "s", "--encoder", "none"], "no encoder 'none'"),
    (["backend.survey.__main__", "lucas", "none.csv", "-o", "t.csv"], NOWHERE),
    (["backend.survey.__main__", "points", "none.csv", "-o", "t.csv"], NOWHERE),
    (["backend.survey.__main__", "photos", "none.csv", "-o", "t"], NOWHERE),
]


def test_wrong_arguments_import_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "scene.tif").touch()
    replies = answers([call for call, _ in WRONG], tmp_path)
    for (call, message), (code, _, error, heavy) in zip(WRONG, replies, strict=True):
        assert code == 2 and message in error, (call, error)
        assert set(heavy) <= LIGHT_ENOUGH, (call, error)
    assert [path.name for path in tmp_path.iterdir()] == ["scene.tif"]
