"""The way `card`: documents by which a remote or a bundle says what it is, read without connecting to the server.

Asked for are the card at the endpoint (`<endpoint>/server-card`), the host's own at three well-known places, each once
a run, and the endpoint's metadata on logins (RFC 9728); of a package that is a bundle, its `manifest.json`.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from urllib.parse import urljoin, urlsplit, urlunsplit
from weakref import WeakKeyDictionary

import msgspec

from crawler.bundle import Bundle, find_bundle, read_manifest
from crawler.cards import Card, find_card
from crawler.cards import read_manifest as read_card_of_bundle
from crawler.fetch import Fetcher
from crawler.listing import Answer, Known, Means
from crawler.login import login_facts
from crawler.manners import MEBIBYTE, Bounds, Page, StatusError
from crawler.release import outcome_of, sentence, temporary_folder
from crawler.remote_address import unaskable, without_login
from crawler.robots import Robots
from toolcensus.errors import FetchError, InputError
from toolcensus.records import Listing, Server, Way

WAY: Way = "card"
COST = 1
PARALLEL = 64
STRANGERS = True
NAMED_ONLY = False
AGE = timedelta(days=7)
READER: Final = "card/1"
MOST_REMOTES: Final = 4
AT_ENDPOINT: Final = "/server-card"
AT_HOST: Final = ("/.well-known/mcp/server-card.json", "/.well-known/mcp.json", "/.well-known/mcp")
BRIEF: Final = Bounds(document_bytes=MEBIBYTE, file_bytes=64 * MEBIBYTE, seconds=20.0, redirects=2, attempts=1)
HOSTS_KEPT: Final = 200
BYTES_KEPT: Final = 32 * MEBIBYTE
"""Of documents that were met in a run, which other servers of the same hosts may be in too."""


@dataclass
class _Host:
    """What one origin has at its well-known places, once somebody asked; `closed` is why nothing could be had."""

    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    documents: dict[str, Page | None] = field(default_factory=dict)
    closed: FetchError | None = None

    @property
    def size(self) -> int:
        return sum(len(page.body) for page in self.documents.values() if page)


@dataclass
class _Run:
    """What one run has asked already."""

    robots: Robots
    hosts: OrderedDict[str, _Host] = field(default_factory=OrderedDict)

    def host(self, origin: str) -> _Host:
        """Return what is known of an origin; the oldest is forgotten where there are many."""
        found = self.hosts.setdefault(origin, _Host())
        self.hosts.move_to_end(origin)
        while len(self.hosts) > HOSTS_KEPT or sum(host.size for host in self.hosts.values()) > BYTES_KEPT:
            self.hosts.popitem(last=False)
        return found


RUNS: WeakKeyDictionary[Fetcher, _Run] = WeakKeyDictionary()


def method() -> str:
    """Return the reader with its version."""
    return READER


def can_ask(server: Server) -> bool:
    """Say whether the server has a remote, or a package that is a bundle."""
    return bool(server.remotes) or any(map(find_bundle, server.packages))


async def list_tools(server: Server, at: str, means: Means, known: Known | None = None) -> Answer:
    """Read the cards of the server's remotes and the manifests of its bundles, until one gives a list of tools."""
    settled = known if known and known.holds(method()) else None
    blank = Listing(server=server.key, way=WAY, at=at, outcome="no-source", method=method(), reason="it has no remote")
    answer = Answer(blank)
    for remote in server.remotes[:MOST_REMOTES]:
        answer = await _of_remote(remote, blank, means.fetcher)
        if answer.listing and answer.listing.outcome == "listed":
            return answer
    for package in server.packages:
        if bundle := find_bundle(package):
            if settled and settled.subject == package and bundle.integrity:
                return Answer(None)
            answer = await _of_bundle(bundle, msgspec.structs.replace(blank, subject=package), means.fetcher)
            if answer.listing and answer.listing.outcome == "listed":
                return answer
    return answer


async def _of_remote(remote: str, blank: Listing, fetcher: Fetcher) -> Answer:
    started = time.monotonic()
    blank = msgspec.structs.replace(blank, subject=without_login(remote))
    if reason := unaskable(remote):
        return Answer(msgspec.structs.replace(blank, reason=reason))
    facts: dict[str, str] = {}
    try:
        async for page in _documents(remote, fetcher):
            card = find_card(page.body, page.url, remote)
            if card and card.tools:
                return Answer(_listed(card, blank, started))
            facts = {**card.facts, **facts} if card else facts
        facts |= await login_facts(fetcher, remote, "")
    except FetchError as error:
        ended = msgspec.structs.replace(blank, outcome=outcome_of(error), reason=sentence(error), facts=facts)
        return Answer(ended, failures=(error,))
    reason = "its card gives no list of tools" if "card" in facts else "there is no card at its address or its host"
    return Answer(msgspec.structs.replace(blank, reason=reason, facts=facts, duration=time.monotonic() - started))


async def _documents(remote: str, fetcher: Fetcher) -> AsyncIterator[Page]:
    """Yield what stands at the places of a remote's card; raise FetchError where the host cannot be asked."""
    run = RUNS.setdefault(fetcher, _Run(Robots(fetcher.within(BRIEF))))
    parts = urlsplit(remote)
    own = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/") + AT_ENDPOINT, "", ""))
    host = run.host(f"{parts.scheme}://{parts.netloc}")
    if host.closed:
        raise host.closed
    if page := await _fetch(own, run, host, fetcher):
        yield page
    for place in AT_HOST:
        url = urljoin(own, place)
        async with host.asking:
            if url not in host.documents:
                host.documents[url] = await _fetch(url, run, host, fetcher)
        if found := host.documents[url]:
            yield found


async def _fetch(url: str, run: _Run, host: _Host, fetcher: Fetcher) -> Page | None:
    """Return the document at `url`, None where there is none; raise FetchError where its host cannot be asked."""
    if host.closed:
        raise host.closed
    try:
        await run.robots.check(url)
        return await fetcher.within(BRIEF).fetch_bytes(url, accept="application/json")
    except StatusError:
        return None
    except FetchError as error:
        if error.reason in {"redirect", "robots", "too-large", "malformed"}:
            return None
        host.closed = error
        raise


async def _of_bundle(bundle: Bundle, blank: Listing, fetcher: Fetcher) -> Answer:
    started = time.monotonic()
    try:
        with temporary_folder() as folder:
            path = folder / "bundle"
            saved = await fetcher.within(BRIEF).download(bundle.url, path, integrity=bundle.integrity)
            body = await asyncio.to_thread(read_manifest, path)
    except FetchError as error:
        ended = msgspec.structs.replace(blank, outcome=outcome_of(error), reason=sentence(error))
        return Answer(ended, failures=(error,))
    except InputError as error:
        return Answer(msgspec.structs.replace(blank, reason=sentence(error)))
    blank = msgspec.structs.replace(blank, subject_digest=saved.digest)
    card = read_card_of_bundle(body)
    if card and card.tools:
        return Answer(_listed(card, blank, started))
    reason = "its manifest gives no list of tools" if card else "its manifest is none"
    return Answer(msgspec.structs.replace(blank, reason=reason, facts=card.facts if card else {}))


def _listed(card: Card, blank: Listing, started: float) -> Listing:
    return msgspec.structs.replace(
        blank,
        outcome="listed",
        reason="",
        tools=card.tools or (),
        unresolved=card.unresolved,
        protocol=card.protocol,
        facts=card.facts,
        duration=time.monotonic() - started,
    )
