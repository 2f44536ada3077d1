"""STAC catalogues of imagery: those that are known, and those of the user's settings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

from backend.errors import ConfigInvalid
from backend.io.access import host_of
from backend.io.yaml import load_yaml
from backend.resources import user_path

SETTINGS = "catalogues.yaml"
SETTABLE = {
    "url": str,
    "collection": str,
    "about": str,
    "hosts": list,
    "token_url": str,
    "token_hosts": str,
    "divides_by_scale": bool,
}
"""What a catalogue of the user's own can have, with its type in YAML."""


@dataclass(frozen=True)
class Login:
    """How files are had that need an account."""

    host: str
    """The host of the login, for which `~/.netrc` has a line."""

    token: str
    """The variable of the environment that holds a token, which counts more than that line."""

    token_hosts: tuple[str, ...]
    """The hosts that take the token; no other is sent it."""

    remedy: str
    """What to do who has neither, or is refused."""


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
    """What the collection delivers and what it needs, in a few words for a list."""

    unfit: str = ""
    """Why nothing of the collection can be fetched, with what to do; empty where it can."""

    hosts: tuple[str, ...] = ()
    """The hosts of its files and of where they redirect to, as in `Access`, beside its own."""

    token_url: str = ""
    """`token_url`/collection gives a token, as JSON with `token` and `msft:expiry`."""

    token_hosts: str = ""
    """The end of the names of hosts whose addresses need the token."""

    open_hosts: bool = False
    """Whether it may lead anywhere: that of an address which a user has typed now."""

    login: Login | None = None
    """How its files are had, where they need an account."""

    divides_by_scale: bool = False
    """Whether a scale that items state divides stored values, against the STAC standard."""

    @property
    def listed_hosts(self) -> tuple[str, ...]:
        """The hosts that it and its files may be at; none when any may be."""
        own = (host_of(url) for url in (self.url, self.token_url) if url)
        return () if self.open_hosts else tuple(dict.fromkeys((*own, *self.hosts)))


PLANETARY_COMPUTER = Provider(
    name="planetary-computer",
    url="https://planetarycomputer.microsoft.com/api/stac/v1",
    collection="sentinel-1-rtc",
    about="Terrain corrected (RTC), linear power, 10 m. No account.",
    hosts=("planetarycomputer.microsoft.com", ".blob.core.windows.net"),
    token_url="https://planetarycomputer.microsoft.com/api/sas/v1/token",
    token_hosts=".blob.core.windows.net",
)
EARTHDATA = Login(
    host="urs.earthdata.nasa.gov",
    token="EARTHDATA_TOKEN",
    token_hosts=(
        "urs.earthdata.nasa.gov",
        "datapool.asf.alaska.edu",
        "cumulus.asf.earthdatacloud.nasa.gov",
    ),
    remedy="Make a free account at https://urs.earthdata.nasa.gov, approve there the application "
    '"Alaska Satellite Facility Data Access", and put "machine urs.earthdata.nasa.gov login NAME '
    'password PASSWORD" into ~/.netrc, or a token of that account into the environment variable '
    "EARTHDATA_TOKEN.",
)
OPERA = Provider(
    name="opera",
    url="https://cmr.earthdata.nasa.gov/stac/ASF",
    collection="OPERA_L2_RTC-S1_V1_1",
    about="OPERA RTC-S1 of NASA: terrain corrected, linear power, 30 m, since April 2016. "
    "Fetched with a free Earthdata account.",
    hosts=(*EARTHDATA.token_hosts, ".cloudfront.net", ".amazonaws.com"),
    login=EARTHDATA,
)
_RAW_GRD = (
    "its files are raw GRD in radar geometry, digital numbers without calibration, {where}. Fetch "
    "the same days from planetary-computer or opera, or calibrate and terrain-correct it in SNAP"
)
EARTH_SEARCH = Provider(
    name="earth-search",
    url="https://earth-search.aws.element84.com/v1",
    collection="sentinel-1-grd",
    about="Raw GRD in radar geometry. Searched only: nothing here can be fetched and mapped.",
    unfit=_RAW_GRD.format(where="in a bucket whose reader pays"),
)
CDSE = Provider(
    name="cdse",
    url="https://stac.dataspace.copernicus.eu/v1",
    collection="sentinel-1-grd",
    about="Raw GRD of the Copernicus Data Space, hours after the acquisition. Searched only: "
    "nothing here can be fetched and mapped.",
    unfit=_RAW_GRD.format(where="read with an account of the Copernicus Data Space"),
)
EODC = Provider(
    name="eodc",
    url="https://stac.eodc.eu/api/v1",
    collection="SENTINEL1_SIG0_20M",
    about="Sigma nought of TU Wien in dB, 20 m, terrain flattened by geometry alone. No account.",
    hosts=("data.eodc.eu",),
    # Its own users divide: stored are tenths of dB, and items state a scale of 10.
    # Source: TUW-GEO, dask-flood-mapper, post_process_eodc_cube.
    divides_by_scale=True,
)
KNOWN = (PLANETARY_COMPUTER, OPERA, EARTH_SEARCH, CDSE, EODC)


def list_providers() -> list[Provider]:
    """Return the known catalogues and those of `catalogues.yaml` in the user's folder.

    That file has a name for each, and under it the fields of a Provider.

    Raises:
        ConfigInvalid: the file cannot be read, or makes no sense.
    """
    known = {one.name: one for one in KNOWN}
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
        url = name.rstrip("/")
        there = next((one for one in list_providers() if one.url == url), None)
        return _of(there, collection) if there else Provider(name, url, collection, open_hosts=True)
    known = {one.name: one for one in list_providers()}
    if name not in known:
        raise ConfigInvalid(
            f'There is no catalogue "{name}".',
            f"Catalogues: {', '.join(known)}, or the URL of a STAC API; "
            f"add others to {user_path(SETTINGS)}.",
        )
    return _of(known[name], collection)


def _of(provider: Provider, collection: str | None) -> Provider:
    """Return a catalogue with another collection, of which less is known."""
    if collection in (None, provider.collection):
        return provider
    return replace(provider, collection=collection, about="", unfit="", divides_by_scale=False)


def _own_providers() -> dict[str, Provider]:
    path = user_path(SETTINGS)
    if not path.exists():
        return {}
    try:
        stated = load_yaml(path) or {}
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigInvalid(f"{path} cannot be read: {error}.", "Mend or remove it.") from error
    if not isinstance(stated, Mapping):
        raise ConfigInvalid(f"{path} does not list catalogues by name.", "Mend or remove it.")
    return {str(name): _provider(str(name), entry) for name, entry in stated.items()}


def _provider(name: str, entry: Any) -> Provider:
    fit = isinstance(entry, Mapping) and all(
        isinstance(value, SETTABLE.get(key, ())) for key, value in entry.items()
    )
    if not fit or not {"url", "collection"} <= set(entry):
        names = [f"{key} ({kind.__name__})" for key, kind in SETTABLE.items()]
        raise ConfigInvalid(
            f'The catalogue "{name}" in {user_path(SETTINGS)} is described by {entry!r}.',
            f"Expected url and collection, and none but {', '.join(names)}.",
        )
    if not entry["url"].lower().startswith(("http://", "https://")):
        raise ConfigInvalid(
            f'The catalogue "{name}" has the url "{entry["url"]}".', "Expected http or https."
        )
    url, hosts = entry["url"].rstrip("/"), tuple(map(str, entry.get("hosts", [])))
    return Provider(name=name, **{**entry, "url": url, "hosts": hosts})
