"""How a fetcher behaves and what it hands back: limits, rates, validators, pages, and the failures of a server."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from crawler.opt_out import NOBODY, OptOut
from crawler.rate import POLITE, Rate
from toolcensus.errors import FetchError, FetchReason

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one fetch: bytes, seconds, redirects, attempts; `longest_wait` is the most that Retry-After may ask."""

    document_bytes: int = 64 * MEBIBYTE
    file_bytes: int = 256 * MEBIBYTE
    seconds: float = 120.0
    redirects: int = 5
    attempts: int = 4
    longest_wait: float = 60.0
    first_wait: float = 0.5


@dataclass(frozen=True, slots=True)
class Manners:
    """Whom a fetcher may ask, and how: rates by host, hosts that may be private, the login of `host[:port]`.

    Nothing that `opt_out` covers is asked, whatever leads there.
    """

    rates: Mapping[str, Rate] = field(default_factory=dict)
    usual: Rate = POLITE
    allowed: Collection[str] = ()
    authorizations: Mapping[str, str] = field(default_factory=dict, repr=False)
    certificates: tuple[str, ...] = ()
    bounds: Bounds = Bounds()
    opt_out: OptOut = NOBODY


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask by the next time whether a page has changed."""

    etag: str = ""
    last_modified: str = ""

    @property
    def given(self) -> bool:
        """Whether the server gave any."""
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class Page:
    """A document: its final URL, its bytes and their digest; `unchanged` where the server said so."""

    url: str
    body: bytes = b""
    digest: str = ""
    unchanged: bool = False
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that was downloaded: its size in bytes and its digest."""

    size: int
    digest: str


@dataclass
class Traffic:
    """What a fetcher has done so far: requests sent, those of them that were retries, bytes received."""

    requests: int = 0
    retries: int = 0
    bytes: int = 0


class StatusError(FetchError):
    """The server answered with a status that is no answer."""

    def __init__(self, url: str, status: int) -> None:
        super().__init__(f"{url} answers {status}", url=url, reason="status")
        self.status = status


class PassingError(FetchError):
    """A failure that another attempt may not meet; `wait` is what the server asked for, in seconds."""

    def __init__(self, message: str, *, url: str, reason: FetchReason, wait: float | None = None) -> None:
        super().__init__(message, url=url, reason=reason)
        self.wait = wait
