"""Where the backend is: started from a folder on this computer, or running at an address."""

from __future__ import annotations

import configparser
import sys
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsSettings

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = ROOT / "wheel"
"""The backend's wheel and the versions of its packages; only in a packaged plugin."""
GROUP = "gluelink"
PROMPT = "gluelink"
"""Of the environments that a set-up makes, by which they are known from others."""
PYTHON = "python "
"""What the commands of the backend begin with, whichever Python that is."""


def bundled_wheel() -> Path | None:
    """Return the backend's wheel that travels with the plugin; None in a clone."""
    return next(iter(sorted(BUNDLE.glob("gluelink-*.whl"))), None)


def default_folder() -> str:
    """Return the clone that holds this plugin, or for a packaged one a folder in the home."""
    return str(ROOT if (ROOT / "backend").is_dir() else Path.home() / "gluelink")


@dataclass(frozen=True)
class Settings:
    """What the user can set."""

    folder: str
    """The clone from which the plugin starts the backend."""
    python: str = ""
    """The Python that runs it; the folder's own when empty."""
    address: str = ""
    """Where a backend runs already; when empty, the plugin starts one itself."""
    tunnel: bool = False
    """Whether that address is the end of a tunnel, and the backend on another computer."""
    authcfg: str = ""
    """The QGIS authentication entry for that address."""
    token: str = ""
    """Kept until QGIS closes; one that is to last is kept in an authentication entry."""

    @property
    def interpreter(self) -> Path:
        """The Python that runs the backend."""
        if self.python:
            return Path(self.python)
        inside = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
        return Path(self.folder) / ".venv" / inside

    @property
    def installed(self) -> bool:
        """True when the folder holds a backend and there is a Python to run it."""
        if not self.python and self.is_made_here:  # perhaps by a set-up that was cut short
            return self.interpreter.is_file() and self.is_set_up
        has_code = (Path(self.folder) / "backend" / "serve.py").is_file()
        return self.interpreter.is_file() and has_code

    @property
    def is_made_here(self) -> bool:
        """True when a set-up has begun the folder's environment, and not somebody else."""
        try:
            about = (Path(self.folder) / ".venv" / "pyvenv.cfg").read_text(encoding="utf-8")
        except (OSError, ValueError):
            return False
        return f"prompt = '{PROMPT}'" in about

    @property
    def mark(self) -> Path:
        """The file that names the wheel from which an environment was made, once it works.

        It is empty while packages are still to be installed.
        """
        return Path(self.folder) / ".venv" / "gluelink.txt"

    @property
    def is_set_up(self) -> bool:
        """True when the environment was made from the wheel that this plugin brings."""
        wheel = bundled_wheel()
        try:
            return wheel is not None and self.mark.read_text(encoding="utf-8") == wheel.name
        except (OSError, ValueError):
            return False


def load_settings() -> Settings:
    """Return the settings as stored, with defaults where nothing is."""
    stored = QgsSettings()

    def text(name: str, default: str = "") -> str:
        return str(stored.value(f"{GROUP}/{name}", default) or default)

    return Settings(
        folder=text("folder", default_folder()),
        python=text("python"),
        address=text("address"),
        tunnel=text("tunnel") == "yes",
        authcfg=text("authcfg"),
    )


def save_settings(settings: Settings) -> None:
    """Store all but the token."""
    stored = QgsSettings()
    for name in ("folder", "python", "address", "authcfg"):
        value = getattr(settings, name)
        if value and value != (default_folder() if name == "folder" else ""):
            stored.setValue(f"{GROUP}/{name}", value)
        else:
            stored.remove(f"{GROUP}/{name}")
    if settings.tunnel:
        stored.setValue(f"{GROUP}/tunnel", "yes")
    else:
        stored.remove(f"{GROUP}/tunnel")


def terminal_command(settings: Settings, command: str) -> str:
    """Return a command of the backend so that any terminal runs it: with its folder and Python."""
    return f'cd "{settings.folder}" && "{settings.interpreter}" {command[len(PYTHON) :]}'


def install_commands(settings: Settings) -> tuple[str, str]:
    """Return the two commands that install a backend in `settings.folder`."""
    folder = settings.folder
    if (Path(folder) / "Makefile").is_file():
        return f'cd "{folder}"', "make setup"
    return f'git clone {read_metadata("repository")} "{folder}"', f'make -C "{folder}" setup'


def read_metadata(key: str) -> str:
    """Return an entry of metadata.txt, such as the plugin's version or repository."""
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(ROOT / "metadata.txt", encoding="utf-8")
    return metadata.get("general", key, fallback="")
