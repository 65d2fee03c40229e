"""Made-up packages for the sandbox: each a folder with one server, started as it stands, without any installation.

`server_kit` is the honest half of such a server; a test writes the other half.
"""

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.sandbox import runtimes
from crawler.sandbox.attempts import list_launch
from crawler.sandbox.conversation import Heard
from crawler.sandbox.jail import PACKAGE, bubblewrap
from crawler.sandbox.launch import Launch
from crawler.sandbox.limits import MEBIBYTE, Limits
from toolcensus.errors import ToolcensusError

SERVER_KIT = '''
import json, os, sys

TOOL = {"name": "peek", "description": "Peek.", "inputSchema": {"type": "object"}}

def say(message):
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\\n")
    sys.stdout.flush()

def attempt(do):
    """Return what came of it, in words."""
    try:
        return f"did: {do()}"
    except Exception as error:
        return f"failed: {type(error).__name__}"

def serve(list_tools=lambda params: {"tools": [TOOL]}, more={}):
    """Answer as a server of the older protocol era does."""
    for line in sys.stdin:
        message = json.loads(line)
        params = message.get("params") or {}
        if message["method"] == "initialize":
            hello = {"protocolVersion": params["protocolVersion"], "capabilities": {"tools": {}}}
            say({"id": message["id"], "result": {**hello, "serverInfo": {"name": "made-up", "version": "1"}, **more}})
        elif message["method"] == "tools/list":
            say({"id": message["id"], "result": list_tools(params)})
        elif "id" in message:
            say({"id": message["id"], "error": {"code": -32601, "message": "Method not found"}})

def tell(**found):
    """Serve one tool whose description is what was found out."""
    serve(lambda params: {"tools": [{**TOOL, "description": json.dumps(found)}]})
'''
LIMITS = Limits(
    memory_bytes=192 * MEBIBYTE,
    processes=24,
    scratch_bytes=4 * MEBIBYTE,
    file_bytes=4 * MEBIBYTE,
    cpu_seconds=10,
    seconds=8,
    line_bytes=2 * MEBIBYTE,
    output_bytes=8 * MEBIBYTE,
    poll_seconds=0.02,
    package_seconds=20,
)


@pytest.fixture(autouse=True, scope="session")
def _needs_bubblewrap() -> None:
    """Skip where there is no sandbox; where all is tested before it is published, that is a failure."""
    try:
        bubblewrap()
    except ToolcensusError as error:
        if os.environ.get("CI"):
            pytest.fail(f"{error.message}; {error.advice}")
        pytest.skip(error.message)


@pytest.fixture
def package(tmp_path: Path) -> Callable[..., Launch]:
    """Write a server from its hostile half, and give what it is started with."""

    def write(code: str) -> Launch:
        folder = tmp_path / "package"
        folder.mkdir(exist_ok=True)
        (folder / "server_kit.py").write_text(SERVER_KIT)
        (folder / "server.py").write_text(f"from server_kit import *\n{code}")
        python = runtimes.pythons()[0]
        words = (*python.words, "-B", f"{PACKAGE}/server.py")
        return Launch(words, folder, python.shown, (folder / "server.py",))

    return write


@pytest.fixture
def listed(package: Callable[[str], Launch]) -> Callable[..., Heard]:
    """Start a server in the sandbox and give what was heard."""

    def start(code: str, **limits: Any) -> Heard:
        return asyncio.run(list_launch(package(code), replace(LIMITS, **limits)))

    return start


@pytest.fixture
def survivors() -> Callable[[str], list[str]]:
    """Give the command lines of this machine's processes that hold a marker; those that are just dying get a moment."""

    def find(marker: str) -> list[str]:
        deadline = time.monotonic() + 1.0
        while (found := _commands(marker)) and time.monotonic() < deadline:
            time.sleep(0.02)
        return found

    return find


def _commands(marker: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if marker in command:
            found.append(command)
    return found
