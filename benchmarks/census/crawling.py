"""Crawls in processes of their own, timed and weighed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KILOBYTE = 1024
"""The kernel counts resident memory in kilobytes."""


@dataclass(frozen=True)
class Target:
    """Where is crawled: an endpoints file, the sources (none for all), and whether it is the made-up registry."""

    endpoints: Path
    sources: tuple[str, ...] = ()
    is_made_up: bool = False


@dataclass(frozen=True)
class Run:
    """One crawl: its exit code, wall and processor seconds, peak memory in MB, and what it reported."""

    code: int
    wall: float
    processor: float
    peak: float
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def sources(self) -> dict[str, dict[str, Any]]:
        """The report of each source by name."""
        return {one["source"]: one for one in self.report["sources"]}

    @property
    def reading(self) -> float:
        """Seconds until the last source was read and all that it showed was written."""
        return float(max(one["seconds"] for one in self.report["sources"]))


def crawl(target: Target, db: Path, *, again: bool = True, record: Path | None = None) -> Run:
    """Crawl once; `again` trusts nothing that was read before. Raises CalledProcessError where nothing was read."""
    with subprocess.Popen(
        _command(target, db, again=again, record=record), stdout=subprocess.PIPE, env=_environment()
    ) as process:
        started = time.perf_counter()
        assert process.stdout is not None
        printed = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return Run(process.returncode, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / KILOBYTE, json.loads(printed))


def crawl_and_kill(target: Target, db: Path, seconds: float, *, again: bool) -> bool:
    """Crawl, and kill it after so many seconds as a power cut would; say whether it was still at work."""
    process = subprocess.Popen(_command(target, db, again=again), stdout=subprocess.DEVNULL, env=_environment())
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def _command(target: Target, db: Path, *, again: bool, record: Path | None = None) -> Sequence[str]:
    command = [sys.executable, "-m", "benchmarks.census.crawl_program"]
    if target.is_made_up:
        command.append("--any-size")
    if record:
        command += ["--record", str(record)]
    command += ["crawl", "--pace", "none", "--json", "--endpoints", str(target.endpoints), "--db", str(db)]
    if again:
        command += ["--max-age", "0"]
    return [*command, *(f"--source={source}" for source in target.sources), *([] if target.sources else ["--all"])]


def _environment() -> dict[str, str]:
    # A registry on this machine takes any key; one elsewhere gets the user's own.
    keys = dict.fromkeys(("SMITHERY_API_KEY", "PULSEMCP_API_KEY", "GITHUB_TOKEN"), "any")
    return {**keys, **os.environ, "PYTHONWARNINGS": "ignore"}
