"""The classify flow: tools that are not judged yet get a label, findings and a recommended policy, batch by batch.

A definition is labelled once, however many servers have it; findings and policies belong to a server's tool. Each batch
is one transaction, so a run that was stopped loses at most the batch in hand and the next one goes on from there.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain
from multiprocessing import get_context
from typing import Any

import msgspec
import sqlalchemy

from classifier.findings import find
from classifier.label import CLASSIFIER_VERSION, label_batch
from classifier.reviewed import reviewed
from gateway.recommend import recommend
from interfaces.clock import now
from interfaces.flows.turned import changed
from toolcensus import labels, reviews, schema
from toolcensus.database import open_index
from toolcensus.labels import Pending
from toolcensus.records import Category, Finding, FindingKind, Label, Record, Risk, Tool
from toolcensus.turned import turns
from toolcensus.upsert import batches

Mapped = Callable[..., Iterator[Any]]
"""Calls a function on the items of an iterable, in order: `map`, or the same in several processes."""

BATCH = 500
CHUNK = 50
REMEMBERED = 50_000


class Judgement(Record, frozen=True):
    """One tool of one server, judged."""

    pending: Pending
    label: Label
    findings: tuple[Finding, ...]


class Report(Record, frozen=True, omit_defaults=False):
    """What a run did: tools judged, their definitions by what happened to the label, and what came out.

    `unchanged` counts the tools that had been judged by this version before and were left alone.
    """

    version: str
    tools: int
    definitions: int
    new: int
    changed: int
    unchanged: int
    labels: dict[Category, dict[Risk, int]]
    findings: dict[FindingKind, int]


def classify(
    db: str | None, *, everything: bool = False, jobs: int = 1, watch: Callable[[int], None] = lambda _: None
) -> Report:
    """Judge what is pending in the index, or everything in it; `watch` is told the number of tools after each batch."""
    writer = open_index(db)
    reader = open_index(db, read_only=True)
    known: dict[str, Label] = {}
    count = _Count()
    try:
        with reader.connect() as reading, _mapping(jobs) as mapped:
            labelled = _labelled(reading)
            for batch in labels.pending(reading, CLASSIFIER_VERSION, everything=everything, batch=BATCH):
                # A reader that keeps its snapshot keeps the database from tidying up.
                reading.rollback()
                judgements = _judge(batch, known, mapped, reading)
                with writer.begin() as writing:
                    changed = _save(writing, judgements)
                count.add(judgements, changed)
                watch(count.tools)
            reading.rollback()
            return count.report(new=_labelled(reading) - labelled, listed=_listed(reading))
    finally:
        reader.dispose()
        writer.dispose()


def _judge(
    batch: list[Pending], known: dict[str, Label], mapped: Mapped, reading: sqlalchemy.Connection
) -> list[Judgement]:
    """Label the definitions that are not known yet, and find what is wrong with each server's tool.

    A reader's answer stands above the label, and a definition that took another's place is told apart from a new one.
    """
    if len(known) > REMEMBERED:
        known.clear()
    fresh = {one.digest: one.tool for one in batch if one.digest not in known}
    fresh_labels = chain.from_iterable(mapped(label_batch, batches(fresh.values(), CHUNK)))
    known.update(zip(fresh, fresh_labels, strict=True))
    answered = reviews.by_digest(reading, known.keys() & {one.digest for one in batch})
    judged = [
        reviewed(known[one.digest], answered[one.digest]) if one.digest in answered else known[one.digest]
        for one in batch
    ]
    chunks = batches(zip([one.tool for one in batch], judged, [one.server for one in batch], strict=True), CHUNK)
    findings = chain.from_iterable(mapped(_find_all, chunks))
    turned = turns(reading, [(one.server, one.digest) for one in batch])
    return [
        Judgement(pending=one, label=its, findings=found + changed(one.tool, its, turned.get((one.server, one.digest))))
        for one, its, found in zip(batch, judged, findings, strict=True)
    ]


def _find_all(chunk: list[tuple[Tool, Label, str]]) -> list[tuple[Finding, ...]]:
    return [find(*one) for one in chunk]


def _save(connection: sqlalchemy.Connection, judgements: list[Judgement]) -> set[str]:
    """Write one batch; return the digests of the definitions whose category or risk is another one now."""
    at = now()
    by_digest = {one.pending.digest: one.label for one in judgements}
    changes = labels.save_labels(connection, CLASSIFIER_VERSION, by_digest.items(), at=at)
    found = [(one.pending.server, one.pending.digest, one.findings) for one in judgements]
    labels.save_findings(connection, CLASSIFIER_VERSION, found)
    policies = [(one.pending.server, one.pending.digest, _policy(one)) for one in judgements]
    labels.save_policies(connection, policies)
    return {change.after for change in changes if change.after}


def _policy(judgement: Judgement) -> Any:
    return msgspec.to_builtins(recommend(judgement.pending.tool, judgement.label).entry)


def _labelled(connection: sqlalchemy.Connection) -> int:
    query = sqlalchemy.select(sqlalchemy.func.count()).select_from(schema.label).where(schema.label.c.current)
    return connection.execute(query).scalar_one()


def _listed(connection: sqlalchemy.Connection) -> int:
    query = sqlalchemy.select(sqlalchemy.func.count()).select_from(schema.tool).where(schema.tool.c.ended.is_(None))
    return connection.execute(query).scalar_one()


@contextmanager
def _mapping(jobs: int) -> Iterator[Mapped]:
    if jobs == 1:
        yield map
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield pool.map


class _Count:
    """Adds up what the batches did."""

    def __init__(self) -> None:
        self.tools = 0
        self._definitions: set[str] = set()
        self._changed: set[str] = set()
        self._labels: Counter[tuple[Category, Risk]] = Counter()
        self._findings: Counter[FindingKind] = Counter()

    def add(self, judgements: list[Judgement], changed: set[str]) -> None:
        self.tools += len(judgements)
        self._changed |= changed
        self._definitions.update(one.pending.digest for one in judgements)
        self._labels.update((one.label.category, one.label.risk) for one in judgements)
        self._findings.update(finding.kind for one in judgements for finding in one.findings)

    def report(self, *, new: int, listed: int) -> Report:
        table: dict[Category, dict[Risk, int]] = {}
        for (category, risk), number in sorted(self._labels.items()):
            table.setdefault(category, {})[risk] = number
        return Report(
            version=CLASSIFIER_VERSION,
            tools=self.tools,
            definitions=len(self._definitions),
            new=new,
            changed=len(self._changed),
            unchanged=listed - self.tools,
            labels=table,
            findings=dict(sorted(self._findings.items())),
        )
