"""A scan says what configured servers can do, and never takes one that it could not read for a harmless one."""

import asyncio
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy

from gateway.client import Machine
from interfaces.flows.scan import Order, Scan, ScannedServer, reaches, scan
from toolcensus import database, listings, store
from toolcensus.records import Listing, Server, Tool

AT = "2026-11-24T14:41:47Z"
SOURCE = '''
import subprocess
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("demo")

@mcp.tool()
def run_command(command: str) -> str:
    """Run any shell command on this machine and return its output."""
    return subprocess.check_output(command, shell=True, text=True)

@mcp.tool()
def list_notes() -> list[str]:
    """List the titles of all notes."""
    return []

if __name__ == "__main__":
    mcp.run()
'''


def configure(folder: Path, **servers: Any) -> Path:
    path = folder / ".mcp.json"
    path.write_text(json.dumps({"mcpServers": servers}))
    return path


def run(folder: Path, index: sqlalchemy.Connection | None = None, *, fetch: bool = False) -> Scan:
    machine = Machine("linux", folder / "home", folder / "home/.config")
    return asyncio.run(scan(Order(machine, folder, fetch=fetch), index, AT))


def only(found: Scan) -> ScannedServer:
    (server,) = found.servers
    return server


def test_a_local_server_is_read_from_its_source(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SOURCE)
    configure(tmp_path, demo={"command": "python", "args": ["server.py"]})
    server = only(run(tmp_path))
    assert (server.client, server.name, server.origin) == ("Claude Code", "demo", "path")
    assert [(tool.name, tool.category, tool.risk) for tool in server.tools] == [
        ("run_command", "Execute", "critical"),
        ("list_notes", "Read", "low"),
    ]
    assert server.risk == "critical"
    assert server.tools[0].rationale


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({}, "neither a command nor a URL"),
        ({"command": ""}, "neither a command nor a URL"),
        ({"url": "https://mcp.example.org/mcp"}, "remote, not asked, and not in the index"),
        ({"command": "npx", "args": ["mcp-remote", "https://mcp.example.org/mcp"]}, "remote, not asked"),
        ({"command": "npx", "args": ["-y", "some-package"]}, "not in the index, and packages are not fetched"),
        ({"command": "docker", "args": ["run", "owner/image"]}, "a container image, which is not read"),
        ({"command": "my-server"}, "`my-server` is a program of its own"),
        ({"command": "python", "args": ["missing.py"]}, "missing.py does not exist here"),
        ({"command": "node", "args": ["${input:where}/index.js"]}, "depends on where its client is started"),
        ({"command": "python", "args": ["empty.py"]}, "no tool was found in 1 source files"),
    ],
)
def test_a_server_that_cannot_be_read_is_unknown_with_the_reason(
    tmp_path: Path, entry: dict[str, Any], reason: str
) -> None:
    (tmp_path / "empty.py").write_text("print('hello')\n")
    configure(tmp_path, one=entry)
    found = run(tmp_path)
    server = only(found)
    assert (server.risk, server.tools) == ("unknown", ())
    assert reason in server.reason
    assert reaches(found, "critical")


@pytest.fixture
def index(tmp_path: Path) -> Any:
    """Make an index that knows one server by its package and its remote address, as of version 1.0.0."""
    engine = database.open_index(str(tmp_path / "index.db"))
    tool = Tool(name="delete_database", description="Delete a whole database with everything in it.")
    key, remote = "pkg:npm/%40example/known", "https://mcp.example.org/mcp"
    server = Server(key=key, slug="known", name="Known", packages=(f"{key}@1.0.0",), remotes=(remote,))
    listing = Listing(server=key, way="static", at=AT, outcome="listed", subject=f"{key}@1.0.0", tools=(tool,))
    with engine.begin() as connection:
        store.save_server(connection, server, evidence={})
        listings.save_listing(connection, listing)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize(
    "entry",
    [
        {"command": "npx", "args": ["-y", "@example/known"]},
        {"command": "npx", "args": ["-y", "@example/known@1.0.0"]},
        {"url": "https://mcp.example.org/mcp"},
        {"url": "https://mcp.example.org/mcp/"},
    ],
)
def test_a_server_of_the_index_is_taken_from_there(tmp_path: Path, index: Any, entry: dict[str, Any]) -> None:
    configure(tmp_path, one=entry)
    server = only(run(tmp_path, index))
    assert (server.origin, server.reads, server.reason) == ("index", "pkg:npm/%40example/known", "")
    assert [tool.name for tool in server.tools] == ["delete_database"]


