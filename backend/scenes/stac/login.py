"""The user's own login at a provider that asks for one: a token, or a line of ~/.netrc."""

import base64
import netrc
import os
from pathlib import Path

from backend.errors import CatalogueUnreachable
from backend.io.access import Access
from backend.scenes.stac.providers import Login, Provider


def access_of(provider: Provider) -> Access:
    """Return the hosts that files of a provider may come from, and the header that each one gets.

    Raises:
        CatalogueUnreachable: the provider asks for a login, and there is none.
    """
    login = provider.login
    if login is None:
        return Access(provider.listed_hosts)
    token = os.environ.get(login.token, "").strip()
    if token:
        headers = dict.fromkeys(login.token_hosts, f"Bearer {token}")
    else:
        headers = {login.host: _basic(provider.name, login)}
    return Access(provider.listed_hosts, headers, login.host)


def _basic(name: str, login: Login) -> str:
    """Return the header of the line that `~/.netrc` has for a host; `default` is for no host."""
    usual = [Path.home() / ".netrc", Path.home() / "_netrc"]  # the second is Windows' own
    path = Path(os.environ.get("NETRC") or next(filter(Path.exists, usual), usual[0]))
    try:
        lines = netrc.netrc(path).hosts if path.exists() else {}
    except (OSError, ValueError, netrc.NetrcParseError) as error:
        # What a parser says may quote a password.
        place = f"line {error.lineno} of " if isinstance(error, netrc.NetrcParseError) else ""
        raise CatalogueUnreachable(
            f"The files of {name} need a login, and {place}{path} cannot be read.", login.remedy
        ) from None
    if login.host not in lines:
        raise CatalogueUnreachable(
            f"The files of {name} need a login at {login.host}, and there is none: {path} has no "
            f"line for it, and {login.token} is not set.",
            login.remedy,
        )
    user, _, password = lines[login.host]
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
