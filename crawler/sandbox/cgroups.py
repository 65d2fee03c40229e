"""A control group for a jail, where this user may make one: the kernel then bounds memory and processes to the byte.

Formats: Linux control groups, version 2 (`memory.max`, `pids.max`) and version 1 (`memory.limit_in_bytes`). Where none
can be made the watchdog alone keeps the limits.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.sandbox.limits import Limits

ROOT = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")
KILLS = ("memory.events", "memory.oom_control")
TRIES, BETWEEN_TRIES = 100, 0.01
HEADROOM = 1.25
"""The watchdog is to speak first, since it says which limit it was."""


@dataclass(frozen=True, slots=True)
class Group:
    """The folders of one group: a process joins by writing its number into each one's `cgroup.procs`."""

    folders: tuple[Path, ...] = ()

    @property
    def doors(self) -> list[str]:
        """The files that a process writes its number to."""
        return [str(folder / "cgroup.procs") for folder in self.folders]

    @property
    def ran_out(self) -> bool:
        """Whether the kernel has killed a process of the group for want of memory."""
        texts = [_read(folder / name) for folder in self.folders for name in KILLS]
        return any(
            line.startswith("oom_kill ") and line != "oom_kill 0" for text in texts for line in text.splitlines()
        )


@asynccontextmanager
async def group(limits: Limits, name: str) -> AsyncIterator[Group]:
    """Yield a group with these limits, with no folder where none can be made; it is removed in the end."""
    wanted = {
        "memory": {
            "memory.max": str(int(limits.memory_bytes * HEADROOM)),
            "memory.limit_in_bytes": str(int(limits.memory_bytes * HEADROOM)),
            "memory.swap.max": "0",
        },
        "pids": {"pids.max": str(limits.processes * 16)},
    }
    folders: list[Path] = []
    try:
        for parent, controllers in _parents():
            values = [pair for controller in controllers for pair in wanted[controller].items()]
            if folder := _made(parent / name, values):
                folders.append(folder)
        yield Group(tuple(folders))
    finally:
        for folder in folders:
            await _remove(folder)


def _parents() -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield the groups that this process is in and that rule memory or processes."""
    for line in _read(OWN).splitlines():
        _, names, path = line.split(":", 2)
        if not names:
            yield ROOT / path.lstrip("/"), ("memory", "pids")
        elif names in {"memory", "pids"}:
            yield ROOT / names / path.lstrip("/"), (names,)


def _made(folder: Path, values: list[tuple[str, str]]) -> Path | None:
    """Make one group and set what it has of `values`; None where it can be neither made nor made to bound anything."""
    try:
        folder.mkdir()
    except OSError:
        return None
    kept = 0
    for name, value in values:
        with contextlib.suppress(OSError):
            # Opened without being created: a group that lacks the file lacks the controller.
            descriptor = os.open(folder / name, os.O_WRONLY)
            try:
                kept += os.write(descriptor, value.encode())
            finally:
                os.close(descriptor)
    if kept:
        return folder
    _is_gone(folder)
    return None


def _read(path: Path) -> str:
    """Return what a file of the kernel says; nothing where this kernel has none."""
    try:
        return path.read_text()
    except OSError:
        return ""


async def _remove(folder: Path) -> None:
    """Remove a group; the kernel lets go of it shortly after its last process has ended."""
    for _ in range(TRIES):
        if _is_gone(folder):
            break
        await asyncio.sleep(BETWEEN_TRIES)


def _is_gone(folder: Path) -> bool:
    """Try to remove a group, and say whether there is none any more."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