def test_another_version_than_the_indexs_says_so(tmp_path: Path, index: Any) -> None:
    configure(tmp_path, one={"command": "npx", "args": ["@example/known@2.0.0"]})
    server = only(run(tmp_path, index))
    assert server.tools
    assert server.reason == "the index has version 1.0.0; 2.0.0 is configured"


def wheel() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("demo/server.py", SOURCE)
        archive.writestr("demo-1.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.2\n")
        archive.writestr("demo-1.2.dist-info/entry_points.txt", "[console_scripts]\ndemo = demo.server:mcp.run\n")
    return made.getvalue()


def test_a_package_that_the_index_lacks_is_read_once_from_its_registry(
    tmp_path: Path, loopback: Any, reply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = wheel()
    file = {"filename": "demo-1.2-py3-none-any.whl", "url": loopback.serve("/demo.whl", body)}
    file["hashes"] = {"sha256": hashlib.sha256(body).hexdigest()}  # type: ignore[assignment]  # JSON
    document = json.dumps({"meta": {"api-version": "1.1"}, "name": "demo", "files": [file], "versions": ["1.2"]})
    kind = {"Content-Type": "application/vnd.pypi.simple.v1+json"}
    loopback.serve("/simple/demo/", reply(document.encode(), headers=kind))
    monkeypatch.setenv("TOOLCENSUS_PYPI_INDEX", f"{loopback.url}/simple")
    entry = {"command": "uvx", "args": ["demo==1.2", "--token", "hunter2"], "env": {"DEMO_KEY": "hunter2"}}
    configure(tmp_path, one=entry, two=entry)
    found = run(tmp_path, fetch=True)
    assert [(one.name, one.origin, one.reads, len(one.tools)) for one in found.servers] == [
        ("one", "package", "pkg:pypi/demo@1.2", 2),
        ("two", "package", "pkg:pypi/demo@1.2", 2),
    ]
    assert loopback.paths() == ["/simple/demo/", "/demo.whl"]
    assert "hunter2" not in str(loopback.asked)
    assert found.servers[0].env_names == ("DEMO_KEY",)
    assert b"hunter2" not in msgspec.json.encode(found)


def test_a_package_that_is_not_there_is_unknown(tmp_path: Path, loopback: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLCENSUS_PYPI_INDEX", f"{loopback.url}/simple")
    configure(tmp_path, one={"command": "uvx", "args": ["demo"]})
    server = only(run(tmp_path, fetch=True))
    assert server.risk == "unknown"
    assert server.reason.startswith("no-source: ")


def test_worst_comes_first_and_unknown_stands_above_what_is_moderate(tmp_path: Path, index: Any) -> None:
    (tmp_path / "notes.py").write_text(SOURCE.replace("run_command", "count_notes").replace("Run any shell", "Count"))
    configure(
        tmp_path,
        a={"command": "my-server"},
        b={"command": "npx", "args": ["@example/known"]},
        c={"url": "https://elsewhere.example.org/mcp"},
    )
    assert [(one.name, one.risk) for one in run(tmp_path, index).servers] == [
        ("b", "critical"),
        ("a", "unknown"),
        ("c", "unknown"),
    ]


def test_a_configuration_that_cannot_be_read_counts_as_unknown(tmp_path: Path) -> None:
    (tmp_path / ".mcp.json").write_text('{"mcpServers": ')
    found = run(tmp_path)
    assert found.servers == ()
    assert "it is no JSON" in found.files[0].problem
    assert reaches(found, "critical")


def test_nothing_configured_reaches_no_risk(tmp_path: Path) -> None:
    found = run(tmp_path)
    assert (found.files, found.servers) == ((), ())
    assert not reaches(found, "low")
