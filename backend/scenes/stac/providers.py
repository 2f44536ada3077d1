"""STAC catalogues of imagery: those that are known, and those of the user's settings."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import yaml

from backend.errors import ConfigInvalid
from backend.resources import user_path

SETTINGS = "catalogues.yaml"


@dataclass(frozen=True)
class Provider:
    """A STAC API and the collection in it that holds Sentinel-1."""

    name: str
    """Its name in commands and requests."""

    url: str
    """The address of its landing page."""

    collection: str
    """The collection that is searched."""

    about: str = ""
    """What it delivers and what it needs, in a few words for a list."""

    token_url: str = ""
    """`token_url`/collection gives a token, as JSON with `token` and `msft:expiry`."""

    token_hosts: str = ""
    """The end of the names of hosts whose addresses need the token."""


PLANETARY_COMPUTER = Provider(
    name="planetary-computer",
    url="https://planetarycomputer.microsoft.com/api/stac/v1",
    collection="sentinel-1-rtc",
    about="Terrain corrected (RTC), linear power, 10 m. Searched and fetched without an account.",
    token_url="https://planetarycomputer.microsoft.com/api/sas/v1/token",
    token_hosts=".blob.core.windows.net",
)
EARTH_SEARCH = Provider(
    name="earth-search",
    url="https://earth-search.aws.element84.com/v1",
    collection="sentinel-1-grd",
)


def list_providers() -> list[Provider]:
    """Return the known catalogues and those of `catalogues.yaml` in the user's folder.

    That file has a name for each, and under it the fields of a Provider.

    Raises:
        ConfigInvalid: the file cannot be read, or makes no sense.
    """
    known = {one.name: one for one in (PLANETARY_COMPUTER, EARTH_SEARCH)}
    return list((known | _own_providers()).values())


def find_provider(name: str, collection: str | None = None) -> Provider:
    """Return the catalogue of this name, or the STAC API at this URL.

    `collection` replaces the catalogue's own; at a URL it must be given.

    Raises:
        ConfigInvalid: there is no catalogue of this name, or no collection is given.
    """
    if name.lower().startswith(("http://", "https://")):
        if not collection:
            raise ConfigInvalid(
                f"No collection of the catalogue {name} was named.",
                "State it, such as sentinel-1-rtc.",
            )
        return Provider(name, name.rstrip("/"), collection)
    known = {one.name: one for one in list_providers()}
    if name not in known:
        raise ConfigInvalid(
            f'There is no catalogue "{name}".',
            f"Catalogues: {', '.join(known)}, or the URL of a STAC API; "
            f"add others to {user_path(SETTINGS)}.",
        )
    return replace(known[name], collection=collection) if collection else known[name]


def _own_providers() -> dict[str, Provider]:
    path = user_path(SETTINGS)
    if not path.exists():
        return {}
    try:
        stated = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigInvalid(f"{path} cannot be read: {error}.", "Mend or remove it.") from error
    if not isinstance(stated, Mapping):
        raise ConfigInvalid(f"{path} does not list catalogues by name.", "Mend or remove it.")
    return {str(name): _provider(str(name), entry) for name, entry in stated.items()}


def _provider(name: str, entry: Any) -> Provider:
    allowed = {field.name for field in fields(Provider)} - {"name"}
    texts = isinstance(entry, Mapping) and all(isinstance(text, str) for text in entry.values())
    if not texts or not {"url", "collection"} <= set(entry) <= allowed:
        raise ConfigInvalid(
            f'The catalogue "{name}" in {user_path(SETTINGS)} is described by {entry!r}.',
            f"Expected texts for url and collection, and none but {', '.join(sorted(allowed))}.",
        )
    if not entry["url"].lower().startswith(("http://", "https://")):
        raise ConfigInvalid(
            f'The catalogue "{name}" has the url "{entry["url"]}".', "Expected http or https."
        )
    return Provider(name=name, **{**entry, "url": entry["url"].rstrip("/")})
