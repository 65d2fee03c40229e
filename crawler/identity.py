"""Which sightings are one server, by what evidence, under which key, and which sighting each of its fields came from.

Sightings are joined by evidence, strongest first: a source's own word, a registry's name, a package, a remote, a
repository or a folder of it. A name alone joins nothing. docs/identity.md has the rules and their reasons. Pure.
"""

import hashlib
import re
from array import array
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from crawler import evidence, portrait
from crawler.authority import rank_of_code
from crawler.claims import claims
from crawler.components import Components
from crawler.evidence import Kind
from crawler.joining import find_families, join_by_names
from crawler.ledger import Ledger, mark, sharing
from crawler.repository import Place
from crawler.tenants import join_by_repositories
from toolcensus.records import Server, Sighting

PLAIN = re.compile(r"[a-z0-9@./_-]+")
BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")
KEYED_PACKAGES = ("pkg:npm/", "pkg:pypi/")
SERVES = re.compile(
    r"(?i)(?:mcp|context protocol)[\s_-]*servers?\b|\bservers?[\s_-]+(?:for|using|via|over)[\s_-]+mcp\b"
)
MAX_READ = 2_000

Member = tuple[Sighting, Kind]
"""A sighting and by what it was joined to the others."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A server, by what each of its sightings, (source, source id), belongs to it, and where its fields come from.

    `keys` are all that it could be called by, best first, none of them another server's; `addresses` is where it is
    found, be it alone there or not. `doubt` says why it is only a candidate.
    """

    server: Server
    evidence: Mapping[tuple[str, str], str]
    origins: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    doubt: str = ""

    @property
    def candidate(self) -> bool:
        """Whether nothing shows yet that it is a server."""
        return bool(self.doubt)


@dataclass(frozen=True, slots=True)
class Resolution:
    """Group by sighting number, kind of evidence by sighting number, groups that are whole repositories of several.

    `families` are groups that name the remotes of several servers; `contested` are marks of names that several groups
    have and that therefore are no group's key.
    """

    groups: "array[int]"
    kinds: bytearray
    whole: frozenset[int]
    families: frozenset[int]
    contested: Container[int]

    def identity(self, group: int, members: Sequence[Member]) -> "Identity":
        """Describe the server that is one group."""
        whole, family = group in self.whole, group in self.families
        return identify(members, whole=whole, family=family, contested=self.contested)


class Resolver:
    """Takes sightings one by one, keeps only marks of what they claim, and says which are one server."""

    def __init__(self) -> None:
        self._ledger = Ledger()
        self._images: set[int] = set()

    def add(self, sighting: Sighting) -> int:
        """Take the next sighting; return its number, from 0."""
        claimed = claims(sighting)
        self._images.update(mark(family) for _, family in claimed.packages if family.startswith("image "))
        return self._ledger.add(sighting, claimed)

    def resolve(self) -> Resolution:
        """Join what is one server."""
        sets = Components(len(self._ledger))
        families = find_families(self._ledger)
        strangers = join_by_names(self._ledger, sets, families)
        wholes = join_by_repositories(self._ledger, sets, self._images)
        groups = sets.numbers()
        contested = strangers | _contested(self._ledger, groups, families)
        whole, family = (frozenset(groups[number] for number in numbers) for numbers in (wholes, families))
        return Resolution(groups, sets.kinds, whole, family, contested)


def identify(
    members: Sequence[Member], *, whole: bool = False, family: bool = False, contested: Container[int] = ()
) -> Identity:
    """Describe the server whose sightings `members` are; the rest is as in the Resolution."""
    told = [(sighting, claims(sighting), kind) for sighting, kind in members]
    told.sort(key=lambda one: (rank_of_code(one[0].source), one[0].source_id))
    keys = tuple(_keys(told, whole=whole, family=family, contested=contested))
    server, origins = portrait.draw(keys[0], slug(keys[0]), told)
    because = {(one[0].source, one[0].source_id): evidence.sentence(one, told) for one in told}
    doubt = _doubt([sighting for sighting, _ in members], whole=whole)
    return Identity(server, because, origins, keys, tuple(dict.fromkeys(_addresses(told))), doubt)


