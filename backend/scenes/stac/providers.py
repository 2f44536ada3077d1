"""Where catalogues of imagery are: those that are known, and those of the user's settings."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import yaml

from backend.errors import ConfigInvalid
from backend.resources import user_path

SETTINGS = "catalogues.yaml"


@dataclass(frozen=True)
class Provider:
    """A STAC API and the collection in it that holds Sentinel-1.

    `token_url`/collection gives the token that addresses on `token_hosts` (the end of a host's
    name) need, as JSON with `token` and `msft:expiry`; empty where files are open.
    """

    name: str
    url: str
    collection: str
    token_url: str = ""
    token_hosts: str = ""


PLANETARY_COMPUTER = Provider(
    name="planetary-computer",
    url="https://planetarycomputer.microsoft.com/api/stac/v1",
    collection="sentinel-1-rtc",
    token_url="https://planetarycomputer.microsoft.com/api/sas/v1/token",
    token_hosts=".blob.core.windows.net",
)
EARTH_SEARCH = Provider(
    name="earth-search",
    url="https://earth-search.aws.element84.com/v1",
    collection="sentinel-1-grd",
)


def list_providers() -> list[Provider]:
    """The known ones and those of `catalogues.yaml` in the user's folder. ConfigInvalid.

    That file has a name for each, and under it the fields of a Provider.
    """
    known = {one.name: one for one in (PLANETARY_COMPUTER, EARTH_SEARCH)}
    return list((known | _own_providers()).values())


def find_provider(name: str, collection: str | None = None) -> Provider:
    """The provider of this name, or the STAC API at this URL. ConfigInvalid.

    `collection` overrules the provider's; at a URL it has to be told.
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
        raise ConfigInvalid(f"{path} is no list of catalogues by name.", "Mend or remove it.")
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
