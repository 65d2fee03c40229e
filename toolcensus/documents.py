"""Pages of sources that can say that they are unchanged, with what they said. The caller commits."""

from collections.abc import Iterable

import msgspec
import sqlalchemy
from sqlalchemy import select

from toolcensus import schema
from toolcensus.records import Record
from toolcensus.upsert import upsert


class Document(Record, frozen=True):
    """What is remembered of a page: its validators, the code that read it, the ids that it showed, and its reading."""

    source: str
    url: str
    etag: str
    last_modified: str
    method: str
    ids_json: str
    reading_json: str


def load_document(connection: sqlalchemy.Connection, source: str, url: str) -> Document | None:
    """Return what is remembered of a page, None where nothing is."""
    table = schema.document
    row = connection.execute(select(table).where(table.c.source == source, table.c.url == url)).first()
    return Document(**row._asdict()) if row else None


def save_documents(connection: sqlalchemy.Connection, documents: Iterable[Document]) -> None:
    """Remember pages in the place of what was remembered of them before."""
    upsert(connection, schema.document, [msgspec.structs.asdict(document) for document in documents])


def forget_document(connection: sqlalchemy.Connection, source: str, url: str) -> None:
    """Forget a page that was not read to its end."""
    table = schema.document
    connection.execute(table.delete().where(table.c.source == source, table.c.url == url))


def known_urls(connection: sqlalchemy.Connection, source: str) -> list[str]:
    """Return the URLs of a source's pages that are remembered."""
    table = schema.document.c
    return list(connection.execute(select(table.url).where(table.source == source)).scalars())
