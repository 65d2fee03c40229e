"""Watches what a jail holds and says when that is too much: time, computing, memory, processes, disk."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.sandbox import processes
from crawler.sandbox.jail import WRITABLE, Jail
from crawler.sandbox.limits import Limits
from crawler.sandbox.processes import Holding
from toolcensus.records import Outcome

MEMORY_INFO = Path("/proc/meminfo")
LEAST_FREE = 256 * 1024 * 1024
"""Memory that nobody's account shows (files without a name, pipes) still leaves the machine: this much stays free."""
BETWEEN_WALKS = 2.0
PER_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a jail was ended before its time: the outcome, and the limit in words."""

    outcome: Outcome
    reason: str


@contextmanager
def watching(jailer: int, jail: Jail, limits: Limits, end: Callable[[Verdict], None]) -> Iterator[None]:
    """Watch the jail of the process `jailer` meanwhile; `end` is called, in another thread, with what it breaks."""
    stop = threading.Event()

    def work() -> None:
        if verdict := watch(jailer, jail, limits, stop):
            end(verdict)

    # A thread of its own: whatever else this program is busy with, a fork bomb is not to wait for it.
    thread = threading.Thread(target=work, name="watchdog", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def watch(jailer: int, jail: Jail, limits: Limits, stop: threading.Event) -> Verdict | None:
    """Return the first limit that the jail breaks, or None once `stop` is set."""
    began = walked = time.monotonic()
    while not stop.wait(limits.poll_seconds):
        now = time.monotonic()
        if now - began > limits.seconds:
            return Verdict("timed-out", f"no answer within {limits.seconds:g} seconds")
        found = next(_broken(processes.measure(jailer), limits), None) or _disk(jailer, limits)
        if not found and jail.writable and now - walked > BETWEEN_WALKS:
            walked = now
            found = _folder(jail.folder, limits)
        if found:
            return found
    return None


def _broken(held: Holding, limits: Limits) -> Iterator[Verdict]:
    if held.processes > limits.processes:
        yield Verdict("refused", f"over the limit of processes: more than {limits.processes}")
    if held.memory_bytes > limits.memory_bytes:
        yield Verdict("refused", f"over the limit of memory: more than {limits.memory_bytes // PER_MEBIBYTE} MiB")
    if held.cpu_seconds > limits.cpu_seconds:
        yield Verdict("timed-out", f"it computed for more than {limits.cpu_seconds:g} seconds")
    if _free() < LEAST_FREE:
        yield Verdict("refused", "over the limit of memory: the machine had none left")


def _free() -> int:
    """Return the bytes of memory that the machine can still give."""
    lines = MEMORY_INFO.read_text().splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), LEAST_FREE)


def _disk(jailer: int, limits: Limits) -> Verdict | None:
    """Say whether one of the jail's own small disks is full; while it is built or torn down there is nothing to see."""
    inside = processes.first_inside(jailer)
    for place in WRITABLE if inside else ():
        with contextlib.suppress(OSError):
            root = f"/proc/{inside}/root"
            if os.stat(root).st_dev == os.stat("/").st_dev:  # noqa: PTH116  # twenty times a second
                # Not in its own root yet: this is the machine's disk.
                return None
            space = os.statvfs(root + place)
            held = (space.f_blocks - space.f_bfree) * space.f_frsize
            if not space.f_bavail or held > limits.scratch_bytes:
                mebibytes = limits.scratch_bytes / PER_MEBIBYTE
                return Verdict("refused", f"over the limit of disk: more than {mebibytes:g} MiB in {place}")
    return None


def _folder(folder: Path, limits: Limits) -> Verdict | None:
    """Say whether a folder that is written from inside has grown too large."""
    held = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                held += (Path(place) / name).lstat().st_blocks * 512
        if held > limits.install_bytes:
            mebibytes = limits.install_bytes / PER_MEBIBYTE
            return Verdict("refused", f"over the limit of disk: more than {mebibytes:g} MiB to install")
    return None
