"""The backend's environment, made from the wheel that travels with the plugin.

Every step is a process of its own: nothing of the backend, nor of pip, runs inside QGIS. An
environment counts as made once its mark has the name of the wheel, so one that was cut short, or is
of an earlier version of the plugin, is completed by the next set-up. One that nobody has begun here
is left alone.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from qgis.PyQt.QtCore import QObject, QProcess, pyqtSignal

from ..settings import PROMPT, Settings
from ..translation import mark, tr
from ..words import cannot_write, decimal
from .process import clean_environment
from .protocol import ErrorBody

FITS = (
    "import sys, venv, ensurepip\n"
    "if not (3, 11) <= sys.version_info < (3, 14): sys.exit(1)\n"
    "print('Python %d.%d.%d' % sys.version_info[:3])"
)
"""Says which Python it is; fails in one that the backend cannot run in."""

WORKS = "import backend.serve, backend.service.server"
"""Imports all that the service needs, torch among it."""

INSTALL = (
    *("-m", "pip", "install", "--no-compile", "--disable-pip-version-check"),
    *("--no-input", "--progress-bar", "off"),
)
EXTRAS = "demo,stac,fast"
GB = 10**9
NEEDED_GB = 6 if sys.platform.startswith("linux") else 2
"""On Linux PyTorch comes with the libraries of NVIDIA's GPUs."""

PACKAGES = "packages"
"""A folder of wheels beside the environment: from there alone packages are taken where it is."""

STAGE = re.compile(r"(?:Collecting|Downloading|Building|Installing|Processing)\b[^\n]*")


class Step(Enum):
    """What is done, in this order; the values are the words for what has been done."""

    PYTHON = mark("Python is there")
    ENVIRONMENT = mark("The environment is made")
    PACKAGES = mark("The packages are installed")
    CHECK = mark("The backend can start")


