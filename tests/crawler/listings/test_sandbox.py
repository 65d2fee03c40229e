"""The way `sandbox`, from a package's name to its tools, against a registry on this machine."""

import asyncio
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from crawler import confined
from crawler.fetch import Fetcher
from crawler.hosts import Registry
from crawler.listing import Answer, Known, Means
from crawler.listings import sandbox
from crawler.manners import Bounds, Manners
from crawler.rate import UNBOUNDED
from crawler.sandbox import runtimes
from crawler.sandbox.jail import bubblewrap
from toolcensus.errors import ToolcensusError
from toolcensus.records import Server

AT = "2026-11-24T00:00:00Z"
WHEEL = "/f/mcp_made_up-1.0-py3-none-any.whl"
GREETING = {"protocolVersion": "2025-06-18", "capabilities": {}, "serverInfo": {"name": "m", "version": "1"}}
LIST = {"tools": [{"name": "peek", "inputSchema": {"type": "object"}}]}
RESULTS = json.dumps({"initialize": GREETING, "tools/list": LIST})
SERVER = f"""
import json, sys
RESULTS = json.loads({RESULTS!r})
def main():
    for line in sys.stdin:
        message = json.loads(line)
        if "id" in message:
            result = RESULTS.get(message["method"])
            answer = {{"result": result}} if result else {{"error": {{"code": -32601, "message": "no"}}}}
            print(json.dumps({{"jsonrpc": "2.0", "id": message["id"], **answer}}), flush=True)
"""
SCRIPT = f"""#!/usr/bin/env node
const results = {RESULTS};
if (require('fs').existsSync('/package/ran')) results['tools/list'].tools[0].name = 'ran';
require('readline').createInterface({{input: process.stdin}}).on('line', (line) => {{
  const {{id, method}} = JSON.parse(line), result = results[method];
  const answer = result ? {{result}} : {{error: {{code: -32601, message: 'no'}}}};
  if (id !== undefined) console.log(JSON.stringify({{jsonrpc: '2.0', id, ...answer}}));
}});
"""


@pytest.fixture(autouse=True, scope="session")
def _needs_bubblewrap() -> None:
    """Skip where there is no sandbox; where all is tested before it is published, that is a failure."""
    try:
        bubblewrap()
    except ToolcensusError as error:
        if os.environ.get("CI"):
            pytest.fail(f"{error.message}; {error.advice}")
        pytest.skip(error.message)


def wheel(code: str = SERVER, requires: str = "", name: str = "mcp_made_up", version: str = "1.0") -> bytes:
    buffer = io.BytesIO()
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in (*files.items(), (f"{info}/RECORD", record)):
            archive.writestr(zipfile.ZipInfo(path), text)
    return buffer.getvalue()


def page(body: bytes, name: str = "mcp-made-up", file: str = WHEEL, time: str = "2025-01-01T00:00:00Z") -> bytes:
    digest = hashlib.sha256(body).hexdigest()
    entry = {"filename": file.rpartition("/")[2], "url": file, "hashes": {"sha256": digest}, "upload-time": time}
    return json.dumps({"meta": {"api-version": "1.1"}, "name": name, "files": [entry]}).encode()


def tarball() -> bytes:
    buffer = io.BytesIO()
    scripts = {"postinstall": "touch /package/ran"}
    manifest = {"name": "mcp-made-up", "version": "1.0.0", "bin": "server.js", "scripts": scripts}
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in (("package/package.json", json.dumps(manifest)), ("package/server.js", SCRIPT)):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def ask(loopback: Any, *packages: str, known: Known | None = None) -> Answer:
    async def run() -> Answer:
        bounds = Bounds(attempts=1, first_wait=0.01)
        async with Fetcher(Manners(usual=UNBOUNDED, allowed={"127.0.0.1"}, bounds=bounds)) as fetcher:
            registries = {name: Registry(name, loopback.url, "test") for name in ("npm", "pypi")}
            server = Server(key="key", slug="slug", name="name", packages=packages)
            return await sandbox.list_tools(server, AT, Means(fetcher, registries, confined.read), known)

    return asyncio.run(run())


