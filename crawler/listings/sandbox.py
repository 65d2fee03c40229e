"""The way `sandbox`: install the server's package without its scripts, start it without network, and ask it.

It runs strangers' code, in bubblewrap and within limits, and is taken only where a person names it.
"""

import asyncio
import importlib.metadata
import os
import time
from dataclasses import replace
from datetime import timedelta

import msgspec

from crawler.listing import Answer, Known, Means
from crawler.manners import Page
from crawler.purl import parse_purl
from crawler.release import Release, find_release, outcome_of, sentence
from crawler.sandbox import as_of, reason
from crawler.sandbox.attempts import list_launch
from crawler.sandbox.conversation import Heard
from crawler.sandbox.installation import installed
from crawler.sandbox.jail import bubblewrap
from crawler.sandbox.launch import InstallError
from crawler.sandbox.limits import DEFAULT, Limits
from toolcensus.errors import FetchError, InputError
from toolcensus.records import Listing, Server, Way

WAY: Way = "sandbox"
COST = 5
PARALLEL = min(4, os.cpu_count() or 1)
STRANGERS = False
NAMED_ONLY = True
AGE = timedelta(days=7)
VERSION = 1


def method() -> str:
    """Return the version of this way and of the SDK that asks."""
    return f"sandbox {VERSION}, mcp {importlib.metadata.version('mcp')}"


def can_ask(server: Server) -> bool:
    """Say whether the server has a package."""
    return bool(server.packages)


async def list_tools(server: Server, at: str, means: Means, known: Known | None = None) -> Answer:
    """Start the server's packages in order until one lists; raise ToolcensusError where there can be no sandbox."""
    await asyncio.to_thread(bubblewrap)
    settled = known if known and known.holds(method()) else None
    blank = Listing(server=server.key, way=WAY, at=at, outcome="no-source", method=method())
    answer = Answer(msgspec.structs.replace(blank, reason="no package of it is known"))
    for package in server.packages:
        answer = await _list_package(package, blank, means, settled)
        if answer.listing is None or answer.listing.outcome == "listed":
            break
    return answer


async def _list_package(package: str, blank: Listing, means: Means, settled: Known | None) -> Answer:
    blank = msgspec.structs.replace(blank, subject=package)
    pages: tuple[Page, ...] = ()
    try:
        release = await find_release(parse_purl(package), means)
        subject, pages = release.purl.to_string(), (release.page,)
        if settled and settled.subject == subject:
            return Answer(None, pages)
        heard, digest = await start_release(release, means)
    except FetchError as error:
        ended = msgspec.structs.replace(blank, outcome=outcome_of(error), reason=sentence(error))
        return Answer(ended, pages, failures=(error,))
    except InputError as error:
        return Answer(msgspec.structs.replace(blank, reason=sentence(error)), pages)
    listing = msgspec.structs.replace(
        blank,
        subject=subject,
        subject_digest=digest,
        outcome=heard.outcome,
        reason=heard.reason,
        duration=heard.seconds,
        protocol=heard.protocol,
        tools=heard.tools,
        unresolved=heard.unresolved,
        facts=dict(heard.facts),
    )
    return Answer(listing, pages)


async def start_release(release: Release, means: Means, limits: Limits = DEFAULT) -> tuple[Heard, str]:
    """Install and start one release, with dependencies of its own day where today's break it; return its digest too."""
    heard, digest = await _start(release, means, limits, None)
    if heard.outcome != "crashed" or not reason.is_stale(heard.words):
        return heard, digest
    try:
        day = await as_of.release_day(release, means)
    except InstallError:
        return heard, digest
    dated, digest = await _start(release, means, limits, day)
    return (dated if dated.tools else heard), digest


async def _start(release: Release, means: Means, limits: Limits, day: str | None) -> tuple[Heard, str]:
    began = time.monotonic()
    try:
        async with installed(release, means, limits, day) as (launch, digest):
            seconds = f"{time.monotonic() - began:.1f}"
            heard = await list_launch(launch, limits)
    except InstallError as error:
        return Heard("no-source", str(error)), ""
    return replace(heard, facts={**heard.facts, "installed_in_seconds": seconds}), digest
