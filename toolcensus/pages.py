"""Pages that were fetched, by their validators, and requests that failed; bodies are not kept. The caller commits."""

import sqlalchemy
from sqlalchemy import select

from toolcensus import schema
from toolcensus.records import Record
from toolcensus.upsert import upsert


class Page(Record, frozen=True):
    """What is remembered of a page: enough to ask whether it changed, and to know that it did not."""

    url: str
    digest: str
    fetched: str
    etag: str | None = None
    last_modified: str | None = None


def get_page(connection: sqlalchemy.Connection, url: str) -> Page | None:
    """Return what is remembered of the page at `url`, None where it was never fetched."""
    table = schema.page
    row = connection.execute(select(table).where(table.c.url == url)).first()
    return Page(**row._mapping) if row else None  # noqa: SLF001  # a public name with an underscore, to spare columns


def save_page(connection: sqlalchemy.Connection, page: Page) -> None:
    """Remember a page in the place of what was remembered before."""
    row = {"url": page.url, "digest": page.digest, "fetched": page.fetched}
    upsert(connection, schema.page, [row | {"etag": page.etag, "last_modified": page.last_modified}])


def record_failure(connection: sqlalchemy.Connection, *, source: str, url: str, reason: str, at: str) -> None:
    """Count a request that failed for good, by its reason."""
    row = {"source": source, "url": url, "reason": reason, "attempts": 1, "first": at, "last": at}
    upsert(connection, schema.failure, [row], keep=("first", "attempts"), count="attempts")


def clear_failure(connection: sqlalchemy.Connection, url: str) -> None:
    """Forget the failures of a request that succeeds now."""
    connection.execute(schema.failure.delete().where(schema.failure.c.url == url))


def failing_urls(connection: sqlalchemy.Connection, source: str) -> list[str]:
    """Return the URLs of a source's requests that failed for good."""
    table = schema.failure.c
    return list(connection.execute(select(table.url).where(table.source == source).distinct()).scalars())


def clear_failures(connection: sqlalchemy.Connection, source: str) -> None:
    """Forget all failures of a source that was read without any."""
    connection.execute(schema.failure.delete().where(schema.failure.c.source == source))
