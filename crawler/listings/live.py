"""The way `live`: ask a server's remote for its tools, without credentials, and never call one.

Streamable HTTP first, in both protocol eras; the older HTTP+SSE where that is answered by a status that a server of it
would give, or where the address ends in `/sse`. A robots.txt is about pages that are found by following links; here one
endpoint is asked that was published to be asked, a few times in a row at its host's pace.
"""

import time
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from typing import Final
from urllib.parse import urlsplit

import msgspec

from crawler.addresses import is_web_address
from crawler.conversation import Heard, converse
from crawler.fetch import Fetcher
from crawler.listing import Answer, Known, Means
from crawler.login import login_facts
from crawler.protected import LOGIN, RedirectError
from crawler.remote_address import needs_its_user, unaskable, without_login
from toolcensus.records import Listing, Outcome, Server, Way

WAY: Way = "live"
COST = 2
PARALLEL = 128
STRANGERS = True
NAMED_ONLY = False
AGE = timedelta(days=1)
READER: Final = "live/1"
MOST_REMOTES: Final = 8
MOST_HOPS: Final = 3
SECONDS: Final = 25.0
"""How long one conversation may take; waiting for the host's turn is not counted."""
EVENT_SECONDS: Final = 12.0
OLDER: Final = {400, 404, 405, 406, 415, 501}
"""Statuses by which a server of HTTP+SSE refuses the newer transport."""
LONGEST_FRESH: Final = timedelta(days=30)


@cache
def method() -> str:
    """Return the reader and the SDK that speaks, with their versions."""
    return f"{READER} mcp/{version('mcp')}"


def can_ask(server: Server) -> bool:
    """Say whether the server has a remote."""
    return bool(server.remotes)


async def list_tools(server: Server, at: str, means: Means, known: Known | None = None) -> Answer:  # noqa: ARG001  # only the server knows whether its list has changed
    """Ask the server's remotes in order until one lists its tools; the answer is of the one that came furthest."""
    best: Answer | None = None
    for remote in server.remotes[:MOST_REMOTES]:
        subject = without_login(remote)
        blank = Listing(server=server.key, way=WAY, at=at, outcome="no-source", method=method(), subject=subject)
        answer = await _ask(remote, blank, means.fetcher)
        if best is None or _further(answer, best):
            best = answer
        if answer.listing and answer.listing.outcome == "listed":
            break
    nothing = Listing(
        server=server.key, way=WAY, at=at, outcome="no-source", method=method(), reason="it has no remote"
    )
    return best or Answer(nothing)


def _further(answer: Answer, best: Answer) -> bool:
    order = ("listed", "needs-credentials")
    places = [
        order.index(one.listing.outcome) if one.listing and one.listing.outcome in order else 2
        for one in (answer, best)
    ]
    return places[0] < places[1]


async def _ask(remote: str, blank: Listing, fetcher: Fetcher) -> Answer:
    if reason := unaskable(remote):
        outcome: Outcome = "needs-credentials" if needs_its_user(remote) else "no-source"
        return Answer(msgspec.structs.replace(blank, outcome=outcome, reason=reason))
    started = time.monotonic()
    heard = Heard()
    url = remote
    for _ in range(MOST_HOPS + 1):
        async with fetcher.pace(urlsplit(url).hostname or "").visit():
            started = time.monotonic()
            heard = await _converse(fetcher, url)
        failure = heard.failure
        if not isinstance(failure, RedirectError) or not _may_follow(failure):
            break
        url = failure.target
    if heard.status in LOGIN and heard.outcome == "needs-credentials":
        heard.facts |= await login_facts(fetcher, url, heard.challenge)
    listing = _listing(heard, msgspec.structs.replace(blank, subject=url, duration=time.monotonic() - started))
    return Answer(listing, failures=(heard.failure,) if heard.failure else ())


async def _converse(fetcher: Fetcher, url: str) -> Heard:
    """Ask in the transport that the address suggests, then in the other where the answer leaves that open."""
    older_first = urlsplit(url).path.rstrip("/").endswith("/sse")
    first = await _by(fetcher, url, events=older_first)
    if first.outcome == "listed" or first.status not in OLDER:
        return first
    second = await _by(fetcher, url, events=not older_first)
    return second if second.outcome in {"listed", "needs-credentials"} else first


async def _by(fetcher: Fetcher, url: str, *, events: bool) -> Heard:
    return await converse(fetcher, url, events=events, seconds=EVENT_SECONDS if events else SECONDS)


def _may_follow(redirect: RedirectError) -> bool:
    """Say whether the question may be put elsewhere: as it says, or since it is the same host."""
    if not is_web_address(redirect.target):
        return False
    here, there = urlsplit(redirect.url), urlsplit(redirect.target)
    if here.scheme == "https" and there.scheme == "http":
        return False
    return redirect.keeps or here.hostname == there.hostname


def _listing(heard: Heard, blank: Listing) -> Listing:
    fresh = None
    if heard.ttl and heard.outcome == "listed":
        until = datetime.fromisoformat(blank.at) + min(timedelta(milliseconds=min(heard.ttl, 10**12)), LONGEST_FRESH)
        fresh = until.strftime("%Y-%m-%dT%H:%M:%SZ")
    return msgspec.structs.replace(
        blank,
        outcome=heard.outcome,
        reason=heard.reason,
        protocol=heard.protocol,
        tools=tuple(heard.tools),
        unresolved=tuple(heard.unresolved),
        fresh_until=fresh,
        facts=heard.facts,
    )
