"""One process in the jail, from its start to its certain end: its words are bounded, a breaker of limits is ended."""

import asyncio
import contextlib
import json
import resource
import secrets
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from crawler.sandbox import cgroups, processes, watchdog
from crawler.sandbox.cgroups import Group
from crawler.sandbox.jail import FILES, Jail, bubblewrap
from crawler.sandbox.limits import Limits
from crawler.sandbox.watchdog import Verdict

STARTER = Path(__file__).with_name("starter.py")
CHUNK = 64 * 1024
GRACE = 0.3
REAP_SECONDS = 5.0
NOISES, LONGEST_NOISE = 400, 300
PRLIMIT = "/usr/bin/prlimit"
THREADS_EACH = 8


@dataclass
class Jailed:
    """A running process of the jail; `verdict` is set where it was ended for breaking a limit.

    `received` counts the bytes of its stdout, `noises` are its last lines that were no protocol, `words` the end of
    its stderr.
    """

    process: asyncio.subprocess.Process
    limits: Limits
    group: Group = field(default_factory=Group)
    verdict: Verdict | None = None
    received: int = 0
    noise: int = 0
    noises: deque[str] = field(default_factory=lambda: deque(maxlen=NOISES))
    words: bytearray = field(default_factory=bytearray)

    def end(self, verdict: Verdict | None = None) -> None:
        """Kill everything in the jail; the first verdict stands."""
        self.verdict = self.verdict or verdict
        processes.kill(processes.first_inside(self.process.pid))

    async def send(self, line: bytes) -> None:
        """Write one line to its stdin; raise ConnectionError where it listens no more."""
        assert self.process.stdin  # noqa: S101  # it was started with a pipe
        self.process.stdin.write(line + b"\n")
        await self.process.stdin.drain()

    async def lines(self) -> AsyncIterator[bytes]:
        """Yield the lines of its stdout until it ends; one that says too much is ended."""
        assert self.process.stdout  # noqa: S101  # it was started with a pipe
        waiting: list[bytes] = []
        size = 0
        while chunk := await self.process.stdout.read(CHUNK):
            self.received += len(chunk)
            first, *others = chunk.split(b"\n")
            waiting.append(first)
            size += len(first)
            if self._says_too_much(size):
                return
            for line in others:
                yield b"".join(waiting)
                waiting, size = [line], len(line)
        if size:
            yield b"".join(waiting)

    def hear_noise(self, line: bytes) -> None:
        """Count a line that is no protocol, and keep it among the last few."""
        if line.strip():
            self.noise += 1
            self.noises.append(line[:LONGEST_NOISE].decode(errors="replace").rstrip())

    async def last_words(self) -> str:
        """Return the end of what it said beside the protocol, once it has had a moment to finish its sentence."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self.process.wait()
                await asyncio.sleep(GRACE / 10)
        if self.group.ran_out:
            self.verdict = self.verdict or Verdict("refused", "over the limit of memory: the kernel ended it")
        return "\n".join([*self.noises, bytes(self.words).decode(errors="replace")]).strip()

    def _says_too_much(self, size: int) -> bool:
        if size > self.limits.line_bytes:
            reason = f"more than {self.limits.line_bytes:,} bytes in one message"
        elif self.received > self.limits.output_bytes:
            reason = f"more than {self.limits.output_bytes:,} bytes"
        else:
            return False
        self.end(Verdict("refused", f"over the limit of output: {reason}"))
        return True


@asynccontextmanager
async def started(jail: Jail, command: Sequence[str], limits: Limits) -> AsyncIterator[Jailed]:
    """Start `command` in `jail` and yield it; whatever happens meanwhile, nothing of it is left afterwards."""
    await asyncio.to_thread(bubblewrap)
    async with cgroups.group(limits, f"toolcensus-{secrets.token_hex(8)}") as group:
        words = command_line(jail, command, limits, group.doors)
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe, stderr=pipe, env={})
        jailed = Jailed(process, limits, group)
        listening = asyncio.create_task(_listen(jailed))
        try:
            with watchdog.watching(process.pid, jail, limits, jailed.end):
                yield jailed
        finally:
            await _finish(jailed)
            await _drain(jailed, listening)


async def _listen(jailed: Jailed) -> None:
    """Keep the end of what it writes to stderr, however much that is."""
    assert jailed.process.stderr  # noqa: S101  # it was started with a pipe
    while chunk := await jailed.process.stderr.read(CHUNK):
        jailed.words += chunk
        del jailed.words[: -jailed.limits.words_bytes]


async def _finish(jailed: Jailed) -> None:
    """End the first process of the jail, with which the kernel ends all others, and wait until it has."""
    deadline = time.monotonic() + REAP_SECONDS
    while jailed.process.returncode is None and time.monotonic() < deadline:
        jailed.end()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await jailed.process.wait()
    if jailed.process.returncode is None:
        processes.kill(jailed.process.pid)
        await jailed.process.wait()


async def _drain(jailed: Jailed, listening: asyncio.Task[None]) -> None:
    """Read what the dead have left in their pipes, since only an empty pipe can be closed."""
    assert jailed.process.stdin  # noqa: S101  # it was started with pipes
    assert jailed.process.stdout  # noqa: S101  # it was started with pipes
    jailed.process.stdin.close()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(REAP_SECONDS):
            while await jailed.process.stdout.read(CHUNK):
                pass
            await listening
    with contextlib.suppress(ConnectionError):
        await jailed.process.stdin.wait_closed()


def command_line(jail: Jail, command: Sequence[str], limits: Limits, doors: Sequence[str] = ()) -> list[str]:
    """Return the words that start `command` in `jail`, whoever says them; `doors` let it into a control group."""
    bounds = {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": int(limits.cpu_seconds) + 1,
        # Node reserves more addresses than it ever uses, so data is bounded, not addresses.
        "RLIMIT_DATA": 2 * limits.memory_bytes,
        "RLIMIT_FSIZE": limits.file_bytes,
        "RLIMIT_NOFILE": 1024,
    }
    plan = {
        "limits": {name: value for name, value in bounds.items() if hasattr(resource, name)},
        "doors": doors,
        "files": {} if jail.network else FILES,
        "program": bubblewrap(),
        "options": jail.options(limits),
        "command": [*_counted(limits), *command],
    }
    return [sys.executable, "-I", "-S", str(STARTER), json.dumps(plan)]


def _counted(limits: Limits) -> list[str]:
    """Return the words that bound the threads of the jail's own user; for a jailed root the watchdog counts alone."""
    return [PRLIMIT, f"--nproc={THREADS_EACH * limits.processes}", "--"] if Path(PRLIMIT).exists() else []
