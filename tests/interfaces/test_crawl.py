"""A crawl from end to end: the command, a registry on this machine, an index in a folder."""

import base64
import contextlib
import hashlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from interfaces.main import main
from toolcensus import database
from toolcensus.errors import IndexUnusableError

CODE = """
from mcp.server.fastmcp import FastMCP
mcp = FastMCP("x")

@mcp.tool()
def {tool}(path: str) -> str:
    "Does {tool}."

def main():
    mcp.run()
"""
SCRIPT = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
const server = new McpServer({ name: "x", version: "1" });
server.tool("TOOL", "Does TOOL.", async () => ({ content: [] }));
await server.connect(transport);
"""


def publish_pypi(loopback: Any, name: str, version: str, tool: str) -> str:
    """Serve one wheel with one tool; return its purl."""
    module = name.replace("-", "_")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{module}/server.py", CODE.format(tool=tool))
        archive.writestr(f"{module}-{version}.dist-info/METADATA", f"Name: {name}\n")
        archive.writestr(
            f"{module}-{version}.dist-info/entry_points.txt", f"[console_scripts]\nx={module}.server:main\n"
        )
    body = buffer.getvalue()
    filename = f"{module}-{version}-py3-none-any.whl"
    promise = {"sha256": hashlib.sha256(body).hexdigest()}
    file = {"filename": filename, "url": f"/files/{filename}", "hashes": promise}
    loopback.serve(f"/simple/{name}/", json.dumps({"name": name, "files": [file]}).encode())
    loopback.serve(f"/files/{filename}", body)
    return f"pkg:pypi/{name}@{version}"


def publish_npm(loopback: Any, name: str, version: str, tool: str) -> str:
    """Serve one tarball with one tool; return its purl."""
    buffer = io.BytesIO()
    manifest = json.dumps({"name": name, "version": version, "type": "module", "bin": "index.js"})
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path, text in (("package/package.json", manifest), ("package/index.js", SCRIPT.replace("TOOL", tool))):
            entry = tarfile.TarInfo(path)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    body = buffer.getvalue()
    integrity = f"sha512-{base64.b64encode(hashlib.sha512(body).digest()).decode()}"
    tarball = f"/{name}/-/{version}.tgz"
    dist = {"tarball": loopback.url + tarball, "integrity": integrity}
    document = {"name": name, "dist-tags": {"latest": version}, "versions": {version: {"dist": dist}}}
    loopback.serve(f"/{name.replace('/', '%2F')}", json.dumps(document).encode())
    loopback.serve(tarball, body)
    return f"pkg:npm/{name.replace('@', '%40')}@{version}"


Toolcensus = Callable[..., tuple[int, str, str]]


@pytest.fixture
def environment(loopback: Any, tmp_path: Path) -> dict[str, str]:
    """Give variables by which the registries are this machine, and the index a fresh one."""
    return {
        "TOOLCENSUS_DB": str(tmp_path / "index.db"),
        "TOOLCENSUS_NPM_REGISTRY": loopback.url,
        "TOOLCENSUS_PYPI_INDEX": f"{loopback.url}/simple",
    }


@pytest.fixture
def toolcensus(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Toolcensus:
    """Give the command line as a function: exit code, answer, talk (on one line)."""
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)

    def run(*arguments: str) -> tuple[int, str, str]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["toolcensus", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int | None)
        return code or 0, printed.out, " ".join(printed.err.split())

    return run


def crawl(toolcensus: Toolcensus, *arguments: str) -> Any:
    """Crawl and return the report; the exit code must be 0."""
    code, answer, talk = toolcensus("crawl", "--pace", "none", "--json", *arguments)
    assert (code, talk) == (0, "")
    return json.loads(answer)


def start(environment: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start the command as a process of its own, which can be stopped."""
    program = [sys.executable, "-c", "from interfaces.main import main; main()", *arguments]
    return subprocess.Popen(program, env=os.environ | environment, stderr=subprocess.PIPE, text=True)


def servers(*purls: str) -> list[str]:
    return [word for purl in purls for word in ("--server", purl)]


