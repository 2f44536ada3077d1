"""What a host publishes under a name: files, lengths and hashes of one commit.

Source: the API of Hugging Face's hub. A large file has a SHA-256; a small one git's own hash, the
SHA-1 of "blob", its length, a zero byte and its bytes. The host is https://huggingface.co, or the
mirror that HF_ENDPOINT names.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, RootModel
from pydantic.dataclasses import dataclass

from backend.errors import ConfigInvalid, DownloadFailed
from backend.io.http import Client, RequestFailed, RetryPolicy
from backend.io.weights import PublishedWeights

CHUNK = 2**22
TRIES = 3  # a question costs nothing to ask again later

_NAME = re.compile(r"^[A-Za-z0-9][\w.-]*$")


# Both come from the network: a field that is not well formed raises ValueError.
@dataclass(frozen=True)
class PublishedFile:
    """A file as its host describes it."""

    name: Annotated[str, Field(pattern=_NAME.pattern)]
    """The name in its repository, which has no folders."""

    size: Annotated[int, Field(strict=True, ge=0)]
    """The length in bytes."""

    hash: Annotated[str, Field(pattern="^(sha256:[0-9a-f]{64}|git:[0-9a-f]{40})$")]
    """The hash, as "sha256:…" or "git:…"."""

    def is_at(self, path: Path, read: Callable[[int], None]) -> bool:
        """Return whether these bytes lie at `path`; `read` takes how many more were read."""
        if not path.is_file() or path.stat().st_size != self.size:
            return False
        kind, _, expected = self.hash.partition(":")
        digest = hashlib.sha256()
        if kind == "git":
            digest = hashlib.sha1(b"blob %d\0" % self.size, usedforsecurity=False)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                read(len(chunk))
        return digest.hexdigest() == expected


@dataclass(frozen=True)
class Release:
    """The files of a model at one commit of its repository."""

    repository: str
    commit: Annotated[str, Field(pattern="^[0-9a-f]{40}$")]
    files: tuple[PublishedFile, ...]

    @property
    def source(self) -> str:
        """The web page of the release."""
        return f"{host()}/{self.repository}/tree/{self.commit}"

    def url(self, file: PublishedFile) -> str:
        """Return the address of a file."""
        return f"{host()}/{self.repository}/resolve/{self.commit}/{file.name}"

    def to_json(self) -> str:
        """Return the release as text, for `from_json`."""
        return RootModel(self).model_dump_json(indent=1)

    @staticmethod
    def from_json(text: str) -> "Release":
        """Read what `to_json` wrote, or raise ValueError."""
        return RootModel[Release].model_validate_json(text).root


def host() -> str:
    """Return the address of Hugging Face, or of a mirror."""
    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or "https://huggingface.co"


def ask_release(weights: PublishedWeights, policy: RetryPolicy) -> Release:
    """Ask what is published of a model now.

    Raises:
        ConfigInvalid: an environment variable forbids the network.
        DownloadFailed: the host does not answer, or lacks a file.
    """
    _require_network(weights)
    brief = replace(policy, tries=min(policy.tries, TRIES))
    url = f"{host()}/api/models/{weights.repository}/revision/{weights.revision}?blobs=true"
    try:
        release = _read(weights, json.loads(Client(brief).fetch(url)))
    except RequestFailed as error:
        raise DownloadFailed(
            f"{host()} does not say what {weights.repository} holds: {error}.",
            "Check the network, or try again later.",
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DownloadFailed(
            f"{host()} gives an answer about {weights.repository} that is not a list of files.",
            "Try again later; a proxy may have answered in its place.",
        ) from None
    lacking = weights.lacking([file.name for file in release.files])
    if lacking:
        raise DownloadFailed(
            f"{weights.repository} has no {lacking[0]} at {weights.revision}.",
            "A newer version of GLUE-Link may know where it is.",
        )
    return release


def _read(weights: PublishedWeights, answer: dict[str, Any]) -> Release:
    listed = {one["rfilename"]: one for one in answer["siblings"]}
    files = []
    for name in weights.chosen([name for name in listed if _NAME.fullmatch(name)]):
        one = listed[name]
        large = one.get("lfs")
        hashed = f"sha256:{large['sha256']}" if large else f"git:{one['blobId']}"
        files.append(PublishedFile(name, one["size"], hashed))
    return Release(weights.repository, answer["sha"], tuple(files))


def _require_network(weights: PublishedWeights) -> None:
    """Raise ConfigInvalid in offline mode, set by the variables of Hugging Face's own library."""
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        if os.environ.get(variable, "").upper() in ("1", "ON", "YES", "TRUE"):
            raise ConfigInvalid(
                f"{variable} is set, so {host()} is not asked.",
                f"Unset it, or put the files of {weights.repository} into {weights.folder}.",
            )