class BackendSetup(QObject):
    """Looks for a Python, makes the environment, installs the backend into it, and tries it."""

    stepped = pyqtSignal(object, str)  # Step that has been done, and what was found
    moved = pyqtSignal(str)  # what is being done now
    done = pyqtSignal()
    failed = pyqtSignal(object)  # ErrorBody
    logged = pyqtSignal(str)  # one line

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._then: Callable[[bool, str], None] = lambda succeeded, output: None
        self._output = ""
        self._settings, self._wheel = Settings(""), Path()
        self._left: list[str] = []

    @property
    def running(self) -> bool:
        """True from `start` to the end."""
        return self._process is not None

    def start(self, settings: Settings, wheel: Path) -> None:
        """Install a wheel in the folder of these settings; it goes on where it was cut short."""
        self._settings, self._wheel = settings, wheel
        if settings.python:
            self._fail(
                "setup_elsewhere",
                tr(
                    "By the settings {python} runs the backend, which is not in its folder.",
                    python=settings.python,
                ),
                tr("Empty the field Python in the settings, and press “Set up” again."),
            )
            return
        self._left = pythons()
        self._try_next_python()

    def cancel(self) -> None:
        """Stop before returning. What is there stays, and does not count."""
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(3000)
            process.deleteLater()

    # The steps

    def _try_next_python(self) -> None:
        if not self._left:
            self._fail(
                "python_missing",
                tr("There is no Python 3.11, 3.12 or 3.13 with its venv module on this computer."),
                tr(
                    "Install one (from python.org; on Debian and Ubuntu the package python3-venv), "
                    "and press “Set up” again."
                ),
            )
            return
        python = self._left.pop(0)
        self.moved.emit(tr("Looking for Python…"))
        self._run(
            python, ["-c", FITS], lambda fits, output: self._python_tried(python, fits, output)
        )

    def _python_tried(self, python: str, fits: bool, output: str) -> None:
        if not fits or not output.startswith("Python"):
            self._try_next_python()
            return
        self.stepped.emit(Step.PYTHON, output.strip())
        if self._can_begin():
            self._make(python)

    def _can_begin(self) -> bool:
        """Return whether an environment can be made in the folder; else say why not."""
        folder = Path(self._settings.folder)
        venv = folder / ".venv"
        is_there = (venv / "pyvenv.cfg").is_file() or self._settings.interpreter.is_file()
        if is_there and not self._settings.is_made_here:
            self._fail(
                "setup_elsewhere",
                tr(
                    "{folder} is an environment that no set-up has made, and is left alone.",
                    folder=venv,
                ),
                tr("Choose another folder in the settings, and press “Set up” again."),
            )
            return False
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._fail(
                "output_unwritable",
                tr("{folder} cannot be made: {reason}.", folder=folder, reason=error.strerror),
            )
            return False
        free = shutil.disk_usage(folder).free  # Qt knows no disk of a container
        if free < NEEDED_GB * GB and not self._offline.is_dir():
            self._fail(
                "disk_full",
                tr(
                    "{folder} has {free} GB free; about {needed} GB are needed.",
                    folder=folder,
                    free=decimal(free / GB, 1),
                    needed=NEEDED_GB,
                ),
                tr("Make room, or choose another folder in the settings."),
            )
            return False
        return True

    def _make(self, python: str) -> None:
        """Make the environment, unless one was made before, as its mark tells."""
        self.moved.emit(tr("Making the environment…"))
        folder = str(Path(self._settings.folder) / ".venv")
        venv = ["-m", "venv", "--clear", "--prompt", PROMPT, folder]

        def complete(has_pip: bool, output: str) -> None:
            if has_pip and self._settings.mark.is_file():
                self._install(True, output)
            else:
                self._run(python, venv, self._install)

        self._run(self._environment_python, ["-c", "import pip"], complete)

    def _install(self, made: bool, output: str) -> None:
        if not made:
            self._fail_with(tr("The environment could not be made"), output)
            return
        if not self._write_mark(""):
            return
        self.stepped.emit(Step.ENVIRONMENT, self._settings.folder)
        constraints, offline = self._wheel.parent / "constraints.txt", []
        if self._offline.is_dir():
            offline = ["--no-index", "--find-links", str(self._offline)]
        backend = f"gluelink[{EXTRAS}] @ {self._wheel.as_uri()}"
        self.moved.emit(tr("Installing packages…"))
        self._run(
            self._environment_python,
            [*INSTALL, *offline, "-c", str(constraints), backend],
            self._try_backend,
        )

    def _try_backend(self, installed: bool, output: str) -> None:
        if not installed:
            self._fail_with(tr("The packages could not be installed"), output)
            return
        self.stepped.emit(Step.PACKAGES, "")
        self.moved.emit(tr("Trying the backend…"))
        self._run(self._environment_python, ["-c", WORKS], self._finish)

    def _finish(self, works: bool, output: str) -> None:
        if not works:
            self._fail_with(tr("The backend was installed and cannot start"), output)
            return
        if self._write_mark(self._wheel.name):
            self.stepped.emit(Step.CHECK, "")
            self.done.emit()

    def _write_mark(self, text: str) -> bool:
        """Write into the mark, and return whether that could be done."""
        mark = self._settings.mark
        try:
            mark.write_text(text, encoding="utf-8")
        except OSError as error:
            self._fail(
                "output_unwritable",
                cannot_write(mark, error.strerror),
            )
            return False
        return True

    # Processes

    @property
    def _environment_python(self) -> str:
        return str(self._settings.interpreter)

    @property
    def _offline(self) -> Path:
        return Path(self._settings.folder) / PACKAGES

    def _run(self, program: str, arguments: list[str], then: Callable[[bool, str], None]) -> None:
        """Call `then(succeeded, output)` when a process has ended."""
        self._then, self._output = then, ""
        process = self._process = QProcess(
            self,
            readyRead=self._read,
            finished=self._finished,
            errorOccurred=self._errored,
        )
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        process.setProcessEnvironment(clean_environment(""))
        # Not QGIS's: Python takes modules from there first, and that may be a clone.
        folder = Path(self._settings.folder)
        process.setWorkingDirectory(str(folder if folder.is_dir() else Path.home()))
        process.start(program, arguments)

    def _read(self) -> None:
        if self._process is None:
            return
        text = bytes(self._process.readAll()).decode(errors="replace")
        self._output += text
        for line in text.splitlines():
            if line.strip():
                self.logged.emit(line.rstrip())
        stages = STAGE.findall(text)
        if stages:
            self.moved.emit(_brief(stages[-1]))

    def _errored(self, error: QProcess.ProcessError) -> None:
        # Every other error is followed by `finished`.
        if error == QProcess.ProcessError.FailedToStart:
            self._end(False)

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._end(code == 0 and status == QProcess.ExitStatus.NormalExit)

    def _end(self, succeeded: bool) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
            self._then(succeeded, self._output)

    def _fail_with(self, what: str, output: str) -> None:
        """Fail with the first error that a process wrote, or with its last line."""
        lines = [line.strip() for line in output.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("ERROR:")]
        why = (
            (errors[:1] or lines[-1:] or [tr("it wrote nothing")])[0]
            .replace("ERROR:", "")
            .strip(" .")
        )
        self._fail("setup_failed", f"{what}: {why}.", tr("See the log, and press “Set up” again."))

    def _fail(self, code: str, message: str, remedy: str = "") -> None:
        self.failed.emit(ErrorBody(code, message, remedy))


def _brief(stage: str) -> str:
    """Return one of pip's lines without what would fill the panel: addresses, a list of names."""
    if stage.startswith("Installing collected"):
        return tr("Installing packages…")
    return stage.split(" from ")[0].split(" (from ")[0]


def pythons() -> list[str]:
    """Return where a Python may be, the likeliest first."""
    versions = ("3.13", "3.12", "3.11")
    if sys.platform == "win32":
        programs = Path.home() / "AppData" / "Local" / "Programs" / "Python"
        own = [str(programs / f"Python{each.replace('.', '')}" / "python.exe") for each in versions]
        return [*own, "python", "python3"]
    names = ["python3", *(f"python{each}" for each in versions)]
    if sys.platform == "darwin":  # QGIS is started without the paths of a terminal there
        folders = (Path("/opt", "homebrew", "bin"), Path("/usr", "local", "bin"))
        framework = Path("/Library/Frameworks/Python.framework/Versions")
        names += [str(folder / f"python{each}") for folder in folders for each in versions]
        names += [str(framework / each / "bin" / "python3") for each in versions]
    return names
