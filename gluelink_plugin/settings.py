"""Where the backend is: started from a folder on this computer, or running at an address."""

from __future__ import annotations

import configparser
import sys
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsSettings

ROOT = Path(__file__).resolve().parent.parent
GROUP = "gluelink"


def default_folder() -> str:
    """The clone this plugin lies in; where it came as a package, a folder in the user's home."""
    return str(ROOT if (ROOT / "backend").is_dir() else Path.home() / "gluelink")


@dataclass(frozen=True)
class Settings:
    """What the user can set. An empty address means: the plugin starts the backend itself.

    The token lives as long as QGIS; what is to last belongs into a QGIS authentication entry.
    """

    folder: str
    python: str = ""
    address: str = ""
    authcfg: str = ""
    token: str = ""

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
        return self.interpreter.is_file() and (Path(self.folder) / "backend" / "serve.py").is_file()


def load_settings() -> Settings:
    """The settings as stored, defaults where nothing is."""
    stored = QgsSettings()

    def text(name: str, default: str = "") -> str:
        return str(stored.value(f"{GROUP}/{name}", default) or default)

    return Settings(
        folder=text("folder", default_folder()),
        python=text("python"),
        address=text("address"),
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


def install_commands(settings: Settings) -> tuple[str, str]:
    """The two commands that make `settings.folder` hold a backend that runs."""
    folder = settings.folder
    if (Path(folder) / "Makefile").is_file():
        return f'cd "{folder}"', "make setup"
    return f'git clone {repository()} "{folder}"', f'make -C "{folder}" setup'


def repository() -> str:
    """Where the project lives, as metadata.txt says."""
    about = configparser.ConfigParser()
    about.read(ROOT / "metadata.txt", encoding="utf-8")
    return about.get("general", "repository", fallback="")