def test_first_crawl_lists_and_second_fetches_nothing(loopback: Any, toolcensus: Toolcensus) -> None:
    asked = servers(
        publish_npm(loopback, "@a/files", "1.0.0", "read_file"), publish_pypi(loopback, "mcp-git", "2.0", "git_log")
    )
    first = crawl(toolcensus, *asked)
    assert (first["wanted"], first["listed"], first["tools"], first["requests"]) == (2, 2, 2, 4)
    assert first["misses"] == []
    loopback.asked.clear()
    second = crawl(toolcensus, *asked)
    assert (second["unchanged"], second["requests"], second["bytes"]) == (2, 0, 0)
    assert loopback.asked == []
    _, answer, _ = toolcensus("crawl", *asked)
    assert "2 servers unchanged since they were last read" in answer
    assert "0 requests, 0.0 MB fetched" in answer


def test_server_that_fails_leaves_a_reason_and_the_others_are_listed(loopback: Any, toolcensus: Toolcensus) -> None:
    good = publish_pypi(loopback, "mcp-git", "2.0", "git_log")
    code, answer, _ = toolcensus("crawl", *servers(good, "pkg:npm/missing@1.0.0"))
    assert code == 0
    assert f"pkg:npm/missing  static  no-source  not in the registry: {loopback.url}/missing answers 404" in answer
    assert "1 servers listed, 1 tools; 1 without tools; 3 requests" in answer


def test_open_version_is_asked_again_and_a_new_release_is_read(loopback: Any, toolcensus: Toolcensus) -> None:
    publish_npm(loopback, "files", "1.0.0", "read_file")
    assert crawl(toolcensus, "--server", "pkg:npm/files")["tools"] == 1
    again = crawl(toolcensus, "--server", "pkg:npm/files")
    assert (again["unchanged"], again["requests"]) == (1, 1)
    publish_npm(loopback, "files", "1.1.0", "write_file")
    assert crawl(toolcensus, "--server", "pkg:npm/files")["listed"] == 1


def test_server_already_in_the_index_is_named_by_its_slug(loopback: Any, toolcensus: Toolcensus) -> None:
    crawl(toolcensus, "--server", publish_npm(loopback, "@a/files", "1.0.0", "read_file"))
    assert crawl(toolcensus, "--server", "a-files")["unchanged"] == 1


def test_age_decides_what_is_trusted(loopback: Any, toolcensus: Toolcensus) -> None:
    asked = servers(publish_npm(loopback, "files", "1.0.0", "read_file"))
    crawl(toolcensus, *asked)
    assert crawl(toolcensus, "--max-age", "7d", *asked)["unchanged"] == 1
    time.sleep(1.1)
    assert crawl(toolcensus, "--max-age", "1s", *asked)["listed"] == 1


