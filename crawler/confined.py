"""Reads one artefact in a child process with limits on time and memory, so that no stranger's file can stop a crawl.

`python -m crawler.confined PATH` is the child: it prints one JSON document, a Reading or a Failure.
"""

import asyncio
import contextlib
import os
import resource
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from crawler import extraction
from crawler.archive import read_tree
from crawler.launcher import imported
from crawler.manifest import describe
from crawler.members import UnsafeArchiveError
from toolcensus.errors import InputError, LimitError
from toolcensus.records import Record, Tool, Unresolved

ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""What the child is given of the environment: keys and tokens stay here."""
OUTPUT_BYTES = 64 * 1024 * 1024


class Reading(Record, frozen=True, tag="read"):
    """What an artefact holds; `files` is how many were read, `imports` the required packages (purls) that they import.

    `seconds` is how long it took by the clock.
    """

    package: str
    ecosystem: str
    files: int
    tools: tuple[Tool, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    imports: tuple[str, ...] = ()
    seconds: float = 0.0


class Failure(Record, frozen=True, tag="failed"):
    """Why an artefact could not be read; `no-source` where it is broken, `refused` where it is over a limit."""

    outcome: Literal["no-source", "refused", "timed-out", "crashed"]
    reason: str
    advice: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Confinement:
    """The child's limits: seconds of computing, seconds by the clock, bytes of memory."""

    cpu_seconds: int = 90
    wall_seconds: float = 300.0
    memory_bytes: int = 3 * 1024**3


DEFAULT = Confinement()


async def read(path: Path, confinement: Confinement = DEFAULT) -> Reading | Failure:
    """Read the artefact, folder or file at `path` in a child process; whatever it holds, this answers in time."""
    started = time.monotonic()
    answer = await _read(path, confinement)
    return msgspec.structs.replace(answer, seconds=round(time.monotonic() - started, 3))


async def _read(path: Path, confinement: Confinement) -> Reading | Failure:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", __name__, str(path)),
        *(str(confinement.cpu_seconds), str(confinement.memory_bytes)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
    )
    try:
        async with asyncio.timeout(confinement.wall_seconds):
            output, talk = await asyncio.gather(_bounded(child.stdout), _bounded(child.stderr))
            status = await child.wait()
    except TimeoutError:
        return Failure(outcome="timed-out", reason=f"reading it took more than {confinement.wall_seconds:g} seconds")
    finally:
        await _end(child)
    return _answer(status, output, talk, confinement)


async def _bounded(stream: asyncio.StreamReader | None) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while stream is not None and (chunk := await stream.read(65536)):
        size += len(chunk)
        if size <= OUTPUT_BYTES:
            chunks.append(chunk)
    return b"".join(chunks)


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


def _answer(status: int, output: bytes, talk: bytes, confinement: Confinement) -> Reading | Failure:
    if status == -signal.SIGXCPU:
        reason = f"reading it took more than {confinement.cpu_seconds} seconds of computing"
        return Failure(outcome="timed-out", reason=reason)
    try:
        return msgspec.json.decode(output, type=Reading | Failure)
    except msgspec.DecodeError:
        lines = talk.decode(errors="replace").strip().splitlines() or [f"it ended with status {status}"]
        return Failure(outcome="crashed", reason=f"reading it crashed: {lines[-1][:300]}")


def _read_here(path: Path) -> Reading | Failure:
    try:
        tree, notes = read_tree(path, extraction.suffixes())
        found = extraction.extract(tree)
    except (LimitError, UnsafeArchiveError) as error:
        return Failure(outcome="refused", reason=error.message, advice=error.advice)
    except InputError as error:
        return Failure(outcome="no-source", reason=error.message, advice=error.advice)
    except MemoryError:
        return Failure(outcome="refused", reason="reading it needs more memory than it is given")
    return Reading(
        package=tree.package,
        ecosystem=tree.ecosystem,
        files=len(tree.files),
        tools=found.tools,
        unresolved=found.unresolved + notes,
        imports=imported(tree.files, describe(tree.files).requires),
    )


def _confine(cpu_seconds: int, memory_bytes: int) -> None:
    # A second later the kernel kills what ignores the first signal.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # macOS knows this limit and refuses to set it; time is still bounded there.
    with contextlib.suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def main() -> None:
    """Be the child: confine this process, read the one artefact, print the answer."""
    path, cpu_seconds, memory_bytes = sys.argv[1:]
    _confine(int(cpu_seconds), int(memory_bytes))
    sys.stdout.buffer.write(msgspec.json.encode(_read_here(Path(path))))


if __name__ == "__main__":
    main()
