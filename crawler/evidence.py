"""By what a sighting belongs to its server, strongest first, and the sentences that say so. Pure."""

from collections.abc import Sequence
from enum import IntEnum

from crawler.claims import Claims
from toolcensus.records import Sighting


class Kind(IntEnum):
    """By what a sighting was joined to others; the smaller, the stronger. ALONE was joined to nothing."""

    ALONE = 0
    SAID = 1
    REGISTERED = 2
    PACKAGE = 3
    REMOTE = 4
    FOLDER = 5
    REPOSITORY = 6
    NAMED = 7
    WHOLE = 8


Told = tuple[Sighting, Claims, Kind]
"""A member of a server: what was seen, what that claims, by what it was joined."""


def sentence(member: Told, members: Sequence[Told]) -> str:
    """Say by what `member` belongs to the server whose members these are."""
    _, claimed, kind = member
    thing, sharers = _shared(member, members)
    others = _names(sharers)
    if kind is Kind.ALONE or not others:
        return "the only sighting of it" if len(members) == 1 else f"it names the same {_place(claimed)}"
    return f"{_WORDING[kind].format(thing=thing)} as {others}"


_WORDING = {
    Kind.SAID: "the source itself says that it is the same server",
    Kind.REGISTERED: "the same name in the registry, {thing},",
    Kind.PACKAGE: "the same package {thing}",
    Kind.REMOTE: "the same remote {thing}",
    Kind.FOLDER: "the same folder {thing}",
    Kind.REPOSITORY: "the same repository {thing}, in which nobody tells several servers apart,",
    Kind.NAMED: "the same repository {thing} and, of the servers in it, the same name",
    Kind.WHOLE: "the same repository {thing} as a whole",
}
NAMED_OTHERS = 1


def _shared(member: Told, members: Sequence[Told]) -> tuple[str, list[Sighting]]:
    """Return what `member` shares with others by its kind of evidence, and with whom."""
    sighting, claimed, kind = member
    values = _values(claimed, kind)
    sharers = [
        (other, common)
        for other, theirs, _ in members
        if other is not sighting and (common := [value for value in values if value in _values(theirs, kind)])
    ]
    thing = sharers[0][1][0] if sharers else next(iter(values), "")
    everyone = [other for other, _, _ in members if other is not sighting]
    return thing, [other for other, _ in sharers] or everyone


def _values(claimed: Claims, kind: Kind) -> tuple[str, ...]:
    if kind is Kind.PACKAGE:
        return tuple(purl for purl, _ in claimed.packages)
    if kind is Kind.REMOTE:
        return claimed.remotes
    if kind is Kind.REGISTERED:
        return (claimed.registered,) if claimed.registered else ()
    if claimed.place is None:
        return ()
    return (claimed.place.key if kind is Kind.FOLDER else claimed.place.repository,)


def _names(sharers: list[Sighting]) -> str:
    names = [f"{other.source} {other.source_id}" for other in sharers[:NAMED_OTHERS]]
    more = len(sharers) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def _place(claimed: Claims) -> str:
    return claimed.place.key if claimed.place else "thing"
