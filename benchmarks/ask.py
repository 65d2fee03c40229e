"""Start a server in a sandbox, ask it for its tools over stdio, and end it."""

import asyncio
import json
import logging
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

ANSWER_SECONDS = 30
PAGES = 100
LINE_BYTES = 64 * 1024 * 1024
SYSTEM = ("/etc/alternatives", "/etc/group", "/etc/hosts", "/etc/ld.so.cache", "/etc/mime.types", "/etc/nsswitch.conf",
          "/etc/passwd", "/etc/ssl")  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What a server said: its tools' names, and whatever it wrote beside the protocol."""

    names: tuple[str, ...]
    said: str


def sandboxed(command: Sequence[str], folders: Sequence[Path], environment: Mapping[str, str]) -> list[str]:
    """Return ``command`` inside bubblewrap: no network, a read-only system, an empty home and environment.

    Only the first folder, where the package was installed to be thrown away, can be written: some servers log there.
    """
    jail = [
        *("bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--uid", "1000", "--gid", "1000"),
        *("--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/sbin", "/sbin"),
        *("--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--proc", "/proc", "--dev", "/dev"),
        *("--tmpfs", "/tmp", "--dir", "/home/nobody", "--chdir", "/home/nobody", "--clearenv"),  # noqa: S108
        *("--setenv", "HOME", "/home/nobody"),
    ]
    for place in SYSTEM:
        jail += ["--ro-bind-try", place, place]
    for number, folder in enumerate(folders):
        jail += ["--ro-bind" if number else "--bind", str(folder), str(folder)]
    for name, value in {"PATH": "/usr/local/bin:/usr/bin:/bin", **environment}.items():
        jail += ["--setenv", name, value]
    return [*jail, "--", *command]


async def ask(command: list[str]) -> Answer:
    """Ask in today's protocol, then in a fresh process in the older one, then without the SDK's checks.

    Two old servers crash on the newer era's probe, and the SDK refuses a whole page for one malformed schema.
    """
    said = ""
    for mode in ("auto", "legacy"):
        with tempfile.TemporaryFile("w+", errors="replace") as errors:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    names = await _ask_sdk(command, mode, errors)
            except Exception as error:  # noqa: BLE001  # a server may fail in any way; the next way of asking is the answer
                logging.getLogger(__name__).debug("%s: %r", mode, error)
                names = []
            errors.seek(0)
            said = errors.read()
        if names:
            return Answer(tuple(sorted(set(names))), said)
    return await _ask_raw(command)


async def _ask_sdk(command: list[str], mode: str, errors: Any) -> list[str]:
    """Page through ``tools/list`` with the official SDK."""
    names: list[str] = []
    program = stdio_client(StdioServerParameters(command=command[0], args=command[1:]), errlog=errors)
    async with Client(program, mode=mode, read_timeout_seconds=ANSWER_SECONDS) as client:
        cursor: str | None = None
        for _ in range(PAGES):
            page = await client.list_tools(cursor=cursor)
            names += [tool.name for tool in page.tools]
            cursor = page.next_cursor
            if not cursor:
                break
    return names


async def _ask_raw(command: list[str]) -> Answer:
    """Speak the older protocol line by line, and take the names whatever else is wrong with the definitions."""
    names: list[str] = []
    noise: list[str] = []
    with tempfile.TemporaryFile("w+", errors="replace") as errors:
        try:
            async with asyncio.timeout(ANSWER_SECONDS), _started(command, errors) as process:
                hello = {
                    "protocolVersion": "2025-06-18",
                    "capabilities": {},
                    "clientInfo": {"name": "toolcensus", "version": "0"},
                }
                await _call(process, noise, 1, "initialize", hello)
                await _send(process, {"method": "notifications/initialized"})
                cursor: dict[str, str] = {}
                for page in range(PAGES):
                    result = await _call(process, noise, page + 2, "tools/list", cursor)
                    names += [tool["name"] for tool in result.get("tools", []) if isinstance(tool.get("name"), str)]
                    if not result.get("nextCursor"):
                        break
                    cursor = {"cursor": result["nextCursor"]}
        except (TimeoutError, OSError, ValueError) as error:
            noise.append(
                f"{type(error).__name__}: {error}" if str(error) else f"no answer within {ANSWER_SECONDS} seconds"
            )
        errors.seek(0)
        said = errors.read()
    return Answer(tuple(sorted(set(names))), "\n".join([said, *noise]))


@asynccontextmanager
async def _started(command: list[str], errors: Any) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start the command and make sure that it is gone afterwards; its own process namespace goes with it."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=errors, limit=LINE_BYTES)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _send(process: asyncio.subprocess.Process, message: dict[str, Any]) -> None:
    """Write one JSON-RPC message."""
    assert process.stdin  # it was started with a pipe
    process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
    await process.stdin.drain()


async def _call(
    process: asyncio.subprocess.Process, noise: list[str], number: int, method: str, params: dict[str, Any]
) -> dict[str, Any]:
    """Send a request and return its result; lines that are no protocol are kept as noise."""
    assert process.stdout  # it was started with a pipe
    await _send(process, {"id": number, "method": method, "params": params})
    while line := await process.stdout.readline():
        try:
            message = json.loads(line)
        except ValueError:
            noise.append(line.decode(errors="replace").strip())
            continue
        if isinstance(message, dict) and message.get("id") == number and "method" not in message:
            if "result" in message:
                return dict(message["result"])
            raise ValueError(f"{method} was refused: {message.get('error', {}).get('message')}")
    raise ValueError(f"the server ended before it answered {method}")
