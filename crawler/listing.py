"""What a way of listing is: given a server, it answers with a Listing, whatever happens."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from crawler.confined import Failure, Reading
from crawler.fetch import Fetcher
from crawler.hosts import Registry
from crawler.manners import Page
from toolcensus.errors import FetchError
from toolcensus.records import Listing, Outcome, Server, Way

SETTLED = {"listed", "no-source", "refused"}


@dataclass(frozen=True, slots=True)
class Known:
    """What the index knows of the server by this way: the newest listing's outcome, subject and method."""

    outcome: Outcome
    subject: str
    subject_digest: str
    method: str

    def holds(self, method: str) -> bool:
        """Say whether `method` would find the same in the same subject; what stopped a reading may have passed."""
        return bool(self.subject_digest) and self.outcome in SETTLED and self.method == method


@dataclass(frozen=True, slots=True)
class Means:
    """What a way works with: a fetcher, the registries by ecosystem, a confined reader, and the pages met before.

    `services` are base URLs of other services (`codeload`) that the user's endpoints file names elsewhere.
    """

    fetcher: Fetcher
    registries: Mapping[str, Registry]
    read: Callable[[Path], Awaitable[Reading | Failure]]
    remembered: Callable[[str], Page | None] = lambda _: None
    services: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A listing, or None where nothing has changed since the one that is known.

    `pages` are the documents that were fetched, `failures` the requests that failed for good.
    """

    listing: Listing | None
    pages: tuple[Page, ...] = ()
    failures: tuple[FetchError, ...] = ()


class ListingWay(Protocol):
    """A module of `crawler/listings/`. `list_tools` never raises for what a stranger sent: the Listing says it."""

    WAY: Way
    COST: int
    """Ways are tried from the cheapest and safest to the dearest."""
    PARALLEL: int
    """How many servers may be asked side by side."""
    STRANGERS: bool
    """Whether it asks hosts that the servers themselves name: at a guest's pace, where registries take more."""
    NAMED_ONLY: bool
    """Whether it is taken only where a person names it, since it runs strangers' code."""
    AGE: timedelta
    """How long an answer is believed where the server does not say so itself; nothing where asking again is cheap."""

    def method(self) -> str:
        """Return the name and version of the code that reads: a known listing by another method is read again."""
        ...

    def can_ask(self, server: Server) -> bool:
        """Say whether the server has what this way asks: a package, a remote, a repository."""
        ...

    async def list_tools(self, server: Server, at: str, means: Means, known: Known | None = None) -> Answer:
        """Get the server's tools, or the reason why not, or that nothing has changed."""
        ...
