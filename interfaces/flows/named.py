"""Which packages a source is asked for because other sources name them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy

from crawler.purl import parse_purl, without_version
from crawler.source import NetworkedSource, Request
from toolcensus import naming
from toolcensus.errors import InputError
from toolcensus.readings import SourceReading

MISSED = timedelta(days=30)
"""How long a package that its registry does not have is not asked for again."""


def is_asked_by_name(source: NetworkedSource) -> bool:
    """Say whether a source can be asked for the packages that others name."""
    return hasattr(source, "named")


def details(connection: sqlalchemy.Connection, source: NetworkedSource, reading: SourceReading) -> Sequence[Request]:
    """Return the details of packages that other sources name and that this reading has not shown."""
    since = (datetime.fromisoformat(reading.started) - MISSED).strftime("%Y-%m-%dT%H:%M:%SZ")
    wanted = set(_names(naming.packages_of_others(connection, source.NAME)))
    wanted.difference_update(_names(naming.packages_shown(connection, reading)))
    wanted.difference_update(_names(naming.packages_missing(connection, source.NAME, since)))
    asked: Sequence[Request] = source.named(sorted(wanted), reading.started)  # type: ignore[attr-defined]  # is_asked_by_name
    return asked


def _names(purls: Iterable[str]) -> Iterator[str]:
    """Yield npm and PyPI packages without their versions; other purls are nothing that a registry here has."""
    for purl in purls:
        try:
            yield without_version(parse_purl(purl))
        except InputError:
            continue
