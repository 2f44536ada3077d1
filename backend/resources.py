"""Where the project's own files and the user's own files lie."""

import os
from pathlib import Path


def resource_path(*parts: str) -> Path:
    """A file under `resources/`, in a clone and in an installed wheel alike."""
    installed = Path(__file__).parent / "_resources"
    root = installed if installed.is_dir() else Path(__file__).parent.parent / "resources"
    return root.joinpath(*parts)


def user_path(*parts: str) -> Path:
    """A file in the user's GLUE-Link folder: `GLUELINK_HOME`, or `~/.gluelink`."""
    home = os.environ.get("GLUELINK_HOME")
    return (Path(home) if home else Path.home() / ".gluelink").joinpath(*parts)
