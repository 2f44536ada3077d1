"""Zarr stores that hold tiles: plain ones and Icechunk repositories, local or at an address."""

import re
from typing import TYPE_CHECKING

from backend.errors import ExtraMissing, GlueLinkError, SceneUnreadable
from backend.io.url import Location, Url
from backend.scenes.tiled.remote import Ranges

if TYPE_CHECKING:
    from zarr.abc.store import Store

AGAIN = "Fetch the store again."

_MARK = re.compile(r"^\s*(x\s+)?")  # before icechunk's messages


def is_icechunk(where: Location) -> bool:
    """Return whether this is an Icechunk repository, by its name or by its folders."""
    if isinstance(where, Url):
        return where.name.endswith(".icechunk")
    return all((where / part).is_dir() for part in ("snapshots", "manifests", "transactions"))


def open_store(where: Location, ranges: Ranges) -> "Store":
    """Return a store for reading; of a repository the newest state of its main branch.

    Raises:
        SceneUnreadable: it is not there, damaged, or too new for the icechunk that is installed.
        ExtraMissing: icechunk is not installed.
    """
    if is_icechunk(where):
        return _open_icechunk(where)
    from backend.scenes.tiled.zarr_files import ZarrFiles

    return ZarrFiles(where, ranges)


def _open_icechunk(where: Location) -> "Store":
    try:
        import icechunk
    except ImportError as error:
        raise _extra_missing(f"{where.name} is an Icechunk repository") from error
    icechunk.set_logs_filter("error")  # it warns of writers, on the standard output
    if isinstance(where, Url) and not hasattr(icechunk, "http_storage"):
        raise _too_old(where, f"icechunk {icechunk.__version__} reads none at an address")
    try:
        if isinstance(where, Url):
            storage = getattr(icechunk, "http_storage")(where.text)  # noqa: B009 - since version 2
        else:
            storage = icechunk.local_filesystem_storage(str(where))
        return icechunk.Repository.open(storage).readonly_session("main").store
    except icechunk.IcechunkError as error:
        if "upgrade the icechunk library" in str(error):
            raise _too_old(where, f"icechunk {icechunk.__version__} is too old for it") from error
        raise unreadable(where.name, error) from error


def _too_old(where: Location, reason: str) -> SceneUnreadable:
    return SceneUnreadable(
        f"The Icechunk repository {where.name} cannot be read: {reason}.",
        "Use Python 3.12 or newer with icechunk 2, or the same store in plain Zarr: "
        "docs/embeddings.md.",
    )


def _extra_missing(what: str) -> ExtraMissing:
    return ExtraMissing(
        f"{what}, and packages to read it are not installed.",
        'Install them: pip install "gluelink[tessera]".',
    )


def unreadable(name: str, error: Exception) -> GlueLinkError:
    """Return the error for what zarr, a codec or icechunk raised; each has kinds of its own."""
    if isinstance(error, GlueLinkError):
        return error
    reason = _MARK.sub("", str(error)).partition("\n")[0].rstrip(".")
    if "pcodec" in reason:
        return _extra_missing(f"{name} is packed with PCodec")
    return SceneUnreadable(f"{name} cannot be read: {reason}.", AGAIN)
