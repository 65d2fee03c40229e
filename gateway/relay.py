"""Packages that are no server themselves: they pass on one that is elsewhere, or fetch it when they are started."""

from collections.abc import Sequence

from gateway.launcher import Launch

RELAYS = frozenset({"mcp-remote", "mcp-proxy", "supergateway"})
FETCHERS = frozenset({"@smithery/cli", "@toolhive/cli", "mcp-get"})
RUNNERS = frozenset({"tsx", "ts-node", "nodemon"})
"""Packages that run a script which is named after them."""


def relayed(package: str, words: Sequence[str]) -> Launch | None:
    """Tell what a package passes on, given the words after it; None where it is a server itself."""
    if package in FETCHERS:
        return Launch(reason=f"`{package}` fetches the server when it is started; which package that is cannot be told")
    if package not in RELAYS:
        return None
    url = next((word for word in words if word.startswith(("http://", "https://"))), None)
    return Launch(url=url) if url else Launch(reason=f"`{package}` passes on a server that is not named by a URL")
