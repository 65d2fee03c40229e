"""Which sightings are one server: they share a package, else a repository, else a remote. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from crawler.purl import ECOSYSTEMS, parse_purl, without_version
from toolcensus.records import Server, Sighting

PLAIN = re.compile(r"[a-z0-9@./_-]+")
BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """A server, and by what each of its sightings, (source, source id), belongs to it."""

    server: Server
    evidence: Mapping[tuple[str, str], str]


def merge(sightings: Iterable[Sighting]) -> tuple[Identity, ...]:
    """Merge sightings into servers, sorted by key; the first sighting that says something is believed."""
    groups: dict[str, list[Sighting]] = {}
    for sighting in sightings:
        groups.setdefault(server_key(sighting), []).append(sighting)
    return tuple(_identity(key, groups[key]) for key in sorted(groups))


def server_key(sighting: Sighting) -> str:
    """Return the readable key: the package without its version, else the repository, else the remote, else the name."""
    for package in sighting.packages:
        if package.startswith(tuple(f"pkg:{ecosystem}/" for ecosystem in ECOSYSTEMS)):
            return without_version(parse_purl(package))
    if sighting.repository:
        parts = urlsplit(sighting.repository)
        return f"{parts.netloc}{parts.path}".lower().removesuffix("/").removesuffix(".git")
    return sighting.remotes[0].rstrip("/") if sighting.remotes else f"{sighting.source}/{sighting.source_id}"


def slug(key: str) -> str:
    """Return the key's short name for pages; one that loses anything gets 8 digits of the key's digest."""
    readable = unquote(key).removeprefix("pkg:").removeprefix("npm/").removeprefix("pypi/")
    readable = readable.removeprefix("github.com/").removeprefix("https://")
    short = BETWEEN_WORDS.sub("-", readable.lower()).strip("-")
    if short and PLAIN.fullmatch(readable):
        return short
    return "-".join(part for part in (short, hashlib.sha256(key.encode()).hexdigest()[:8]) if part)


def _identity(key: str, sightings: list[Sighting]) -> Identity:
    first = sightings[0]
    server = Server(
        key=key,
        slug=slug(key),
        name=first.name,
        title=next((one.title for one in sightings if one.title), None),
        description=next((one.description for one in sightings if one.description), None),
        repository=next((one.repository for one in sightings if one.repository), None),
        packages=tuple(dict.fromkeys(package for one in sightings for package in one.packages)),
        remotes=tuple(dict.fromkeys(remote for one in sightings for remote in one.remotes)),
    )
    return Identity(server, {(one.source, one.source_id): f"the same {_sort_of(key)}" for one in sightings})


def _sort_of(key: str) -> str:
    return "package" if key.startswith("pkg:") else "repository or address"