@pytest.fixture
def pypi(loopback: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Give an index that serves one wheel; whatever is left of a listing would be in `tmp_path`."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    loopback.serve("/mcp-made-up/", page(wheel()))
    loopback.serve(WHEEL, wheel())
    return loopback


def test_a_wheel_becomes_a_listing_with_its_provenance_and_nothing_is_left(pypi: Any, tmp_path: Path) -> None:
    listing = ask(pypi, "pkg:pypi/mcp-made-up").listing
    assert listing is not None
    assert (listing.outcome, listing.reason, [tool.name for tool in listing.tools]) == ("listed", "", ["peek"])
    assert (listing.way, listing.at, listing.method) == ("sandbox", AT, sandbox.method())
    assert listing.subject == "pkg:pypi/mcp-made-up@1.0"
    assert listing.subject_digest == f"sha256:{hashlib.sha256(wheel()).hexdigest()}"
    assert (listing.protocol, listing.duration > 0) == ("2025-06-18", True)
    assert (listing.facts["server"], listing.facts["version"]) == ("m", "1")
    assert list(tmp_path.iterdir()) == []


def test_a_version_that_is_known_by_the_same_method_is_not_started_again(pypi: Any) -> None:
    known = Known("listed", "pkg:pypi/mcp-made-up@1.0", "sha256:ab", sandbox.method())
    assert ask(pypi, "pkg:pypi/mcp-made-up", known=known).listing is None
    assert pypi.paths() == ["/mcp-made-up/"]


def test_newer_dependencies_that_break_it_are_resolved_as_of_its_release(pypi: Any, reply: Any) -> None:
    code = "from made_up_lib import old\n" + SERVER
    body = wheel(code, "Requires-Dist: made-up-lib\n")
    pypi.serve("/mcp-made-up/", page(body))
    pypi.serve(WHEEL, body)
    files = []
    for version, day, text in (("1.0", "2024-12-01", "old = 1"), ("2.0", "2025-06-01", "new = 1")):
        path = f"/f/made_up_lib-{version}-py3-none-any.whl"
        library = wheel(text, name="made_up_lib", version=version)
        pypi.serve(path, library)
        files += json.loads(page(library, file=path, time=f"{day}T00:00:00Z"))["files"]
    document = {"meta": {"api-version": "1.1"}, "name": "made-up-lib", "files": files}
    headers = {"Content-Type": "application/vnd.pypi.simple.v1+json"}
    pypi.serve("/made-up-lib/", reply(json.dumps(document).encode(), headers=headers))
    listing = ask(pypi, "pkg:pypi/mcp-made-up").listing
    assert listing is not None
    assert listing.outcome == "listed", listing
    assert listing.facts["resolved_as_of"] == "2025-01-03"
    assert [path for path in pypi.paths() if "made_up_lib" in path] == [
        "/f/made_up_lib-2.0-py3-none-any.whl",
        "/f/made_up_lib-1.0-py3-none-any.whl",
    ]


def test_a_package_that_only_a_build_could_install_is_no_source(loopback: Any) -> None:
    path = "/f/mcp_made_up-1.0.tar.gz"
    loopback.serve("/mcp-made-up/", page(b"", file=path))
    listing = ask(loopback, "pkg:pypi/mcp-made-up").listing
    assert listing is not None
    assert (listing.outcome, listing.reason) == (
        "no-source",
        "it is published without a wheel, and building one would run its scripts",
    )


def test_a_package_that_is_not_in_the_registry_is_no_source(loopback: Any) -> None:
    answer = ask(loopback, "pkg:pypi/gone")
    assert answer.listing is not None
    assert (answer.listing.outcome, len(answer.failures)) == ("no-source", 1)
    assert answer.listing.reason.startswith("not in the registry")


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not on this machine")
def test_an_npm_package_is_installed_without_its_scripts(loopback: Any) -> None:
    body = tarball()
    dist = {"tarball": f"{loopback.url}/f/x.tgz", "shasum": hashlib.sha1(body).hexdigest()}  # noqa: S324  # npm's own
    document = {"name": "mcp-made-up", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {"dist": dist}}}
    loopback.serve("/mcp-made-up", json.dumps(document).encode())
    loopback.serve("/f/x.tgz", body)
    listing = ask(loopback, "pkg:npm/mcp-made-up").listing
    assert listing is not None
    assert (listing.outcome, [tool.name for tool in listing.tools]) == ("listed", ["peek"]), listing
    assert listing.facts["runtime"].startswith("node v")


def test_without_node_an_npm_package_is_no_source(loopback: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtimes, "npm", lambda: None)
    dist = {"tarball": f"{loopback.url}/f/x.tgz", "shasum": hashlib.sha1(b"x").hexdigest()}  # noqa: S324  # npm's own
    document = {"name": "mcp-made-up", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {"dist": dist}}}
    loopback.serve("/mcp-made-up", json.dumps(document).encode())
    loopback.serve("/f/x.tgz", b"x")
    listing = ask(loopback, "pkg:npm/mcp-made-up").listing
    assert listing is not None
    assert (listing.outcome, listing.reason) == (
        "no-source",
        "Node and npm are needed to start npm packages, and they are not on this machine",
    )


def test_without_bubblewrap_nothing_is_fetched(loopback: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolcensusError, match="needs bubblewrap"):
        ask(loopback, "pkg:pypi/mcp-made-up")
    assert loopback.asked == []
