"""Make the plugin's zip for plugins.qgis.org and check it as its reviewers do."""

import ast
import configparser
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOP = "gluelink"
CONTENT = (
    "metadata.txt",
    "__init__.py",
    "LICENSE",
    "gluelink_plugin",
    "resources/icons",
    "resources/styles",
    "resources/vocabulary.yaml",
)
REQUIRED_KEYS = (
    "name", "description", "version", "qgisMinimumVersion", "qgisMaximumVersion", "author", "email",
    "about", "tracker", "repository", "license", "icon",
)  # fmt: skip
SOURCES = {".ts"}
"""What is made into another file, which is the one that QGIS reads."""
TEXT = {"", ".py", ".txt", ".ui", ".svg", ".qml", ".json", ".md", ".css", ".yaml"}
BINARIES = {".png", ".qm"}
"""Pictures, and translations as Qt reads them."""
WHEELS = "wheel"
"""The folder of the backend's wheel, from which the panel makes an environment."""
MACHINE_CODE = (".so", ".pyd", ".dll", ".dylib", ".exe")
MAX_BYTES = 25_000_000
OLDEST_PYTHON = (3, 9)  # QGIS 3.22 on Windows

# Runs in QGIS's Python, where only the unpacked zip is on the path.
IMPORT_ALL = f"""
import importlib, pathlib, sys
top = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(top.parent))
for file in sorted(top.rglob("*.py")):
    parts = file.relative_to(top.parent).with_suffix("").parts
    importlib.import_module(".".join(part for part in parts if part != "__init__"))
if not callable(getattr(sys.modules["{TOP}"], "classFactory", None)):
    sys.exit("no classFactory")
"""


def read_version() -> str:
    """Return the plugin's version, as metadata.txt has it."""
    return read_metadata((ROOT / "metadata.txt").read_text(encoding="utf-8"))["version"]


def read_metadata(text: str) -> dict[str, str]:
    """Return the keys and values of a metadata.txt."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    return dict(parser["general"])


def build(folder: Path) -> Path:
    """Write gluelink-VERSION.zip into `folder`. The same files always give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{TOP}-{read_version()}.zip"
    files = [
        file
        for name in CONTENT
        for file in ([ROOT / name] if (ROOT / name).is_file() else sorted((ROOT / name).rglob("*")))
        if file.is_file() and "__pycache__" not in file.parts and file.suffix not in SOURCES
    ]
    contents = {file.relative_to(ROOT).as_posix(): file.read_bytes() for file in files}
    wheel, data = build_wheel()
    contents[f"{WHEELS}/{wheel}"] = data
    contents[f"{WHEELS}/constraints.txt"] = (ROOT / "constraints.txt").read_bytes()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(f"{TOP}/{name}")
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return target


def build_wheel() -> tuple[str, bytes]:
    """Return the name and the bytes of the backend's wheel."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        (wheel,) = Path(folder).iterdir()
        return wheel.name, wheel.read_bytes()


def check(package: Path, qgis_python: Path) -> list[str]:
    """Return what a reviewer would refuse, one sentence each; none when the zip is fit."""
    findings = []
    if package.stat().st_size >= MAX_BYTES:
        findings.append(f"the zip has {package.stat().st_size} bytes; {MAX_BYTES} are allowed")
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
        top = Path(folder) / TOP
        files = [file for file in sorted(Path(folder).rglob("*")) if file.is_file()]
        findings += [
            f"{file.name} lies outside {TOP}/" for file in files if top not in file.parents
        ]
        findings += check_metadata(top)
        for file in files:
            findings += check_file(file.relative_to(folder).as_posix(), file)
        findings += run_bandit(top)
        findings += import_in_qgis(top, qgis_python)
    return findings


def check_metadata(top: Path) -> list[str]:
    """Check required keys, names that the repository refuses, files that it asks for."""
    if not (top / "metadata.txt").is_file():
        return ["metadata.txt is missing"]
    metadata = read_metadata((top / "metadata.txt").read_text(encoding="utf-8"))
    findings = [
        f"metadata.txt lacks {key}" for key in REQUIRED_KEYS if not metadata.get(key, "").strip()
    ]
    if "plugin" in metadata.get("name", "").lower():
        findings.append('the name must not contain "plugin"')
    files = ("LICENSE", "__init__.py", metadata.get("icon", ""))
    return findings + [
        f"{name} is missing" for name in files if name and not (top / name).is_file()
    ]


def check_file(name: str, file: Path) -> list[str]:
    """Check one file: text or a picture, no leftover, Python that the oldest QGIS compiles."""
    parts = Path(name).parts
    if any(part.startswith((".", "__pycache__", "__MACOSX")) or part == "tests" for part in parts):
        return [f"{name} does not belong in a package"]
    if file.suffix in BINARIES:
        return []
    if file.suffix == ".whl" and file.parent.name == WHEELS:
        return check_wheel(name, file)
    if file.suffix not in TEXT or b"\0" in file.read_bytes():
        return [f"{name} is a binary"]
    if file.suffix == ".py":
        try:
            ast.parse(file.read_text(encoding="utf-8"), feature_version=OLDEST_PYTHON)
        except SyntaxError as error:
            return [f"{name} does not compile for Python 3.9: {error}"]
    return []


def check_wheel(name: str, file: Path) -> list[str]:
    """Check that a wheel runs on every computer, and brings no machine code."""
    if not file.name.endswith("-py3-none-any.whl"):
        return [f"{name} is for one kind of computer"]
    with zipfile.ZipFile(file) as archive:
        return [
            f"{name}: {each} is a binary"
            for each in archive.namelist()
            if each.endswith(MACHINE_CODE)
        ]


def run_bandit(top: Path) -> list[str]:
    """Return the findings of Bandit: each of them blocks a plugin, whatever its severity."""
    command = [sys.executable, "-m", "bandit", "-q", "-r", "-f", "json", str(top)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return [
        f"{Path(found['filename']).name}:{found['line_number']}: {found['issue_text']}"
        for found in json.loads(run.stdout)["results"]
    ]


def check_secrets(package: Path) -> list[str]:
    """Return what detect-secrets takes for a password or a key; each of them blocks a plugin."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
        command = [sys.executable, "-m", "detect_secrets", "scan", "--all-files", "."]
        top = Path(folder) / TOP
        run = subprocess.run(command, cwd=top, capture_output=True, text=True, check=True)
    results = json.loads(run.stdout)["results"].values()
    return [
        f"{found['filename']}:{found['line_number']}: {found['type']}"
        for file in results
        for found in file
    ]


def import_in_qgis(top: Path, qgis_python: Path) -> list[str]:
    """Import every module of the unpacked zip in QGIS's Python and look for classFactory."""
    command = [str(qgis_python), "-I", "-c", IMPORT_ALL, str(top)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return [f"QGIS cannot load it: {run.stderr.strip()}"] if run.returncode else []


def main() -> None:
    """Build, check, and say where the zip is; exit with 1 and the findings when it is not fit."""
    package = build(ROOT / "dist")
    findings = check(package, ROOT / ".venv-qgis" / "bin" / "python") + check_secrets(package)
    if findings:
        sys.exit("\n".join([f"{package.name} is not fit for plugins.qgis.org:", *findings]))
    print(f"{package.relative_to(ROOT)}: {package.stat().st_size / 1000:.0f} kB, checked")


if __name__ == "__main__":
    main()
