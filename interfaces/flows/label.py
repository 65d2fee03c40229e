"""The label flow: definitions come in as JSON Lines, and each line is answered by one line, in the same order.

A definition is answered by its label and findings, a `tools/list` result by `{"labels": [...]}`, and a line that cannot
be read by `{"error": "..."}`. The answers are the same bytes whatever the number of processes.
"""

import gc
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from queue import Queue
from threading import Thread
from typing import Any

import msgspec

from classifier.findings import find
from classifier.label import label_batch
from interfaces.flows.lines import Line, OverLong, Read, batches
from toolcensus import protocol
from toolcensus.errors import InputError
from toolcensus.protocol import Definitions, Entry
from toolcensus.records import Label

Write = Callable[[bytes], object]

BLOCK = 64 * 1024
COLLECTED = (50_000, 20, 50)
"""New objects between two searches for circles, and how many young searches go before an older generation's."""

WAITING_PER_JOB = 4
SHOWN = ("category", "effects", "bounds", "risk", "confidence", "rationale", "evidence")
EMPTY = InputError("an empty line", advice="send one tool definition a line")


def label_lines(read: Read, write: Write, *, jobs: int = 1) -> int:
    """Answer every line that `read` brings through `write`, as soon as it can be answered; return how many.

    `jobs` above 1 labels in that many processes. Memory does not grow with the input.
    """
    answers = _in_processes(read, jobs) if jobs > 1 else map(answer, batches(read, protocol.MAX_BYTES))
    count = 0
    before = gc.get_threshold()
    _collect_rarely()
    try:
        for lines in answers:
            write(lines)
            count += lines.count(b"\n")
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
    return count


def _collect_rarely() -> None:
    """Search for circles less often: labelling makes none that last, and each search walks over rules and model."""
    gc.freeze()
    gc.set_threshold(*COLLECTED)


def answer(lines: list[Line]) -> bytes:
    """Return one line of JSON for each line; what all of them define is labelled together."""
    documents = [_document(line) for line in lines]
    tools = [entry.tool for one in documents if isinstance(one, Definitions) for entry in _entries(one)]
    labels = iter(label_batch(tools))
    return b"".join(msgspec.json.encode(_answer(one, labels)) + b"\n" for one in documents)


def _document(line: Line) -> Definitions | InputError:
    try:
        if isinstance(line, OverLong):
            raise protocol.too_long(line.length)
        if not line.strip():
            raise EMPTY
        return protocol.read(line)
    except InputError as error:
        return error


def _entries(definitions: Definitions) -> list[Entry]:
    return [entry for entry in definitions.entries if isinstance(entry, Entry)]


def _answer(one: Definitions | InputError, labels: Iterator[Label]) -> dict[str, Any]:
    if isinstance(one, InputError):
        return _error(one)
    shown = [_error(entry) if isinstance(entry, InputError) else _shown(entry, next(labels)) for entry in one.entries]
    return {"labels": shown} if one.listed else shown[0]


def _shown(entry: Entry, judged: Label) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(judged, name) for name in SHOWN}
    if judged.actions:
        shown["actions"] = judged.actions
    shown["findings"] = find(entry.tool, judged, entry.server)
    return shown


def _error(error: InputError) -> dict[str, Any]:
    return {"error": f"{error.message}: {error.advice}" if error.advice else error.message}


def _in_processes(read: Read, jobs: int) -> Iterator[bytes]:
    """Yield the answers in order while a thread reads on; at most a few batches a process wait in memory."""
    waiting: Queue[Future[bytes] | BaseException | None] = Queue(jobs * WAITING_PER_JOB)
    # A fresh interpreter a process: a forked copy of one that already runs threads may hang.
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_collect_rarely) as pool:

        def feed() -> None:
            try:
                for lines in batches(read, protocol.MAX_BYTES):
                    waiting.put(pool.submit(answer, lines))
                waiting.put(None)
            except BaseException as error:  # noqa: BLE001 — whatever stops the reading is raised where it is waited for
                waiting.put(error)

        Thread(target=feed, name="reads definitions", daemon=True).start()
        while (batch := waiting.get()) is not None:
            if isinstance(batch, BaseException):
                raise batch
            yield batch.result()


def from_descriptor(number: int) -> Read:
    """Return a reader of an open file that hands over what is there, however little."""
    return lambda: os.read(number, BLOCK)


def to_descriptor(number: int) -> Write:
    """Return a writer to an open file that keeps nothing back."""

    def write(data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(number, left) :]

    return write
