"""How fast definitions are labelled, beside reading and writing the same JSON alone.

    python -m benchmarks.labelling [--count 5000] [--jobs 1] [--input definitions.jsonl]

Prints definitions a second, seconds for the whole, and how many times longer that is than decoding and encoding the
same lines with msgspec. Without --input the definitions are made up: every one differs, most have four parameters.
"""

import argparse
import io
import itertools
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from interfaces.flows.label import label_lines

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
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=5_000)
    arguments.add_argument("--jobs", type=int, default=1)
    arguments.add_argument("--input", type=Path)
    given = arguments.parse_args()
    lines = _lines(given.input, given.count)
    label_lines(io.BytesIO(lines[0] + b"\n").read, lambda _: None)  # rules are compiled once a process
    alone = min(_read_and_write(lines) for _ in range(3))
    whole = _label(lines, given.jobs)
    print(f"{len(lines):,} definitions, {sum(map(len, lines)) / len(lines):,.0f} bytes each, {given.jobs} process(es)")
    print(f"reading and writing the JSON alone  {alone:8.3f} s  {len(lines) / alone:10,.0f} a second")
    print(f"labels and findings                 {whole:8.3f} s  {len(lines) / whole:10,.0f} a second")
    print(f"ratio                               {whole / alone:8.1f}")


def _lines(path: Path | None, count: int) -> list[bytes]:
    if path is None:
        return [msgspec.json.encode(one) for one in definitions(count)]
    with path.open("rb") as file:
        return [line.rstrip(b"\n") for line in itertools.islice(file, count)]


def _read_and_write(lines: list[bytes]) -> float:
    started = time.perf_counter()
    for line in lines:
        msgspec.json.encode(msgspec.json.decode(line))
    return time.perf_counter() - started


def _label(lines: list[bytes], jobs: int) -> float:
    stream = io.BytesIO(b"\n".join(lines) + b"\n")
    started = time.perf_counter()
    answered = label_lines(lambda: stream.read(65_536), lambda _: None, jobs=jobs)
    assert answered == len(lines)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
