"""Where the project's own files and the user's own files lie."""

import os
from pathlib import Path

from backend.errors import EncoderUnknown, HeadUnknown


def resource_path(*parts: str) -> Path:
    """Return a file under `resources/`, in a clone and in an installed wheel alike."""
    installed = Path(__file__).parent / "_resources"
    root = installed if installed.is_dir() else Path(__file__).parent.parent / "resources"
    return root.joinpath(*parts)


def user_path(*parts: str) -> Path:
    """Return a file in the user's GLUE-Link folder: `GLUELINK_HOME`, or `~/.gluelink`."""
    home = os.environ.get("GLUELINK_HOME")
    return (Path(home) if home else Path.home() / ".gluelink").joinpath(*parts)


def head_files() -> list[Path]:
    """Return the files of all heads that can be chosen by name, shipped ones first."""
    folders = (resource_path("heads"), user_path("heads"))
    return [path for folder in folders for path in sorted(folder.glob("*.safetensors"))]


def tower_files() -> list[Path]:
    """Return the files of all towers that can be chosen by name."""
    return sorted(user_path("towers").glob("*.safetensors"))


def describer_folders() -> list[Path]:
    """Return the folders of all models and adapters that describe and can be chosen by name."""
    return sorted(path for path in user_path("describers").glob("[!.]*") if path.is_dir())


def clip_files() -> list[Path]:
    """Return the files of all CLIPs that can be chosen by name."""
    files = user_path("clips").glob("*")
    return sorted(path for path in files if path.suffix in (".pt", ".safetensors"))


def head_path(name: str) -> Path:
    """Return the file of the head of this name, or at this path.

    Raises:
        HeadUnknown: there is none.
    """
    by_name = {path.stem: path for path in reversed(head_files())}
    if name not in by_name and not Path(name).is_file():
        known = ", ".join(sorted(by_name)) or "none"
        raise HeadUnknown(f"There is no head {name!r}.", f"Heads on this machine: {known}.")
    return by_name.get(name, Path(name))


def tower_path(name: str) -> Path:
    """Return the file of the tower or CLIP of this name, or at this path; towers come first.

    Raises:
        EncoderUnknown: there is none.
    """
    by_name = {path.stem: path for path in (*clip_files(), *tower_files())}
    if name not in by_name and not Path(name).is_file():
        known = ", ".join(sorted(by_name)) or "none"
        raise EncoderUnknown(
            f"There is no tower or CLIP {name!r}.", f"Of your own on this machine: {known}."
        )
    return by_name.get(name, Path(name))
