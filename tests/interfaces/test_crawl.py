"""A crawl from end to end: the command, a registry on this machine, an index in a folder."""

import base64
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

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


@pytest.fixture
def environment(loopback: Any, tmp_path: Path) -> dict[str, str]:
    """Give an environment whose registries are this machine and whose index is a fresh one."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(("NPM_", "PIP_", "UV_"))}
    return kept | {
        "TOOLCENSUS_DB": str(tmp_path / "index.db"),
        "TOOLCENSUS_NPM_REGISTRY": loopback.url,
        "TOOLCENSUS_PYPI_INDEX": f"{loopback.url}/simple",
    }


def run(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-W", "error", "-c", "from interfaces.main import main; main()", *arguments]
    return subprocess.run(program, env=environment, capture_output=True, text=True, timeout=60, check=False)


def crawl(environment: Mapping[str, str], *arguments: str) -> Any:
    """Crawl and return the report; the exit code must be 0."""
    done = run(environment, "crawl", "--pace", "none", "--json", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def servers(*purls: str) -> list[str]:
    return [word for purl in purls for word in ("--server", purl)]


def test_first_crawl_lists_and_second_fetches_nothing(loopback: Any, environment: dict[str, str]) -> None:
    asked = servers(
        publish_npm(loopback, "@a/files", "1.0.0", "read_file"), publish_pypi(loopback, "mcp-git", "2.0", "git_log")
    )
    first = crawl(environment, *asked)
    assert (first["wanted"], first["listed"], first["tools"], first["requests"]) == (2, 2, 2, 4)
    assert first["misses"] == []
    loopback.asked.clear()
    second = crawl(environment, *asked)
    assert (second["unchanged"], second["requests"], second["bytes"]) == (2, 0, 0)
    assert loopback.asked == []
    assert "2 servers unchanged since they were last read" in run(environment, "crawl", *asked).stdout


def test_server_that_fails_leaves_a_reason_and_the_others_are_listed(
    loopback: Any, environment: dict[str, str]
) -> None:
    good = publish_pypi(loopback, "mcp-git", "2.0", "git_log")
    done = run(environment, "crawl", *servers(good, "pkg:npm/missing@1.0.0"))
    assert done.returncode == 0
    assert "pkg:npm/missing" in done.stdout
    assert "no-source" in done.stdout
    assert "1 servers listed, 1 tools; 1 without tools" in done.stdout


def test_open_version_is_asked_again_and_a_new_release_is_read(loopback: Any, environment: dict[str, str]) -> None:
    publish_npm(loopback, "files", "1.0.0", "read_file")
    assert crawl(environment, "--server", "pkg:npm/files")["tools"] == 1
    again = crawl(environment, "--server", "pkg:npm/files")
    assert (again["unchanged"], again["requests"]) == (1, 1)
    publish_npm(loopback, "files", "1.1.0", "write_file")
    assert crawl(environment, "--server", "pkg:npm/files")["listed"] == 1


def test_age_decides_what_is_trusted(loopback: Any, environment: dict[str, str]) -> None:
    asked = servers(publish_npm(loopback, "files", "1.0.0", "read_file"))
    crawl(environment, *asked)
    assert crawl(environment, "--max-age", "7d", *asked)["unchanged"] == 1
    time.sleep(1.1)
    assert crawl(environment, "--max-age", "0s", *asked)["listed"] == 1


def test_killed_crawl_goes_on_where_it_was(loopback: Any, environment: dict[str, str], reply: Any) -> None:
    asked = [publish_pypi(loopback, f"mcp-{n:02}", "1.0", f"tool_{n}") for n in range(6)]
    # The last servers never answer while the first crawl runs.
    held = {path: loopback.replies[path] for path in ("/simple/mcp-04/", "/simple/mcp-05/")}
    for path in held:
        loopback.serve(path, reply(b"", 503, {"Retry-After": "30"}))
    program = [sys.executable, "-c", "from interfaces.main import main; main()", "crawl", "-q", *servers(*asked)]
    with subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL) as crawling:
        wait_for_listings(environment, 4)
        os.kill(crawling.pid, signal.SIGKILL)
    loopback.replies |= held
    loopback.asked.clear()
    report = crawl(environment, *servers(*asked))
    assert (report["unchanged"], report["listed"]) == (4, 2)
    assert sorted(loopback.paths()) == [
        "/files/mcp_04-1.0-py3-none-any.whl",
        "/files/mcp_05-1.0-py3-none-any.whl",
        "/simple/mcp-04/",
        "/simple/mcp-05/",
    ]


def test_interrupted_crawl_says_that_nothing_is_lost(loopback: Any, environment: dict[str, str], reply: Any) -> None:
    good = publish_pypi(loopback, "mcp-git", "2.0", "git_log")
    loopback.serve("/slow", reply(b"", 503, {"Retry-After": "30"}))
    program = [sys.executable, "-c", "from interfaces.main import main; main()", "crawl", "-q"]
    command = [*program, *servers(good, "pkg:npm/slow@1")]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as crawling:
        wait_for_listings(environment, 1)
        crawling.send_signal(signal.SIGINT)
        _, talk = crawling.communicate(timeout=30)
    assert crawling.returncode == 130
    assert "Every server that was done is in the index" in " ".join(talk.split())
    assert "Traceback" not in talk


def wait_for_listings(environment: Mapping[str, str], count: int) -> None:
    """Wait until the index holds so many tools."""
    import sqlite3

    for _ in range(300):
        time.sleep(0.1)
        if not Path(environment["TOOLCENSUS_DB"]).exists():
            continue
        connection = sqlite3.connect(f"file:{environment['TOOLCENSUS_DB']}?mode=ro", uri=True)
        try:
            if connection.execute("SELECT count(*) FROM catalogue").fetchone()[0] >= count:
                return
        except sqlite3.OperationalError:
            continue
        finally:
            connection.close()
    raise AssertionError("the crawl did not get so far")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--source", "nowhere"], "there is no 'nowhere' on this shelf"),
        (["--listings", "guess"], "there is no 'guess' on this shelf"),
        (["--max-age", "soon"], "'soon' is no age"),
        (["--server", "pkg:cargo/x"], "is of type cargo; npm and pypi are read"),
    ],
)
def test_misuse_gets_one_line_and_exit_2(environment: dict[str, str], arguments: list[str], line: str) -> None:
    done = run(environment, "crawl", *arguments)
    assert done.returncode == 2
    assert line in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_registry_that_cannot_be_reached_is_exit_2(environment: dict[str, str]) -> None:
    unreachable = environment | {"TOOLCENSUS_NPM_REGISTRY": "http://127.0.0.1:9"}
    done = run(unreachable, "crawl", "--server", "pkg:npm/files@1", "--pace", "none")
    assert done.returncode == 2
    assert "unreachable" in done.stdout


def test_hurry_is_refused_to_somebody_elses_host(environment: dict[str, str]) -> None:
    public = environment | {"TOOLCENSUS_NPM_REGISTRY": "https://registry.example"}
    done = run(public, "crawl", "--server", "pkg:npm/files", "--pace", "none")
    assert done.returncode == 2
    assert "--pace none is refused for registry.example" in " ".join(done.stderr.split())
    assert "--allow-private registry.example" in " ".join(done.stderr.split())


def test_extract_answers_a_package_without_any_index(loopback: Any, environment: dict[str, str]) -> None:
    publish_npm(loopback, "@a/files", "1.0.0", "read_file")
    done = run(environment, "extract", "pkg:npm/%40a/files", "--json")
    answer = json.loads(done.stdout)
    assert [(tool["name"], tool["description"]) for tool in answer["tools"]] == [("read_file", "Does read_file.")]
    assert answer["tools"][0]["where"] == "index.js:4"
    assert answer["unresolved"] == []
    assert not Path(environment["TOOLCENSUS_DB"]).exists()


def test_extract_says_what_is_wrong_with_bad_input(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "cut.tgz").write_bytes(b"\x1f\x8b\x08")
    for subject, line in (
        (str(tmp_path / "cut.tgz"), "cut.tgz is truncated or corrupt"),
        (str(tmp_path / "missing"), "cannot be read: No such file or directory"),
        ("pkg:pypi/missing", "answers 404"),
        ("pkg:cargo/x", "npm and pypi are read"),
    ):
        done = run(environment, "extract", subject, "--json")
        assert (done.returncode, done.stdout) == (2, "")
        assert line in " ".join(done.stderr.split())


def test_extract_of_a_file_without_tools_says_so_and_is_answered(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "empty.py").write_text("x = 1\n")
    done = run(environment, "extract", str(tmp_path / "empty.py"), "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"tools": [], "unresolved": []})
    assert done.stderr == "No tool found in 1 source files.\n"
