"""How fast definitions are labelled, beside a plain model of hashed words and reading and writing the JSON alone.

    python -m benchmarks.labelling [--count 5000] [--jobs 1] [--input definitions.jsonl] [--memory]

Prints how many definitions there are and how many of them differ, then definitions a second and seconds for the whole:
of labels with findings as `toolcensus label` gives them, of labels alone, of the yardstick on the same rows in as many
processes (words and pairs of words hashed, one linear decision for each claim; no risk, no reasons), and of decoding
and encoding the same lines. Seconds are of the whole run, the start of its processes and of the rules included. The
machine may be busy with other things, so the ratio to the yardstick of the same run tells more than the seconds.

--memory labels a tenth of the definitions as well, and prints how much memory the largest process took in either run.
Without --input the definitions are made up: every one differs in name, text and parameters, most have four parameters.
"""

import argparse
import hashlib
import io
import itertools
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import msgspec

from classifier.label import BATCH, label_batch
from classifier.model import HEADS
from interfaces.flows.label import label_lines
from toolcensus.protocol import parse

VERBS = ["get", "list", "search", "create", "update", "delete", "send", "run", "deploy", "export", "move", "describe"]
THINGS = ["issue", "message", "invoice", "bucket", "user", "pipeline", "dashboard", "page", "record", "file", "job"]
SENTENCES = [
    "{Verb}s one {thing} of the project and returns it with its {other}s.",
    "Use this tool when the user asks for a {thing}; call list_{other}s first to learn the id.",
    "IMPORTANT: requires an API key with access to the {thing}.",
    "Results come in pages of {number}; pass the cursor of the last page to go on.",
    "Does not touch the {other}. Fails with an error if the {thing} is locked.",
]
PARAMETERS = ["id", "query", "limit", "cursor", "path", "url", "name", "body", "force", "labels"]
ROWS = 2_000
"""Lines that the yardstick and labels alone take at once."""


def definitions(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Make up definitions, the same ones for the same seed."""
    choose = random.Random(seed)  # noqa: S311 — made-up data, no secrets
    for number in range(count):
        verb, thing, other = choose.choice(VERBS), choose.choice(THINGS), choose.choice(THINGS)
        words = {"Verb": verb.title(), "thing": thing, "other": other, "number": number}
        text = " ".join(one.format(**words) for one in choose.sample(SENTENCES, choose.randint(1, 4)))
        names = choose.sample(PARAMETERS, choose.randint(1, 7))
        properties = {
            name: {"type": "string", "description": f"The {name} of the {thing}, at most {number} characters."}
            for name in names
        }
        schema = {"type": "object", "properties": properties, "required": names[:1]}
        yield {"name": f"{verb}_{thing}_{number}", "description": text, "inputSchema": schema}


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--count", type=int, default=5_000)
    arguments.add_argument("--jobs", type=int, default=1)
    arguments.add_argument("--input", type=Path)
    arguments.add_argument("--memory", action="store_true")
    arguments.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.child:
        _label_in_a_child(given.child, given.jobs)
        return
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "definitions.jsonl"
        count = _write(lines, given.input, given.count)
        _compare(lines, count, given.jobs)
        if given.memory:
            tenth = Path(folder) / "tenth.jsonl"
            fewer = _write(tenth, lines, count // 10)
            for path, number in ((tenth, fewer), (lines, count)):
                _, _, largest = _in_a_child(path, given.jobs)
                print(f"largest process with {number:9,} definitions {largest:6,.0f} MB")


def _compare(path: Path, count: int, jobs: int) -> None:
    print(f"{count:,} definitions, {path.stat().st_size / count:,.0f} bytes each, {jobs} process(es)")
    answered, whole, _ = _in_a_child(path, jobs)
    assert answered == count
    alone = _spread(_labels_alone, path, jobs)
    plain = _spread(_hashed_words, path, jobs)
    bare = _spread(_read_and_write, path, jobs)
    for what, seconds in (
        ("labels and findings, all written", whole),
        ("labels alone", alone),
        ("hashed words and a linear model", plain),
        ("reading and writing the JSON", bare),
    ):
        print(f"{what:34}{seconds:9.2f} s {count / seconds:10,.0f} a second {seconds / plain:8.2f} times the yardstick")


def _write(path: Path, source: Path | None, count: int) -> int:
    """Write the lines to measure; say how many there are and how many differ."""
    distinct: set[bytes] = set()
    written = 0
    with path.open("wb") as file:
        for line in _lines(source, count):
            file.write(line + b"\n")
            distinct.add(hashlib.blake2b(line, digest_size=8).digest())
            written += 1
    print(f"{len(distinct):,} of {written:,} definitions differ")
    return written


def _lines(source: Path | None, count: int) -> Iterator[bytes]:
    if source is None:
        yield from (msgspec.json.encode(one) for one in definitions(count))
        return
    with source.open("rb") as file:
        yield from (line.rstrip(b"\n") for line in itertools.islice(file, count))


def _in_a_child(path: Path, jobs: int) -> tuple[int, float, float]:
    """Label a file in a process of its own; return lines, seconds and the megabytes of the largest process."""
    command = [sys.executable, "-m", "benchmarks.labelling", "--child", str(path), "--jobs", str(jobs)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answered, seconds, largest = done.stdout.split()
    return int(answered), float(seconds), float(largest)


def _label_in_a_child(path: Path, jobs: int) -> None:
    started = time.perf_counter()
    with path.open("rb", buffering=0) as file:
        answered = label_lines(lambda: file.read(65_536), lambda _: None, jobs=jobs)
    seconds = time.perf_counter() - started
    largest = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(answered, seconds, largest / 1024)


def _spread(work: Any, path: Path, jobs: int) -> float:
    """Return the seconds that a work on batches of lines takes in so many processes."""
    started = time.perf_counter()
    with path.open("rb") as file, ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        waiting: list[Any] = []
        while batch := list(itertools.islice(file, ROWS)):
            waiting.append(pool.submit(work, batch))
            if len(waiting) > jobs * 4:
                waiting.pop(0).result()
        for one in waiting:
            one.result()
    return time.perf_counter() - started


def _labels_alone(lines: list[bytes]) -> int:
    return sum(
        len(label_batch([parse(msgspec.json.decode(line)) for line in lines[start : start + BATCH]]))
        for start in range(0, len(lines), BATCH)
    )


@cache
def _hashing() -> tuple[Any, Any]:
    """Return a vectoriser of words and pairs, and weights for each claim: which ones does not change the speed."""
    import numpy as np  # noqa: PLC0415 — it would count as memory of those that need none of it
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415 — as above

    words = HashingVectorizer(ngram_range=(1, 2), n_features=2**18, alternate_sign=False)
    return words, np.random.default_rng(1).standard_normal((2**18, len(HEADS)), dtype=np.float32)


def _hashed_words(lines: list[bytes]) -> int:
    words, weights = _hashing()
    texts = [" ".join(_strings(msgspec.json.decode(line))) for line in lines]
    return int((words.transform(texts) @ weights > 0).sum())


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _strings(value)
    elif isinstance(node, list):
        for item in node:
            yield from _strings(item)


def _read_and_write(lines: list[bytes]) -> int:
    stream = io.BytesIO()
    return sum(stream.write(msgspec.json.encode(msgspec.json.decode(line))) for line in lines)


if __name__ == "__main__":
    main()
