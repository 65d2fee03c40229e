"""What a source is: a place that says which servers exist."""

from collections.abc import Iterator
from typing import Protocol

from toolcensus.records import Sighting


class Source(Protocol):
    """A module of `crawler/sources/`: facts about the place, and a pure reader of what it answers.

    Networked sources also describe their pages; the starter list, which travels with the program, only reads.
    """

    NAME: str
    HOMEPAGE: str
    LICENCE: str
    EXPECTED: tuple[int, int]
    """How many sightings a complete reading has, at least and at most; a reading outside is reported."""

    def sightings(self, document: bytes, seen: str) -> Iterator[Sighting]:
        """Read one document of the source into sightings; raise InputError where it is no such document."""
        ...
