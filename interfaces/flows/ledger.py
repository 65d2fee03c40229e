"""Keeps what walks find: pages of all sources go into one transaction, which is committed several times a second."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec
import sqlalchemy

from crawler.manners import Validators
from crawler.source import Reading, Request
from crawler.walk import Answered, Remembered, key_of
from toolcensus import __version__, documents, pages, readings
from toolcensus.documents import Document
from toolcensus.readings import SourceReading
from toolcensus.records import Sighting

OFTEN = 0.2
"""Seconds between commits: what a kill may lose, and how long another program may wait for its turn to write."""
MANY = 64
"""Pages after which it is committed all the same."""


def now() -> str:
    """Return the time as the index writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Ledger:
    """The one open transaction of a census, and the accounts that write into it."""

    def __init__(self, engine: sqlalchemy.Engine) -> None:
        self._engine = engine
        self._connection: sqlalchemy.Connection | None = None
        self._waiting = 0
        self.accounts: list[Account] = []

    @property
    def connection(self) -> sqlalchemy.Connection:
        """The connection, inside a transaction."""
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.begin()
        return self._connection

    def commit(self) -> None:
        """Commit what was kept."""
        if self._connection is None:
            return
        for account in self.accounts:
            account.save()
        self._connection.commit()
        self._connection.close()
        self._connection, self._waiting = None, 0

    def count_page(self) -> None:
        """Take note of one page, and commit where many wait."""
        self._waiting += 1
        if self._waiting >= MANY:
            self.commit()

    async def commit_often(self) -> None:
        """Commit several times a second, for ever."""
        while True:
            await asyncio.sleep(OFTEN)
            self.commit()


