"""What an address in a catalogue is: a repository, an endpoint to connect to, or a page to read. Pure."""

import re
from urllib.parse import urlsplit

from crawler.repository import read_place
from toolcensus.records import Record

ENDPOINT = re.compile(r"(?:^|/)(?:mcp|sse)/?$", re.IGNORECASE)
ABOUT_A_REPOSITORY = re.compile(
    r"(?i)github\.com/[^/]+/[^/]+/(?:issues|pulls?|discussions|graphs|actions|stargazers|network|wiki|releases)\b"
)

A_PAGE = re.compile(r"(?i)/(?:blob|raw)/.*/(?!readme)[^/]+\.(?:md|rst|txt|html?)(?:[?#].*)?$")
"""A text in a repository is about something; the repository need not be that."""


class Address(Record, frozen=True):
    """The same address as the field of a sighting that it belongs to."""

    repository: str | None = None
    remotes: tuple[str, ...] = ()
    website: str | None = None


def read_address(url: str | None, *, is_endpoint: bool = False) -> Address:
    """Tell a repository by its forge, and an endpoint by how its path ends or by the word of its source.

    Everything else on the web is a page; what is no web address is nothing.
    """
    url = (url or "").strip()
    if not is_endpoint and not A_PAGE.search(url) and read_place(url):
        return Address() if ABOUT_A_REPOSITORY.search(url) else Address(repository=url)
    if not is_web_address(url):
        return Address()
    if is_endpoint or ENDPOINT.search(urlsplit(url).path):
        return Address(remotes=(url,))
    return Address(website=url)


def is_web_address(url: str) -> bool:
    """Say whether this is an absolute http or https URL with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and " " not in url
    except ValueError:
        return False
