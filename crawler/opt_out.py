"""Who asked not to be asked: nothing is fetched from hosts, repositories, packages and remotes on these lists.

The list that travels with the program is `opt_out.toml` beside this file, which also describes the format.
"""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.purl import parse_purl, without_version
from crawler.remote import normal_remote
from crawler.repository import read_place
from toolcensus.errors import InputError

SHIPPED = Path(__file__).with_name("opt_out.toml")
VARIABLE = "TOOLCENSUS_OPT_OUT"
"""The environment variable that names a list of one's own."""


@dataclass(frozen=True, slots=True)
class OptOut:
    """A list, each entry in its one spelling: hosts, `host/owner[/name]`, purls without a version, remotes."""

    hosts: frozenset[str] = frozenset()
    repositories: frozenset[str] = frozenset()
    packages: frozenset[str] = frozenset()
    remotes: frozenset[str] = frozenset()

    def covers(self, place: str) -> bool:
        """Say whether a URL or a package URL is of somebody who asked not to be asked."""
        if place.startswith("pkg:"):
            return bool(self.packages) and _package(place) in self.packages
        return self._covers_host(place) or self._covers_repository(place) or self._covers_remote(place)

    def covers_any(self, places: Iterable[str | None]) -> bool:
        """Say whether one of these is covered, as of a server the repository, the packages and the remotes."""
        return any(place is not None and self.covers(place) for place in places)

    def __or__(self, other: "OptOut") -> "OptOut":
        """Join two lists."""
        return OptOut(*(getattr(self, each.name) | getattr(other, each.name) for each in fields(self)))

    def _covers_host(self, url: str) -> bool:
        parts = _host(url).split(".") if self.hosts else []
        return any(".".join(parts[start:]) in self.hosts for start in range(len(parts)))

    def _covers_repository(self, url: str) -> bool:
        place = read_place(url) if self.repositories else None
        return place is not None and not self.repositories.isdisjoint({place.repository, place.owner})

    def _covers_remote(self, url: str) -> bool:
        return bool(self.remotes) and normal_remote(url) in self.remotes


NOBODY = OptOut()
"""The list on which there is nobody."""


def read_opt_out(document: bytes) -> OptOut:
    """Read a list; raise InputError where it is none."""
    try:
        found = tomllib.loads(document.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"the opt-out list is no TOML: {error}", advice="repair it") from error
    kinds: dict[str, Callable[[str], str | None]] = {
        "hosts": _plain_host,
        "repositories": _repository,
        "packages": _package,
        "remotes": normal_remote,
    }
    if unknown := found.keys() - kinds.keys():
        told = f"the opt-out list has no {', '.join(sorted(unknown))}"
        raise InputError(told, advice=f"it has {', '.join(kinds)}")
    return OptOut(**{name: _entries(name, found.get(name, []), kinds[name]) for name in kinds})


def load_opt_out(own: Iterable[Path] = ()) -> OptOut:
    """Return the list that travels with the program, joined with one's own; raise InputError where one is unusable."""
    joined = OptOut()
    for path in (SHIPPED, *own):
        try:
            joined |= read_opt_out(path.read_bytes())
        except OSError as error:
            told = f"the opt-out list {path} cannot be read: {error.strerror or error}"
            raise InputError(told, advice=f"name one in {VARIABLE}") from error
    return joined


def _entries(name: str, written: Any, normal: Callable[[str], str | None]) -> frozenset[str]:
    found: set[str] = set()
    for entry in written if isinstance(written, list) else [written]:
        spelling = normal(entry) if isinstance(entry, str) else None
        if not spelling:
            raise InputError(f"{entry!r} under {name} of the opt-out list is none of them", advice="correct it")
        found.add(spelling)
    return frozenset(found)


def _package(text: str) -> str | None:
    try:
        return without_version(parse_purl(text))
    except InputError:
        return text.partition("@")[0] if text.startswith("pkg:") else None


def _repository(text: str) -> str | None:
    place = read_place(text)
    if place:
        return place.repository
    host, _, owner = text.strip("/").partition("/")
    # An owner alone: what a repository of that name would have in front of it.
    found = read_place(f"https://{host}/{owner}/any") if owner and "/" not in owner else None
    return found.owner if found else None


def _plain_host(text: str) -> str | None:
    host = _host(f"https://{text}")
    return host if host == text.lower().strip(".") else None


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""