class Account:
    """What one source's walk remembers and keeps; `crawler.walk.Memory` for it."""

    def __init__(self, ledger: Ledger, reading: SourceReading, limit: int | None = None) -> None:
        self._ledger = ledger
        self._limit = limit
        self._failing = _failing(ledger.connection, reading.source)
        self._saved = reading
        self.reading = reading
        self.is_limited = False
        self.broken = ""
        self.lost_pages = 0
        self.tell: Callable[[], None] = _nothing
        ledger.accounts.append(self)

    def remembered(self, url: str) -> Remembered | None:
        """Return what is known of a page, where the same code read it."""
        document = documents.load_document(self._ledger.connection, self.reading.source, url)
        if document is None or document.method != __version__:
            return None
        return Remembered(
            Validators(document.etag, document.last_modified),
            msgspec.json.decode(document.reading_json, type=Reading),
            tuple(msgspec.json.decode(document.ids_json)),
        )

    def keep(self, answered: Answered) -> Sequence[Request]:
        """Write what one page says, and the requests that it leads to; return those that are to be made."""
        connection, source = self._ledger.connection, self.reading.source
        found = answered.reading
        shown = readings.show(connection, self.reading, found.sightings)
        readings.see_again(connection, self.reading, answered.ids)
        if answered.request.about and answered.ids:
            about = answered.request.about
            readings.confirm(connection, source, about.source_id, about.digest)
        readings.remove(connection, source, found.removed, self.reading.started)
        details, added = self._rows([request for request in found.follow if request.about])
        follow = [request for request in found.follow if request.about is None] + details
        readings.add_to_frontier(connection, source, {key_of(one): _text(one) for one in follow})
        is_list = answered.request.about is None
        digest = answered.digest if is_list else None
        readings.pass_frontier(connection, source, key_of(answered.request), digest)
        self._remember(answered)
        self._count(answered, shown.added + added, shown.changed)
        self._note_losses(answered)
        self.lost_pages += is_list and answered.is_lost
        self._ledger.count_page()
        self.tell()
        if self._limit is not None and self.reading.sightings >= self._limit:
            self.is_limited = True
            return []
        return follow

    def fail(self, why: str) -> None:
        """Note that the walk itself could not go on."""
        self.broken = why

    def outcome(self) -> tuple[str, str]:
        """Return how the reading ended, and why it did not end well."""
        if self.broken:
            return "failed", self.broken
        if self.lost_pages:
            return ("incomplete" if self.reading.pages else "failed"), self.reading.note
        if self.is_limited:
            return "stopped", "as many as were asked for"
        spoilt = f"{self.reading.failed} records or details could not be read" if self.reading.failed else ""
        return "complete", spoilt

    def save(self) -> None:
        """Write how far the reading is."""
        if self.reading is not self._saved:
            readings.save_progress(self._ledger.connection, self.reading)
            self._saved = self.reading

    def _rows(self, details: Sequence[Request]) -> tuple[list[Request], int]:
        """Keep the rows of details, and return the details that must be asked and how many rows are new.

        A row that is unknown stands, without a digest, until its detail is read; one that is known stays as it is.
        """
        rows = {one.about.source_id: one.about for one in details if one.about}
        known = readings.known_digests(self._ledger.connection, self.reading.source, rows)
        fresh = [_provisional(row) for source_id, row in rows.items() if source_id not in known]
        readings.show(self._ledger.connection, self.reading, fresh)
        readings.see_again(self._ledger.connection, self.reading, known.keys())
        wanted = [one for one in details if one.about and known.get(one.about.source_id) != (one.about.digest or None)]
        return wanted, len(fresh)

    def _remember(self, answered: Answered) -> None:
        if answered.ids or answered.is_lost:
            return
        connection, source = self._ledger.connection, self.reading.source
        if answered.losses or not answered.validators.given:
            documents.forget_document(connection, source, answered.url)
            return
        ids = [sighting.source_id for sighting in answered.reading.sightings]
        compact = msgspec.structs.replace(answered.reading, sightings=())
        document = Document(
            source=source,
            url=answered.url,
            etag=answered.validators.etag,
            last_modified=answered.validators.last_modified,
            method=__version__,
            ids_json=msgspec.json.encode(ids).decode(),
            reading_json=msgspec.json.encode(compact).decode(),
        )
        documents.save_document(connection, document)

    def _count(self, answered: Answered, added: int, changed: int) -> None:
        before, found = self.reading, answered.reading
        is_list = answered.request.about is None
        rows = len(found.sightings) + len(answered.ids) + sum(one.about is not None for one in found.follow)
        spoilt = is_list and (answered.is_lost or bool(answered.losses))
        marks = [mark for mark in (before.mark, found.mark) if mark]
        self.reading = msgspec.structs.replace(
            before,
            pages=before.pages + (not answered.is_lost),
            sightings=before.sightings + (rows if is_list else 0),
            added=before.added + added,
            changed=before.changed + changed,
            failed=before.failed + len(answered.losses),
            mark=max(marks, default=None),
            whole=before.whole and found.whole and not spoilt,
            note=before.note or (answered.losses[0].message[:500] if is_list and answered.is_lost else ""),
        )

    def _note_losses(self, answered: Answered) -> None:
        connection, source, at = self._ledger.connection, self.reading.source, now()
        if not answered.is_lost and answered.url in self._failing:
            pages.clear_failure(connection, answered.url)
        for loss in answered.losses:
            told = f"{loss.reason}: {loss.message.removeprefix(answered.url).strip()}"[:500]
            pages.record_failure(connection, source=source, url=loss.url, reason=told, at=at)


def _nothing() -> None:
    """Tell nobody."""


def requests_of(texts: Iterable[str]) -> list[Request]:
    """Read requests back from the frontier."""
    return [msgspec.json.decode(text, type=Request) for text in texts]


def frontier_of(requests: Iterable[Request]) -> Mapping[str, str]:
    """Return requests as the frontier keeps them."""
    return {key_of(request): _text(request) for request in requests}


def _text(request: Request) -> str:
    return msgspec.json.encode(request).decode()


def _provisional(row: Sighting) -> Sighting:
    return msgspec.structs.replace(row, digest="")


def _failing(connection: sqlalchemy.Connection, source: str) -> frozenset[str]:
    return frozenset(pages.failing_urls(connection, source))
