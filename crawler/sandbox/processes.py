"""What the processes of a jail hold, read from Linux' /proc: a process, and all that descends from it.

Formats: proc(5), `/proc/PID/stat` and `/proc/PID/status`. In a PID namespace orphans become children of its first
process, so nothing leaves the tree.
"""

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass

PROC = "/proc"
TICKS = os.sysconf("SC_CLK_TCK")
RESIDENT = (b"RssAnon:", b"RssShmem:")
PARENT, USER_TIME, REAPED_SYSTEM_TIME = 1, 11, 14
"""Places in `/proc/PID/stat` after the command's name, which may hold anything."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What a tree of processes holds: their number, resident bytes of their own, seconds of computing so far."""

    processes: int
    memory_bytes: int
    cpu_seconds: float


def measure(root: int) -> Holding:
    """Sum up what `root` and its descendants hold; processes that end meanwhile count as far as they were read."""
    stats = _stats()
    tree = [pid for pid in _tree(root, stats) if pid in stats]
    ticks = sum(sum(int(field) for field in stats[pid][USER_TIME : REAPED_SYSTEM_TIME + 1]) for pid in tree)
    return Holding(len(tree), sum(map(_resident, tree)), ticks / TICKS)


def first_inside(jailer: int) -> int | None:
    """Return the first process of the jail that `jailer` keeps, or None where there is none (yet or any more)."""
    return next((pid for pid, fields in _stats().items() if int(fields[PARENT]) == jailer), None)


def kill(pid: int | None) -> None:
    """End a process by force; whoever is gone already stays gone."""
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _tree(root: int, stats: dict[int, list[bytes]]) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for pid, fields in stats.items():
        children.setdefault(int(fields[PARENT]), []).append(pid)
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children.get(pid, [])


def _stats() -> dict[int, list[bytes]]:
    found = {}
    for name in os.listdir(PROC):  # noqa: PTH208  # twenty times a second: names are enough
        if name.isdigit() and (text := _read(f"{PROC}/{name}/stat")):
            found[int(name)] = text.rpartition(b")")[2].split()
    return found


def _resident(pid: int) -> int:
    lines = _read(f"{PROC}/{pid}/status").splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(RESIDENT))


def _read(path: str) -> bytes:
    """Read a file of /proc; nothing where its process is gone."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123  # twenty times a second for every process of the machine
            return file.read()
    except OSError:
        return b""
