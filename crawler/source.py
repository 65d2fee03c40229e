"""What a source is: a place that says which servers exist, and how its pages are asked for and read.

A source is pure: it says which requests to make and reads what they answer. It never meets the network, the clock or
the index; `crawler/walk.py` does the asking.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Literal, Protocol

from crawler.rate import Rate
from toolcensus.records import Record, Sighting

Absence = Literal["lost", "kept", "gone"]
"""What a 404 means: the page is lost, the row stands without it, or what the row names is no more."""


class Key(Record, frozen=True):
    """The credential of a source: the variable that holds it and the header that carries it, to one service only."""

    variable: str
    service: str
    needed: bool
    header: str = "Authorization"
    scheme: str = "Bearer "


class Request(Record, frozen=True):
    """One page to ask for: a path below the service's base URL (percent-encoded, no leading slash) and its query.

    A detail has `about`, what the list row already says of the server: the walker keeps that until the detail is read,
    and never asks where the index holds a sighting with the same digest. `context` is whatever `read` wants to find
    again. `absent` says what a 404 means. Never built from an absolute URL in a body: another host would be asked.
    """

    service: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    about: Sighting | None = None
    context: str = ""
    absent: Absence = "lost"


class Flaw(Record, frozen=True):
    """A record of a page that could not be read: where (a JSON pointer, a row) and why."""

    where: str
    reason: str


class Reading(Record, frozen=True):
    """What one page says.

    `follow` are the requests that it leads to, details and further pages; `removed` the source ids that it says are no
    more; `mark` the newest change that it shows, as `start` takes it; `flaws` its bad records. `whole` is False where
    the source itself says that it holds more than it gives.
    """

    sightings: tuple[Sighting, ...] = ()
    follow: tuple[Request, ...] = ()
    removed: tuple[str, ...] = ()
    mark: str | None = None
    flaws: tuple[Flaw, ...] = ()
    whole: bool = True


class Source(Protocol):
    """What every module of `crawler/sources/` says of its place."""

    NAME: str
    HOMEPAGE: str
    LICENCE: str
    EXPECTED: tuple[int, int]
    """How many sightings a complete reading has, at least and at most; a reading outside is reported, retires none."""


class TravellingSource(Source, Protocol):
    """A source whose one document travels with the program."""

    def sightings(self, document: bytes, seen: str) -> Iterator[Sighting]:
        """Read the document into sightings; raise InputError where it is no such document."""
        ...


class NetworkedSource(Source, Protocol):
    """A source that is asked page by page.

    One with cursors may also have `smaller(request) -> Request | None`: what to ask in the place of a page that is
    lost, since the pages behind it would be lost with it.

    One that shows only a part of what it has may also have `named(purls: Iterable[str], seen: str) ->
    tuple[Request, ...]`: the details (`absent="gone"`) of those packages, without a version, that are its own to tell
    of. It is given, once all other sources were read, the distinct packages that they name and that this reading has
    not shown yet. `about.digest` says for how long what was told is believed: the walker asks again where it differs.

    `APIS` names the services that are interfaces made for programs: their terms say what is allowed, and `TERMS` says
    what those say. At any other service robots.txt is asked for first, and obeyed.

    One that must be asked more slowly without its key says how fast in `PACE_WITHOUT_KEY`.
    """

    TERMS: str
    """In one sentence, what the place allows its readers, and where it says so."""
    PACE: Rate
    SERVICES: Mapping[str, str]
    """Service → default base URL; empty for `npm` and `pypi`, whose base the user's own configuration names."""
    KEY: Key | None
    CHANGES: bool
    """Whether `start` can ask only for what changed since a mark."""

    def start(self, since: str | None, *, has_key: bool) -> tuple[Request, ...]:
        """Return the first requests: for everything, or for what changed since the mark of an earlier reading."""
        ...

    def read(self, request: Request, body: bytes, seen: str) -> Reading:
        """Read one answer; raise InputError where it is no such page at all: it is asked for again."""
        ...


MODEST: Final = Rate(parallel=2, per_second=1.0)
"""One request a second: the pace of a place that states none."""