def merge(sightings: Iterable[Sighting]) -> tuple[Identity, ...]:
    """Merge a small number of sightings into servers, sorted by key."""
    resolver, seen = Resolver(), list(sightings)
    for sighting in seen:
        resolver.add(sighting)
    found = resolver.resolve()
    groups: dict[int, list[Member]] = {}
    for sighting, group, kind in zip(seen, found.groups, found.kinds, strict=True):
        groups.setdefault(group, []).append((sighting, Kind(kind)))
    servers = (found.identity(group, members) for group, members in groups.items())
    return tuple(sorted(servers, key=lambda identity: identity.server.key))


def server_key(sighting: Sighting) -> str:
    """Return the readable key of what one sighting shows: its package, else its repository, its remote, its id."""
    return next(iter(_keys([(sighting, claims(sighting), Kind.ALONE)])))


def slug(key: str) -> str:
    """Return the key's short name for pages; one that loses anything gets 8 digits of the key's digest."""
    readable = unquote(key).removeprefix("pkg:").removeprefix("npm/").removeprefix("pypi/")
    readable = readable.removeprefix("github.com/").removeprefix("https://")
    short = BETWEEN_WORDS.sub("-", readable.lower()).strip("-")
    if short and PLAIN.fullmatch(readable):
        return short
    return "-".join(part for part in (short, hashlib.sha256(key.encode()).hexdigest()[:8]) if part)


def _keys(
    told: Sequence[evidence.Told], *, whole: bool = False, family: bool = False, contested: Container[int] = ()
) -> Iterable[str]:
    """Yield every key, best first: packages of npm and PyPI, places, remotes, other packages, the sightings' ids."""
    claimed_packages = (purl for _, claimed, _ in told for purl, _ in claimed.packages)
    packages = dict.fromkeys(purl for purl in claimed_packages if mark(purl) not in contested)
    yield from (purl for purl in packages if purl.startswith(KEYED_PACKAGES))
    places = dict.fromkeys(claimed.place for _, claimed, _ in told if claimed.place)
    free = (place for place in places if whole or _mark_of(place) not in contested)
    yield from (place.key for place in sorted(free, key=lambda place: not place.folder))
    remotes = dict.fromkeys(remote for _, claimed, _ in told for remote in claimed.remotes if not family)
    yield from (remote for remote in remotes if mark(remote) not in contested)
    yield from (purl for purl in packages if not purl.startswith(KEYED_PACKAGES))
    yield from (f"{sighting.source}/{sighting.source_id}" for sighting, _, _ in told)


def _addresses(told: Sequence[evidence.Told]) -> Iterable[str]:
    for _, claimed, _ in told:
        yield from (purl for purl, _ in claimed.packages)
        if claimed.place:
            yield from (claimed.place.key, claimed.place.repository)
        yield from claimed.remotes


def _contested(ledger: Ledger, groups: "array[int]", families: Container[int]) -> set[int]:
    """Return the marks of places and remotes that several groups name."""
    places = (
        (_place_mark(repository, folder) if repository else 0, number)
        for number, (repository, folder) in enumerate(zip(ledger.repository, ledger.folder, strict=True))
    )
    remotes = ((remote, number) for remote, number in ledger.remotes.pairs() if number not in families)
    return {
        value
        for pairs in (places, remotes)
        for value, numbers in sharing(pairs)
        if any(groups[number] != groups[numbers[0]] for number in numbers)
    }


def _mark_of(place: Place) -> int:
    return _place_mark(mark(place.repository), mark(place.folder))


def _place_mark(repository: int, folder: int) -> int:
    return (repository + folder * 3) & 0xFFFF_FFFF_FFFF_FFFF


def _doubt(sightings: Sequence[Sighting], *, whole: bool) -> str:
    """Say why this may be no server; nothing where it is one.

    What only mentions MCP becomes a server by its tools, or where two sources of different kind show it and one of them
    says that it is an MCP server.
    """
    if any(sighting.tools for sighting in sightings):
        return ""
    if whole:
        return "it names a repository of several servers, each of which is listed by itself"
    if not all(sighting.mentions for sighting in sightings):
        return ""
    if len({sighting.source for sighting in sightings}) > 1 and any(map(_says_server, sightings)):
        return ""
    return "it only mentions MCP; nothing shows yet that it serves tools"


def _says_server(sighting: Sighting) -> bool:
    words = " ".join(filter(None, (sighting.name, sighting.title, sighting.description)))
    return bool(SERVES.search(words[:MAX_READ]))
