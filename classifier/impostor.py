"""Finding a tool that takes the name of another server's well-known tool."""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from toolcensus.records import Finding, Tool

WELL_KNOWN = Path(__file__).with_name("well_known.toml")


def find(tool: Tool, server: str | None) -> Iterator[Finding]:
    """Yield `shadowing` where the name is a well-known product's and the server's key does not name that product.

    Nothing can be said where the server is not known.
    """
    owners = well_known().get(tool.name)
    if not owners or not server or any(owner in server.lower() for owner in owners):
        return
    yield Finding(
        kind="shadowing",
        severity="low",
        field="name",
        start=0,
        end=len(tool.name),
        message=f"Takes the name of a well-known tool of {owners[0]}: beside that server a model may call this one "
        "instead; connect only one of them.",
    )


@lru_cache(maxsize=1)
def well_known() -> dict[str, tuple[str, ...]]:
    """Return the distinctive tool names, each with the words by which its makers' servers are known."""
    table = tomllib.loads(WELL_KNOWN.read_text("utf-8"))
    return {name: tuple(product["servers"]) for product in table["product"] for name in product["tools"]}
