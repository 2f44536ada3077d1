"""A store in object storage: `s3://bucket/folder`, or another address that obstore knows.

Keys, secrets, regions and endpoints come from the environment (AWS_ACCESS_KEY_ID,
AWS_ENDPOINT_URL …; docs/scale.md), so that they stand in no command line and every worker has its
own. obstore tries a request again that is refused for the moment, and the rest of a reply that was
cut short; what arrives wrong all the same is found by checksums.
"""

from zarr.abc.store import Store
from zarr.storage import ObjectStore

from backend.errors import ConfigInvalid, ExtraMissing


def is_address(place: str) -> bool:
    """Return whether a store lies at an address, not in a folder."""
    return "://" in place


def open_objects(address: str, read_only: bool) -> Store:
    """Return the objects below an address; nothing is asked of it yet.

    Raises:
        ExtraMissing: obstore is not installed.
        ConfigInvalid: it is not an address of object storage.
    """
    try:
        from obstore.exceptions import BaseError
        from obstore.store import from_url
    except ImportError as error:
        raise ExtraMissing(
            "A store in object storage needs a package that is not installed.",
            "Run: pip install 'gluelink[objects]'.",
        ) from error
    try:
        return ObjectStore(from_url(address), read_only=read_only)
    except (BaseError, ValueError) as error:
        raise ConfigInvalid(
            f"{address} is not an address of object storage.",
            "Expected one such as s3://bucket/folder.",
        ) from error