@pytest.fixture
def stalled(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """Give an environment whose npm registry takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield environment | {"TOOLCENSUS_NPM_REGISTRY": f"http://127.0.0.1:{silent.getsockname()[1]}"}


def test_killed_crawl_goes_on_where_it_was(loopback: Any, stalled: dict[str, str], toolcensus: Toolcensus) -> None:
    done = [publish_pypi(loopback, f"mcp-{number}", "1.0", f"tool_{number}") for number in range(3)]
    held = publish_npm(loopback, "files", "1.0.0", "read_file")
    with start(stalled, "crawl", "-q", *servers(*done, held)) as crawling:
        wait_for_tools(stalled, 3)
        crawling.send_signal(signal.SIGKILL)
    loopback.asked.clear()
    report = crawl(toolcensus, *servers(*done, held))
    assert (report["unchanged"], report["listed"]) == (3, 1)
    assert loopback.paths() == ["/files", "/files/-/1.0.0.tgz"]


def test_interrupted_crawl_says_that_nothing_is_lost(loopback: Any, stalled: dict[str, str]) -> None:
    good = publish_pypi(loopback, "mcp-git", "2.0", "git_log")
    with start(stalled, "crawl", "-q", *servers(good, "pkg:npm/slow@1")) as crawling:
        wait_for_tools(stalled, 1)
        crawling.send_signal(signal.SIGINT)
        _, talk = crawling.communicate(timeout=30)
    assert crawling.returncode == 130
    assert " ".join(talk.split()) == (
        "Stopped. Every server that was done is in the index; the next crawl goes on from there."
    )


def wait_for_tools(environment: Mapping[str, str], count: int) -> None:
    """Wait until the index holds so many tools."""
    for _ in range(300):
        time.sleep(0.1)
        with contextlib.suppress(IndexUnusableError), database.reading(environment["TOOLCENSUS_DB"]) as connection:
            if connection.scalar(sqlalchemy.text("SELECT count(*) FROM catalogue")) == count:
                return
    raise AssertionError("the crawl did not get so far")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--source", "nowhere"], "there is no 'nowhere' on this shelf"),
        (["--listings", "guess"], "there is no way 'guess' to list tools"),
        (["--max-age", "soon"], "'soon' is no age"),
        (["--server", "pkg:cargo/x"], "is of type cargo; npm and pypi are read"),
    ],
)
def test_misuse_gets_one_line_and_exit_2(toolcensus: Toolcensus, arguments: list[str], line: str) -> None:
    code, answer, talk = toolcensus("crawl", *arguments)
    assert (code, answer) == (2, "")
    assert line in talk


def test_without_options_it_is_the_starter_list_and_what_is_not_there_is_no_failure(toolcensus: Toolcensus) -> None:
    report = crawl(toolcensus, "--limit", "3")
    assert (report["wanted"], report["listed"], report["unreadable"]) == (3, 0, [])
    assert {miss["outcome"] for miss in report["misses"]} == {"no-source"}


def test_registry_that_cannot_be_reached_is_exit_2(environment: dict[str, str], toolcensus: Toolcensus) -> None:
    environment["TOOLCENSUS_NPM_REGISTRY"] = "http://127.0.0.1:9"
    code, answer, _ = toolcensus("crawl", "--server", "pkg:npm/files@1", "--pace", "none")
    assert code == 2
    assert "unreachable" in answer


def test_hurry_is_refused_to_somebody_elses_host(environment: dict[str, str], toolcensus: Toolcensus) -> None:
    environment["TOOLCENSUS_NPM_REGISTRY"] = "https://registry.example"
    code, _, talk = toolcensus("crawl", "--server", "pkg:npm/files", "--pace", "none")
    assert code == 2
    assert "--pace none is refused for registry.example" in talk
    assert "--allow-private registry.example" in talk


def test_extract_answers_a_package_without_any_index(
    loopback: Any, environment: dict[str, str], toolcensus: Toolcensus
) -> None:
    publish_npm(loopback, "@a/files", "1.0.0", "read_file")
    code, answer, _ = toolcensus("extract", "pkg:npm/%40a/files", "--json")
    found = json.loads(answer)
    assert [(tool["name"], tool["description"], tool["where"]) for tool in found["tools"]] == [
        ("read_file", "Does read_file.", "index.js:4")
    ]
    assert (code, found["unresolved"]) == (0, [])
    assert not Path(environment["TOOLCENSUS_DB"]).exists()


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        ("cut.tgz", "cut.tgz is truncated or corrupt"),
        ("missing", "cannot be read: No such file or directory"),
        ("pkg:pypi/missing", "answers 404"),
        ("pkg:cargo/x", "npm and pypi are read"),
    ],
)
def test_extract_says_what_is_wrong_with_bad_input(
    toolcensus: Toolcensus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, subject: str, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cut.tgz").write_bytes(b"\x1f\x8b\x08")
    code, answer, talk = toolcensus("extract", subject, "--json")
    assert (code, answer) == (2, "")
    assert line in talk


def test_extract_of_a_file_without_tools_says_so_and_is_answered(toolcensus: Toolcensus, tmp_path: Path) -> None:
    (tmp_path / "empty.py").write_text("x = 1\n")
    code, answer, talk = toolcensus("extract", str(tmp_path / "empty.py"), "--json")
    assert (code, json.loads(answer)) == (0, {"tools": [], "unresolved": []})
    assert talk == "No tool found in 1 source files."


def test_listings_alone_are_of_what_the_index_holds(loopback: Any, toolcensus: Toolcensus) -> None:
    package = publish_pypi(loopback, "mcp-git", "2.0", "git_log")
    crawl(toolcensus, *servers(package))
    again = crawl(toolcensus, "--listings", "static", "--max-age", "0")
    assert (again["wanted"], again["listed"], again["misses"]) == (1, 1, [])
    young = crawl(toolcensus, "--listings", "static,live", "--max-age", "1d", "--limit", "5")
    assert (young["wanted"], young["unchanged"], young["requests"]) == (1, 1, 0)
