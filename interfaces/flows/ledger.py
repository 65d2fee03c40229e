"""Keeps what walks find: pages of all sources go into one transaction, which is committed several times a second."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import msgspec
import sqlalchemy

from crawler.answer import Answered, Loss, Remembered, key_of
from crawler.manners import Validators
from crawler.source import Reading, Request
from interfaces.clock import now
from toolcensus import __version__, documents, pages, readings
from toolcensus.documents import Document
from toolcensus.readings import SourceReading
from toolcensus.records import Sighting

OFTEN = 0.2
"""Seconds between commits: what a kill may lose, and how long another program may wait for its turn to write."""
UNSURE = "unsure:"
"""Before the digest of a row whose detail is absent, as only one reading was told."""
MANY = 64
"""Pages after which it is committed all the same."""


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
        if self._connection is None and not self._waiting:
            return
        for account in self.accounts:
            account.save()
        connection = self.connection
        connection.commit()
        connection.close()
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
        self._failing = frozenset(pages.failing_urls(ledger.connection, reading.source))
        self._documented = frozenset(documents.known_urls(ledger.connection, reading.source))
        self._found: dict[str, Sighting] = {}
        self._seen: set[str] = set()
        self._confirmed: dict[str, str] = {}
        self._removed: set[str] = set()
        self._to_ask: dict[str, str] = {}
        self._asked: dict[str, str | None] = {}
        self._documents: dict[str, Document] = {}
        self._saved = reading
        self.reading = reading
        self.is_limited = False
        self.broken = ""
        self.lost_pages = 0
        self.tell: Callable[[], None] = _nothing
        ledger.accounts.append(self)

    def remembered(self, url: str) -> Remembered | None:
        """Return what is known of a page, where the same code read it."""
        if url not in self._documented:
            return None
        document = documents.load_document(self._ledger.connection, self.reading.source, url)
        if document is None or document.method != __version__:
            return None
        return Remembered(
            Validators(document.etag, document.last_modified),
            msgspec.json.decode(document.reading_json, type=Reading),
            tuple(msgspec.json.decode(document.ids_json)),
        )

    def keep(self, answered: Answered) -> Sequence[Request]:
        """Take what one page says, and the requests that it leads to; return those that are to be made."""
        answered = self._doubt(answered)
        found, about = answered.reading, answered.request.about
        self._take(found.sightings)
        self._seen.update(answered.ids)
        if about and answered.ids:
            self._confirmed[about.source_id] = about.digest
        self._removed.update(found.removed)
        details = [request for request in found.follow if request.about]
        if about is None:
            details = self._rows(details)
        follow = [*(request for request in found.follow if request.about is None), *details]
        self._to_ask.update((key_of(one), _text(one)) for one in follow)
        self._asked[key_of(answered.request)] = answered.digest if about is None else None
        self._remember(answered)
        self._count(answered)
        self._note_losses(answered)
        self.lost_pages += answered.is_lost and about is None and not follow
        self._ledger.count_page()
        return self._go_on(follow)

    def lead_to(self, details: Sequence[Request]) -> Sequence[Request]:
        """Take details that no page leads to, as if one had; return those that are to be made."""
        asked = self._rows(details)
        self._to_ask.update((key_of(one), _text(one)) for one in asked)
        self.reading = msgspec.structs.replace(self.reading, sightings=self.reading.sightings + len(details))
        return self._go_on(asked)

    def _go_on(self, follow: Sequence[Request]) -> Sequence[Request]:
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
        """Write what was taken since the last time, and how far the reading is."""
        if self.reading is self._saved and not self._asked:
            return
        connection, source = self._ledger.connection, self.reading.source
        shown = readings.show(connection, self.reading, self._found.values())
        readings.see_again(connection, self.reading, self._seen - self._found.keys())
        readings.confirm(connection, source, self._confirmed)
        documents.save_documents(connection, self._documents.values())
        unfounded = readings.remove(connection, self.reading, self._removed)
        done = {key for key, digest in self._asked.items() if digest is None}
        # A detail that was asked meanwhile needs no note that it is to be asked.
        readings.add_to_frontier(
            connection, source, {key: self._to_ask[key] for key in self._to_ask if key not in done}
        )
        readings.pass_frontier(connection, source, self._asked)
        added = self.reading.added + shown.added - unfounded
        self.reading = msgspec.structs.replace(self.reading, added=added, changed=self.reading.changed + shown.changed)
        readings.save_progress(connection, self.reading)
        self._saved = self.reading
        self._documents.clear()
        for taken in (self._found, self._seen, self._confirmed, self._removed, self._to_ask, self._asked):
            taken.clear()

    def _rows(self, details: Sequence[Request]) -> list[Request]:
        """Take the rows of details, and return the details that must be asked.

        A row that is unknown stands, without a digest, until its detail is read; one that is known stays as it is.
        """
        rows = {one.about.source_id: one.about for one in details if one.about}
        known = readings.known_digests(self._ledger.connection, self.reading.source, rows)
        known.update((name, self._found[name].digest) for name in rows if name in self._found)
        for source_id, row in rows.items():
            if source_id not in known:
                self._found[source_id] = msgspec.structs.replace(row, digest="")
        self._seen.update(known)
        return [one for one in details if one.about and known.get(one.about.source_id) != (one.about.digest or None)]

    def _take(self, sightings: Sequence[Sighting]) -> None:
        """Take sightings; one that is damaged, and so has no digest, does not take the place of a sound one."""
        damaged = [one.source_id for one in sightings if not one.digest]
        known = readings.known_digests(self._ledger.connection, self.reading.source, damaged)
        known.update((name, self._found[name].digest) for name in damaged if name in self._found)
        sound = {name for name, digest in known.items() if digest}
        self._seen.update(sound)
        self._found.update((one.source_id, one) for one in sightings if one.digest or one.source_id not in sound)

    def _doubt(self, answered: Answered) -> Answered:
        """Take the row of an absent detail for final once a second reading is told so; until then it is asked again."""
        about = answered.request.about
        if about is None or not answered.is_absent or not answered.reading.sightings:
            return answered
        known = readings.known_digests(self._ledger.connection, self.reading.source, [about.source_id])
        if known.get(about.source_id) == UNSURE + about.digest:
            return answered
        row = msgspec.structs.replace(about, digest=UNSURE + about.digest)
        loss = Loss(answered.url, "status", f"{answered.url} is absent; what the list says of it stands")
        reading = msgspec.structs.replace(answered.reading, sightings=(row,))
        return replace(answered, reading=reading, losses=(*answered.losses, loss))

    def _remember(self, answered: Answered) -> None:
        if answered.ids or answered.is_lost:
            return
        connection, source = self._ledger.connection, self.reading.source
        if answered.losses or not answered.validators.given:
            self._documents.pop(answered.url, None)
            if answered.url in self._documented:
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
        self._documents[answered.url] = document

    def _count(self, answered: Answered) -> None:
        before, found = self.reading, answered.reading
        is_list = answered.request.about is None
        rows = len(found.sightings) + len(answered.ids) + sum(one.about is not None for one in found.follow)
        # A page that was lost and led to smaller ones is read by those.
        spoilt = is_list and bool(answered.losses) and not (answered.is_lost and found.follow)
        marks = [mark for mark in (before.mark, found.mark) if mark]
        self.reading = msgspec.structs.replace(
            before,
            pages=before.pages + (not answered.is_lost),
            sightings=before.sightings + (rows if is_list else 0),
            failed=before.failed + len(answered.losses),
            mark=max(marks, default=None),
            whole=before.whole and found.whole and not spoilt,
            note=before.note or (answered.losses[0].message[:500] if spoilt and answered.is_lost else ""),
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
