"""Documents by which a server says what it is before anybody connects: read as they are really written. Pure.

Formats: the server card of SEP-2127 (`name`, `version`, `remotes`) and that of SEP-1649 before it (`serverInfo`,
`transport`, `tools`), lists of servers under `servers` or `mcpServers`, and the `manifest.json` of an MCP bundle
(`tools` without schemas, `tools_generated`).
"""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import msgspec

from crawler.lenient import kept, read_page
from crawler.remote import endpoint, normal_remote
from toolcensus.records import Record, Tool, Unresolved

LISTS: Final = ("servers", "mcpServers", "mcp_servers")
ADDRESSES: Final = {"url", "endpoint", "mcpEndpoint", "mcp_endpoint", "serverUrl", "server_url"}
PLACES: Final = ("transport", "transports", "remotes", "endpoints")
MARKS: Final = {"serverInfo", "protocolVersion", "capabilities", "tools", "remotes", "transport", "transports"}
"""Fields that only a card has; a name and an address alone are in every other document too."""
MOST_SERVERS: Final = 500
MOST_ADDRESSES: Final = 50
PLAIN_PATHS: Final = {"", "/", "/mcp", "/sse", "/mcp/", "/sse/"}
"""Paths of an endpoint that is the one of its host."""


class Card(Record, frozen=True):
    """What one document says of one server; `tools` is None where it gives no list."""

    facts: dict[str, str]
    addresses: tuple[str, ...] = ()
    protocol: str | None = None
    tools: tuple[Tool, ...] | None = None
    unresolved: tuple[Unresolved, ...] = ()


def find_card(body: bytes, place: str, remote: str) -> Card | None:
    """Return the card of the server at `remote` in the document that stood at `place`; None where there is none.

    A host's document speaks of a server where it gives its address, or gives none and the host has only the one.
    """
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    cards = [read_card(entry, place) for entry in _entries(document)]
    own = _spelt(remote)
    for card in cards:
        if own in map(_spelt, card.addresses):
            return card
    is_the_only = urlsplit(remote).path in PLAIN_PATHS or place.startswith(remote.rstrip("/") + "/")
    return cards[0] if len(cards) == 1 and not cards[0].addresses and is_the_only else None


def read_card(entry: dict[str, Any], place: str) -> Card:
    """Read what a document says of one server."""
    about = entry.get("serverInfo")
    about = about if isinstance(about, dict) else entry
    capabilities = entry.get("capabilities")
    tools = entry.get("tools")
    if not isinstance(tools, list) and isinstance(capabilities, dict):
        tools = capabilities.get("tools")
    definitions = tools if isinstance(tools, list) and tools != ["dynamic"] else None
    read = read_page(definitions) if definitions else None
    login = entry.get("authentication")
    facts = {"card": place, "server": about.get("name"), "version": about.get("version"), "title": about.get("title")}
    facts |= {"instructions": entry.get("instructions") or entry.get("description")}
    facts |= {"login": "required"} if isinstance(login, dict) and login.get("required") is True else {}
    return Card(
        facts=kept({name: text for name, text in facts.items() if isinstance(text, str)}),
        addresses=tuple(_addresses(entry, place))[:MOST_ADDRESSES],
        protocol=_version(entry),
        tools=read.tools if read else None,
        unresolved=read.unresolved if read else (),
    )


def read_manifest(body: bytes) -> Card | None:
    """Read the `manifest.json` of a bundle; None where it is none."""
    try:
        manifest = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("name"), str):
        return None
    card = read_card(manifest, "manifest.json")
    if manifest.get("tools_generated") is not True:
        return card
    more = Unresolved(where="manifest.json", reason="it says that more tools are made when the server runs")
    return msgspec.structs.replace(card, unresolved=(*card.unresolved, more))


def _entries(document: Any) -> Iterator[dict[str, Any]]:
    """Yield the parts of a document that each speak of one server."""
    if not isinstance(document, dict):
        return
    several = next((document[name] for name in LISTS if isinstance(document.get(name), list | dict)), None)
    if several is None:
        inner = document.get("server")
        whole = inner if isinstance(inner, dict) else document
        if not MARKS.isdisjoint(whole):
            yield whole
        return
    entries = several.values() if isinstance(several, dict) else several
    for entry, _ in zip(entries, range(MOST_SERVERS), strict=False):
        if isinstance(entry, dict):
            yield entry


def _addresses(entry: dict[str, Any], place: str) -> Iterator[str]:
    holders: list[Any] = [entry]
    for name in PLACES:
        value = entry.get(name)
        holders += value[:MOST_ADDRESSES] if isinstance(value, list) else [value]
    for holder in holders:
        values = [holder] if isinstance(holder, str) else []
        if isinstance(holder, dict):
            values = [value for name, value in holder.items() if name in ADDRESSES and isinstance(value, str)]
        for value in values:
            if "/" in value and (address := _absolute(place, value)):
                yield address


def _absolute(place: str, value: str) -> str:
    try:
        return urljoin(place, value[:2_000])
    except ValueError:
        return ""


def _spelt(remote: str) -> str:
    return endpoint(normal_remote(remote) or remote)


def _version(entry: dict[str, Any]) -> str | None:
    version = entry.get("protocolVersion")
    versions = entry.get("supportedProtocolVersions")
    if not isinstance(version, str) and isinstance(versions, list):
        version = max((one for one in versions if isinstance(one, str)), default=None)
    return version[:40] if isinstance(version, str) and version.isprintable() else None
