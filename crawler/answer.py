"""What a request to a source came to, and when one request is another: the words between a walk and its memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import parse_qsl, quote, urlencode

import msgspec

from crawler.bounded_text import bounded, is_usable_id
from crawler.manners import Validators
from crawler.source import Flaw, Reading, Request
from toolcensus.records import Sighting

NOTHING_READ: Final = Reading()
NO_VALIDATORS: Final = Validators()
ARCHIVES: Final = (b"\x1f\x8b", b"PK")
PAGING: Final = {"page", "p", "from", "offset", "cursor", "after"}
"""Parameters that only choose one page of a list."""


@dataclass(frozen=True, slots=True)
class Service:
    """Where a service is reached, and the headers (a key) that only it is sent."""

    base: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that a source has and that could not be had: its URL, a closed reason, and the whole story."""

    url: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """A page as it was read before: what to ask by whether it changed, what it said, and the ids that it showed."""

    validators: Validators
    reading: Reading
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What one request came to. `ids` are those of an unchanged page, whose sightings are as they were.

    `is_lost` where there is no answer at all; `is_absent` where the place has no such thing; `is_odd` where it is worth
    asking once more; `repeats` where another page of this walk had the same body.
    """

    request: Request
    url: str
    reading: Reading = NOTHING_READ
    losses: tuple[Loss, ...] = ()
    ids: tuple[str, ...] = ()
    digest: str = ""
    validators: Validators = NO_VALIDATORS
    is_lost: bool = False
    is_absent: bool = False
    is_odd: bool = False
    repeats: bool = False


class Memory(Protocol):
    """What a walk remembers from one day, and one kill, to the next."""

    def remembered(self, url: str) -> Remembered | None:
        """Return what is known of a page that may be unchanged."""
        ...

    def keep(self, answered: Answered) -> Sequence[Request]:
        """Keep an answer, and return which of the requests that it leads to are to be made; none to stop the walk."""
        ...


def url_of(request: Request, services: Mapping[str, Service]) -> str:
    """Return the URL of a request."""
    query = urlencode(request.query, quote_via=quote)
    return f"{services[request.service].base.rstrip('/')}/{request.path}{'?' if query else ''}{query}"


def key_of(request: Request) -> str:
    """Return what makes a request the same as another."""
    return f"{request.service} {request.path}?{urlencode(request.query)}"


def request_of(key: str) -> Request:
    """Return the request that `key_of` gave this key, without its headers."""
    service, _, rest = key.partition(" ")
    path, _, query = rest.partition("?")
    return Request(service=service, path=path, query=tuple(parse_qsl(query, keep_blank_values=True)))


def is_neighbour(one: Request, other: Request) -> bool:
    """Say whether two requests are for two pages of one list, which cannot be the same; two searches may well be."""
    pairs, others = dict(one.query), dict(other.query)
    differing = {name for name in pairs.keys() | others.keys() if pairs.get(name) != others.get(name)}
    return (one.service, one.path) == (other.service, other.path) and differing <= PAGING


def safe(sightings: Collection[Sighting]) -> tuple[tuple[Sighting, ...], list[Flaw]]:
    """Return the sightings that can be kept, their texts made safe, and what was wrong with them.

    One that was damaged has no digest any more, so that what it says is not taken for final.
    """
    kept: list[Sighting] = []
    flaws: list[Flaw] = []
    for sighting in sightings:
        if not is_usable_id(sighting.source_id):
            flaws.append(Flaw(where=f"/{sighting.source_id[:80]!r}", reason="this is no id"))
            continue
        sound, wrong = bounded(sighting)
        if wrong:
            flaws.append(Flaw(where=f"/{sighting.source_id}", reason=f"not as anybody would write it: {wrong}"))
            sound = msgspec.structs.replace(sound, digest="")
        kept.append(sound)
    return tuple(kept), flaws


def safe_details(requests: Collection[Request]) -> tuple[tuple[Request, ...], list[Flaw]]:
    """Return the requests, the rows of details made safe as sightings are; a detail of what has no id is left out."""
    about, flaws = safe([request.about for request in requests if request.about is not None])
    sound = iter(about)
    kept = []
    for request in requests:
        if request.about is None:
            kept.append(request)
        elif is_usable_id(request.about.source_id):
            kept.append(msgspec.structs.replace(request, about=next(sound)))
    return tuple(kept), flaws


def doubtful(
    sightings: Collection[Sighting], requests: Collection[Request]
) -> tuple[tuple[Sighting, ...], tuple[Request, ...]]:
    """Take the digests off what a damaged detail says, so that it is asked for again the next time."""
    blank = [msgspec.structs.replace(sighting, digest="") for sighting in sightings]
    asked = [
        msgspec.structs.replace(one, about=msgspec.structs.replace(one.about, digest="")) if one.about else one
        for one in requests
    ]
    return tuple(blank), tuple(asked)


def is_damaged(body: bytes) -> bool:
    """Say whether a page of text holds what no text does; archives are no text."""
    if body.startswith(ARCHIVES):
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return True
    return b"\0" in body or b"\\u0000" in body
