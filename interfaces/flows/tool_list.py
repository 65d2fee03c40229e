"""The tools of what a configuration starts: from the index, else from its package or folder, read but never started."""

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import sqlalchemy
from packageurl import PackageURL
from sqlalchemy import or_, select

from crawler import confined
from crawler.confined import Failure, Reading
from crawler.listing import Means
from crawler.listings import static
from crawler.purl import ECOSYSTEMS
from gateway.client import Machine
from gateway.launcher import Launch
from gateway.local import source_of
from interfaces.flows.reach import Reach, open_means
from toolcensus import listings, schema
from toolcensus.records import Listing, Server, Tool
from toolcensus.store import bare_purl

Origin = Literal["index", "package", "path"]
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class ToolList:
    """Tools and where they were read; with no tool, `reason` says why. `unread` registrations could not be read."""

    tools: tuple[Tool, ...] = ()
    origin: Origin | None = None
    subject: str = ""
    reason: str = ""
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Sources:
    """Where tool lists may come from: an open index, if there is one, and packages, if they may be fetched."""

    machine: Machine
    index: sqlalchemy.Connection | None = None
    fetch: bool = True


Watch = Callable[[int, int], None]


async def tool_lists(
    launches: Sequence[Launch], sources: Sources, at: str, watch: Watch = lambda _done, _all: None
) -> dict[Launch, ToolList]:
    """Return the tool list of everything that is started, each read once."""
    wanted = list(dict.fromkeys(launches))
    answers: dict[Launch, ToolList] = {}
    indexed = {one: _from_index(sources.index, one) for one in wanted} if sources.index is not None else {}
    packages = [one.purl for one in wanted if one.purl and _is_readable(one.purl)]
    requests, children = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(os.cpu_count() or 1)

    async def answer(launched: Launch, means: Means | None) -> None:
        known = indexed.get(launched)
        if known and not known.reason:
            answers[launched] = known
        else:
            async with children if launched.path else requests:
                answers[launched] = await _read(launched, means, sources, at, known)
        watch(len(answers), len(wanted))

    if not sources.fetch or not packages:
        await asyncio.gather(*(answer(one, None) for one in wanted))
        return answers
    async with open_means(packages, Reach()) as means:
        await asyncio.gather(*(answer(one, means) for one in wanted))
    return answers


def _is_readable(purl: str) -> bool:
    return purl.startswith(tuple(f"pkg:{ecosystem}/" for ecosystem in ECOSYSTEMS))


async def _read(launched: Launch, means: Means | None, sources: Sources, at: str, known: ToolList | None) -> ToolList:
    """Read what is started; `known` is the index's list of another version, which is better than none."""
    if launched.path is not None:
        return await _from_path(Path(launched.path), sources.machine)
    if launched.url is not None:
        return known or ToolList(reason="remote, not asked, and not in the index")
    if launched.purl is None or not _is_readable(launched.purl):
        return known or ToolList(reason=launched.reason or "nothing says what it starts")
    if means is None:
        return known or ToolList(reason="not in the index, and packages are not fetched")
    server = Server(key=bare_purl(launched.purl), slug="", name=launched.purl, packages=(launched.purl,))
    listing = (await static.list_tools(server, at, means)).listing
    if listing is None or listing.outcome != "listed":
        return known or _missed(listing)
    return ToolList(listing.tools, "package", listing.subject, launched.reason, len(listing.unresolved))


def _missed(listing: Listing | None) -> ToolList:
    return ToolList(reason=f"{listing.outcome}: {listing.reason}" if listing else "its package could not be read")


async def _from_path(path: Path, machine: Machine) -> ToolList:
    """Read the package around a script, or else the script alone."""
    root = await asyncio.to_thread(source_of, path, machine)
    if root is None:
        return ToolList(reason=f"{path} does not exist here")
    reading = await confined.read(root)
    if root != path and not (isinstance(reading, Reading) and reading.tools):
        reading, root = await confined.read(path), path
    if isinstance(reading, Failure):
        return ToolList(reason=f"{reading.outcome}: {reading.reason}")
    reason = "" if reading.tools else f"no tool was found in {reading.files} source files of {root}"
    return ToolList(reading.tools, "path", str(root), reason, len(reading.unresolved))


def _from_index(connection: sqlalchemy.Connection, launched: Launch) -> ToolList | None:
    """Return the index's list; its `reason` says where it is of another version than the configured one."""
    words = {launched.url, (launched.url or "").rstrip("/"), bare_purl(launched.purl or "")} - {None, ""}
    server, address = schema.server.c, schema.address.c
    places = select(address.server_id).where(address.address.in_(words))
    query = select(server.key).where(or_(server.key.in_(words), server.id.in_(places))).order_by(server.key).limit(2)
    keys = connection.execute(query).scalars().all() if words else []
    stored = listings.load_tools(connection, keys[0]) if len(keys) == 1 else ()
    if not stored:
        return None
    last = listings.last_listing(connection, keys[0], stored[0].way)
    has, wants = _version(last.subject if last else ""), _version(launched.purl or "")
    reason = f"the index has version {has}; {wants} is configured" if has and wants and has != wants else ""
    return ToolList(tuple(one.tool for one in stored), "index", keys[0], reason)


def _version(purl: str) -> str:
    return PackageURL.from_string(purl).version or "" if _is_readable(purl) else ""
