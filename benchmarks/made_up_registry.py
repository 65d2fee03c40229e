"""A registry that exists nowhere: sightings of made-up servers by every source, and which of them are one server.

Every group shows one thing that is hard about identity; the same count gives the same registry.
"""

import random
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import NamedTuple

from toolcensus.records import Sighting

AT = "2026-01-01T00:00:00Z"
BEGINNINGS = (
    "bar",
    "cor",
    "del",
    "fen",
    "gil",
    "hol",
    "jun",
    "kel",
    "lum",
    "mor",
    "nor",
    "pel",
    "quo",
    "ral",
    "sol",
    "tar",
)
ENDS = ("adan", "ebo", "ina", "oru", "umi", "ask", "elt", "ind", "ost", "urn")


class Pair(NamedTuple):
    """Two sightings, (source, source id), and whether they are one server."""

    a: tuple[str, str]
    b: tuple[str, str]
    same: bool
    kind: str


class Group(NamedTuple):
    """Sightings of a few servers: by server, what each source says of it; and the kind of what tells them apart."""

    servers: tuple[tuple[Sighting, ...], ...]
    same: str
    apart: str


def sightings(count: int) -> Iterator[Sighting]:
    """Yield at least `count` sightings."""
    for group in _groups(count):
        for server in group.servers:
            yield from server


def pairs(count: int) -> Iterator[Pair]:
    """Yield the labelled pairs of the same registry."""
    for group in _groups(count):
        for server in group.servers:
            for one, other in combinations(server, 2):
                yield Pair(_name(one), _name(other), True, group.same)
        for mine, theirs in combinations(group.servers, 2):
            yield Pair(_name(mine[0]), _name(theirs[0]), False, group.apart)


def _groups(count: int) -> Iterator[Group]:
    choose, made = random.Random(7), 0  # noqa: S311  # made-up data, no secrets
    for number in range(count):
        if made >= count:
            return
        word = f"{choose.choice(BEGINNINGS)}{choose.choice(ENDS)}-{number}"
        owner = f"{choose.choice(BEGINNINGS)}{choose.choice(ENDS)}{number}"
        group = SORTS[number % len(SORTS)](owner, word)
        made += sum(map(len, group.servers))
        yield group


def _seen(source: str, source_id: str, repository: str | None = None, **more: tuple[str, ...]) -> Sighting:
    mentions = source in {"npm", "pypi", "github"}
    name = source_id.rpartition("/")[2]
    return Sighting(
        source=source, source_id=source_id, seen=AT, name=name, repository=repository, mentions=mentions, **more
    )


def _packaged(owner: str, word: str) -> Group:
    """Make a server that its publisher, the package's registry and a list know."""
    url, package = f"https://github.com/{owner}/{word}", f"pkg:npm/%40{owner}/{word}"
    server = (
        _seen("official", f"io.github.{owner}/{word}", url, packages=(f"{package}@1.2.0",)),
        _seen("npm", f"@{owner}/{word}", f"git+{url}.git", packages=(f"{package}@1.3.0",)),
        _seen(
            "mcpso", f"/server/{word}/{owner}", f"{url.upper().replace('HTTPS://GITHUB.COM', 'https://github.com')}/"
        ),
    )
    return Group((server,), "package", "")


def _listed(owner: str, word: str) -> Group:
    """Make a server that only catalogues know, each in its own spelling, and a mirror of it."""
    server = (
        _seen("glama", f"{owner}/{word}", f"https://www.github.com/{owner}/{word}"),
        _seen("lists", f"some/list#{owner}/{word}", f"https://github.com/{owner.title()}/{word}/tree/main"),
        _seen("github", f"{owner}/{word}", f"git@github.com:{owner}/{word}.git"),
        _seen("smithery", f"@{owner}/{word}", f"https://github.com/{owner}/{word}"),
    )
    mirror = (_seen("mcpso", f"/server/{owner}_{word}/mirrors", f"https://github.com/mirrors/{owner}_{word}"),)
    return Group((server, mirror), "spelling", "mirror")


def _remote(owner: str, word: str) -> Group:
    """Make two servers of one host, each known by a registry and a census."""
    servers = tuple(
        (
            _seen("official", f"example.{owner}/{word}-{path}", remotes=(f"https://mcp.{owner}.example/{path}/",)),
            _seen(
                "census",
                f"https://mcp.{owner}.example:443/{path}",
                remotes=(f"https://mcp.{owner}.example:443/{path}",),
            ),
        )
        for path in ("a", "b")
    )
    return Group(servers, "remote", "host-path")


def _monorepo(owner: str, word: str) -> Group:
    """Make three servers in the folders of one repository."""
    url = f"https://github.com/{owner}/{word}"
    servers = tuple(
        (
            _seen("lists", f"some/list#{url}/{folder}", f"{url}/tree/main/servers/{folder}"),
            _seen(
                "docker",
                f"{word}-{folder}",
                f"{url}/tree/HEAD/servers/{folder}",
                packages=(f"pkg:docker/{owner}/{folder}",),
            ),
        )
        for folder in (f"{word}-mail", f"{word}-files", f"{word}-maps")
    )
    return Group(servers, "folder", "sibling")


def _kit(owner: str, word: str) -> Group:
    """Make two packages of one repository, as two rows of a registry."""
    url = f"https://github.com/{owner}/{word}"
    servers = tuple(
        (
            _seen("official", f"io.github.{owner}/{word}-{part}", url, packages=(f"pkg:pypi/{word}-{part}@1",)),
            _seen("pypi", f"{word}-{part}", packages=(f"pkg:pypi/{word}-{part}@2",)),
        )
        for part in ("mail", "maps")
    )
    return Group(servers, "package", "sibling")


def _namesakes(owner: str, word: str) -> Group:
    """Make repositories of one name by two owners, and packages of that name on npm and PyPI."""
    word = f"mcp-{word}"
    servers = (
        (_seen("github", f"{owner}/{word}", f"https://github.com/{owner}/{word}"),),
        (_seen("glama", f"other-{owner}/{word}", f"https://github.com/other-{owner}/{word}"),),
        (_seen("npm", word, packages=(f"pkg:npm/{word}@1",)),),
        (_seen("pypi", word, packages=(f"pkg:pypi/{word}@1",)),),
        (_seen("pypi", f"copier-{word}", packages=(f"pkg:pypi/copier-{word}@1",)),),
    )
    return Group(servers, "", "same-name")


SORTS: tuple[Callable[[str, str], Group], ...] = (_packaged, _listed, _remote, _monorepo, _kit, _namesakes)


def _name(sighting: Sighting) -> tuple[str, str]:
    return sighting.source, sighting.source_id
