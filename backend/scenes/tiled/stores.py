"""Zarr stores that hold tiles: plain ones and Icechunk repositories, local or at an address."""

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from backend.errors import ExtraMissing, GlueLinkError, SceneUnreadable
from backend.io.roots import leads_out
from backend.io.url import Location, Url
from backend.scenes.tiled.remote import Ranges

if TYPE_CHECKING:
    import zarr
    from zarr.abc.store import Store

AGAIN = "Fetch the store again."

_MARK = re.compile(r"^\s*(x\s+)?")  # before icechunk's messages


def is_icechunk(where: Location) -> bool:
    """Return whether this is an Icechunk repository, by its name or by its folders."""
    if isinstance(where, Url):
        return where.name.endswith(".icechunk")
    return all((where / part).is_dir() for part in ("snapshots", "manifests", "transactions"))


class ZarrStore:
    """An open store, of which nothing is read before it is asked for.

    Of an Icechunk repository it is the newest state of the main branch.

    Raises:
        SceneUnreadable: it is not there, damaged, or too new for the icechunk that is installed.
        ExtraMissing: packages that only some stores need are not installed.

    Example:
        store = ZarrStore(Path("tessera.zarr"), Ranges())
        scales = store.read(store.require("utm33/scales"), (0, slice(0, 256), slice(0, 256)))
    """

    def __init__(self, where: Location, ranges: Ranges) -> None:
        self._name = where.name
        if is_icechunk(where):
            self._store = _open_icechunk(where)
        else:
            from backend.scenes.tiled.zarr_files import ZarrFiles

            self._store = ZarrFiles(where, ranges)

    def attributes(self, path: str) -> Mapping[str, Any] | None:
        """Return what a group says of itself; None where there is no such group."""
        import zarr

        group = self._open(zarr.open_group, path, use_consolidated=False)
        return None if group is None else dict(group.attrs)

    def array(self, path: str) -> "zarr.Array[Any] | None":
        """Return an array; None where there is none."""
        import zarr

        return self._open(zarr.open_array, path)

    def require(self, path: str) -> "zarr.Array[Any]":
        """Return an array that must be there.

        Raises:
            SceneUnreadable: it is not there.
        """
        array = self.array(path)
        if array is None:
            raise SceneUnreadable(f"{self._name} has no array {path}.", AGAIN)
        return array

    def read(self, array: "zarr.Array[Any]", part: tuple[int | slice, ...]) -> NDArray[Any]:
        """Return a part of an array, by its first axes; the others keep their shape."""
        with self._named(array.path):
            return np.asarray(array[(*part, ...)])

    def _open(self, open_node: Callable[..., Any], path: str, **how: Any) -> Any:
        """Return a node of the store, None where it is not there."""
        with self._named(path), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that Zarr's own format does not know PCodec
            try:
                # The format before had codecs that unpickle.
                return open_node(self._store, path=path, mode="r", zarr_format=3, **how)
            except FileNotFoundError:
                return None

    @contextmanager
    def _named(self, path: str) -> Iterator[None]:
        """Say where reading failed: zarr, codecs and icechunk have errors of their own."""
        try:
            yield
        except GlueLinkError:
            raise
        except Exception as error:
            raise _unreadable(f"{self._name}/{path}", error, AGAIN) from error


def _open_icechunk(where: Location) -> "Store":
    try:
        import icechunk
    except ImportError as error:
        raise _extra_missing(f"{where.name} is an Icechunk repository") from error
    icechunk.set_logs_filter("error")  # it warns of writers, on the standard output
    if isinstance(where, Url) and not hasattr(icechunk, "http_storage"):
        raise _too_old(where, f"icechunk {icechunk.__version__} reads none at an address")
    if isinstance(where, Path) and leads_out(where):
        raise SceneUnreadable(
            f"A link in {where.name} leads out of the folders that may be read.", AGAIN
        )
    try:
        if isinstance(where, Url):
            storage = getattr(icechunk, "http_storage")(where.text)  # noqa: B009 - since version 2
        else:
            storage = icechunk.local_filesystem_storage(str(where))
        return icechunk.Repository.open(storage).readonly_session("main").store
    except icechunk.IcechunkError as error:
        if "upgrade the icechunk library" in str(error):
            raise _too_old(where, f"icechunk {icechunk.__version__} is too old for it") from error
        raise _unreadable(where.name, error, "Check where it lies.") from error


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


def _unreadable(name: str, error: Exception, remedy: str) -> GlueLinkError:
    reason = _MARK.sub("", str(error)).partition("\n")[0].rstrip(".")
    if "pcodec" in reason:
        return _extra_missing(f"{name} is packed with PCodec")
    return SceneUnreadable(f"{name} cannot be read: {reason}.", remedy)
