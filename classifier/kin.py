"""Kin: tools that must not stand on both sides of a split, because whoever knows one knows the other.

Tools are kin when they come from one vendor or one owner, or when their descriptions begin with the same words.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from toolcensus.records import Tool

_FEWEST_LETTERS = 40
_MOST_LETTERS = 200
_HOSTS = re.compile(r"^(?:github\.com|gitlab\.com|pkg:[a-z]+)/")
_NUMBERED = re.compile(r"^[0-9]+\.(?=@)")


class Origin(NamedTuple):
    """Where a tool comes from: its vendor as the labels name it, and its server's name or key."""

    vendor: str
    server: str
    tool: Tool


def kin_of(origins: Sequence[Origin]) -> list[str]:
    """Return for each tool the name of its family, which is the first of the vendors that belong to it."""
    parents: dict[str, str] = {}

    def find(name: str) -> str:
        parents.setdefault(name, name)
        while parents[name] != name:
            parents[name] = parents[parents[name]]
            name = parents[name]
        return name

    for origin in origins:
        first, *others = _marks(origin)
        for other in others:
            low, high = sorted((find(first), find(other)))
            parents[high] = low
    return [find(_marks(origin)[0]) for origin in origins]


def _marks(origin: Origin) -> list[str]:
    marks = [f"by {_plain(origin.vendor)}", f"by {_plain(owner_of(origin.server))}"]
    opening = " ".join(re.findall(r"\w+", (origin.tool.description or "").lower()))
    return [*marks, f"says {opening[:_MOST_LETTERS]}"] if len(opening) > _FEWEST_LETTERS else marks


def _plain(name: str) -> str:
    return "".join(re.findall(r"[^\W_]+", name.lower()))


def owner_of(server: str) -> str:
    """Return the owner that a server's name or key begins with: `@org/name`, `github.com/org/name`, `pkg:npm/%40org/…`.

    A package without a scope is its own owner.
    """
    plain = _NUMBERED.sub("", server.lower().replace("%40", "@"))
    return _HOSTS.sub("", plain).lstrip("@").split("/")[0]


def folds_of(families: Sequence[str], count: int) -> list[int]:
    """Deal families out to folds of about equal size, the largest first; the same for the same families."""
    sizes = Counter(families)
    loads = [0] * count
    fold: dict[str, int] = {}
    for family in sorted(sizes, key=lambda name: (-sizes[name], _shuffled(name))):
        lightest = loads.index(min(loads))
        fold[family] = lightest
        loads[lightest] += sizes[family]
    return [fold[family] for family in families]


def _shuffled(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
