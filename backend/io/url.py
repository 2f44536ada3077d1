"""Addresses of remote files, and what a file's location may be."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from backend.errors import ConfigInvalid


@dataclass(frozen=True)
class Url:
    """The address of a remote file or folder, which a user gave as such.

    Raises:
        ConfigInvalid: the text is not an address of the web.
    """

    text: str
    """The whole address, with its query."""

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.text)
            fit = parts.scheme in ("http", "https") and parts.hostname and self.text.isprintable()
        except ValueError:
            fit = False
        if not fit or " " in self.text:
            raise ConfigInvalid(
                f'"{self.text}" is not an address that can be read.', "Expected https://…"
            )

    @staticmethod
    def looks_like(text: str) -> bool:
        """Return whether a text begins like an address."""
        return text.lower().startswith(("http://", "https://"))

    def __str__(self) -> str:
        """Return the address without its query, in which tokens stand."""
        return self.text.partition("?")[0]

    def __truediv__(self, part: str) -> "Url":
        scheme, host, path, query, _ = urlsplit(self.text)
        return Url(urlunsplit((scheme, host, f"{path.rstrip('/')}/{quote(part)}", query, "")))

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of its path."""
        return tuple(part for part in urlsplit(self.text).path.split("/") if part)

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.parts[-1] if self.parts else self.host

    @property
    def host(self) -> str:
        """The host."""
        return urlsplit(self.text).netloc.rpartition("@")[2]

    def above(self, levels: int, *below: str) -> "Url":
        """Return the folder so many levels up, and what is named `below` it."""
        scheme, host, _, query, _ = urlsplit(self.text)
        path = "/".join(("", *self.parts[:-levels], *below))
        return Url(urlunsplit((scheme, host, path, query, "")))


Location = Path | Url
"""Where a file is: on this disk, or at an address that was given as such."""
