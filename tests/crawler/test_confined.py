"""Reading one artefact in a child process: whatever the artefact does, the answer comes, and in time."""

import asyncio
import os
import time
from pathlib import Path

from crawler.confined import ENVIRONMENT, Confinement, Failure, Reading, read

SERVER = """
from mcp.server.fastmcp import FastMCP
mcp = FastMCP("files")

@mcp.tool()
def read_file(path: str) -> str:
    "Read one file."
    return open(path).read()
"""


def answer(path: Path, confinement: Confinement | None = None) -> Reading | Failure:
    return asyncio.run(read(path, confinement or Confinement()))


def test_good_artefact_is_read(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    reading = answer(tmp_path)
    assert isinstance(reading, Reading)
    assert [(tool.name, tool.description) for tool in reading.tools] == [("read_file", "Read one file.")]
    assert reading.files == 1


def test_bad_artefact_is_no_source_and_one_over_a_limit_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tgz"
    broken.write_bytes(b"\x1f\x8b\x08\x00 nothing of the kind")
    found = answer(broken)
    assert isinstance(found, Failure)
    assert (found.outcome, found.reason.partition(":")[0]) == ("no-source", "broken.tgz is truncated or corrupt")
    huge = tmp_path / "huge.py"
    with huge.open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    found = answer(huge)
    assert isinstance(found, Failure)
    assert found.outcome == "refused"


def test_reading_that_needs_too_long_is_ended(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "slow.py")
    started = time.monotonic()
    found = answer(tmp_path / "slow.py", Confinement(wall_seconds=1.0))
    assert isinstance(found, Failure)
    assert (found.outcome, found.reason) == ("timed-out", "reading it took more than 1 seconds")
    assert found.seconds >= 1.0
    assert time.monotonic() - started < 10


def test_reading_that_computes_too_long_is_ended(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    found = answer(tmp_path, Confinement(cpu_seconds=0))
    assert isinstance(found, Failure)
    assert (found.outcome, found.reason) == ("timed-out", "reading it took more than 0 seconds of computing")


def test_reading_that_needs_too_much_memory_has_a_reason(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.py").write_bytes(bytes(15_000_000))
    found = answer(tmp_path, Confinement(memory_bytes=128 * 1024 * 1024))
    assert isinstance(found, Failure)
    assert (found.outcome, found.reason) == ("refused", "reading it needs more memory than it is given")


def test_child_is_given_no_keys() -> None:
    assert not [name for name in ENVIRONMENT if "KEY" in name or "TOKEN" in name or "SECRET" in name]
