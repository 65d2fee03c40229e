"""Where a URL leads: its origin, its host, and whether a link or redirect may be followed."""

from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from toolcensus.errors import FetchError


@lru_cache(maxsize=2_048)
def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL, as it has them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


@lru_cache(maxsize=2_048)
def host_of(url: str) -> str:
    """Return the host of a URL; empty where it has none."""
    return urlsplit(url).hostname or ""


def checked(url: str) -> str:
    """Return a URL that has a host; raise FetchError where it has none."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if host:
        return url
    raise FetchError(f"{url[:300]} is no URL", url=url, reason="malformed")


def next_hop(url: str, location: str) -> str:
    """Return where a redirect leads; raise FetchError where that is nowhere, or less safe."""
    try:
        target = urljoin(url, location)
    except ValueError as error:
        raise FetchError(f"{url} leads to {location[:300]}, which is no URL", url=url, reason="malformed") from error
    check_hop(url, target)
    return checked(target)


def check_hop(origin: str, target: str) -> None:
    """Refuse a link or redirect that leaves the web, or leaves encryption."""
    scheme = target.partition(":")[0].lower()
    if scheme not in {"http", "https"} or (urlsplit(origin).scheme == "https" and scheme == "http"):
        raise FetchError(f"{origin} leads to {target[:300]}, which is less safe", url=target, reason="redirect")
