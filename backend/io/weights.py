"""The published weights of a model: which files of which repository, and their place on this disk.

Encoders and text encoders declare theirs; `backend.models` collects and fetches them.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from backend.resources import user_path


@dataclass(frozen=True)
class PublishedWeights:
    """The files of one model in a repository of Hugging Face."""

    name: str
    """Names the folder among the user's models, and is what `backend.models pull` takes."""
    repository: str
    """OWNER/NAME."""
    revision: str
    """A commit, so that a name gives the same bytes for ever; or the branch `main`."""
    files: tuple[str, ...]
    """Names of the files, or patterns of names."""
    size: str
    """About; the host says how much it is before anything is fetched."""
    licence: str
    in_hub_cache: bool = False
    """Whether Hugging Face's own cache is looked into, too."""

    @property
    def source(self) -> str:
        """The repository, with the commit where one is known."""
        commit = "" if self.revision == "main" else f"@{self.revision}"
        return f"{self.repository}{commit}"

    @property
    def folder(self) -> Path:
        """Where the files are put, and where encoders and text encoders look for them."""
        return user_path("models", self.name)

    @property
    def path(self) -> Path:
        """The one file, or the folder of several."""
        return self.folder / self.files[0] if len(self.files) == 1 else self.folder

    @property
    def partial(self) -> Path:
        """Where files are until all of them have come."""
        return user_path("models", f".{self.name}.partial")

    @property
    def command(self) -> str:
        """The command that fetches them."""
        return f"python -m backend.models pull {self.name}"

    def found_in(self) -> Path | None:
        """Return the folder on this disk that has the files, or some of them."""
        if self.folder.is_dir():
            return self.folder
        return _cached_folder(self.repository) if self.in_hub_cache else None

    def chosen(self, names: list[str]) -> list[str]:
        """Return those of `names` that belong to the model."""
        return [n for n in names if any(fnmatchcase(n, pattern) for pattern in self.files)]

    def lacking(self, names: list[str]) -> list[str]:
        """Return the patterns that none of `names` meets."""
        return [p for p in self.files if not any(fnmatchcase(name, p) for name in names)]


def _cached_folder(repository: str) -> Path | None:
    """Return where Hugging Face's cache has the files of a repository."""
    from transformers.utils import cached_file

    try:
        config = cached_file(repository, "config.json", local_files_only=True)
    except OSError:
        config = None
    return Path(config).parent if config else None
