"""The way `static`, from a package's name to its tools, against a registry on this machine."""

import asyncio
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler import confined
from crawler.fetch import Fetcher
from crawler.hosts import Registry
from crawler.listing import Answer, Known, Means
from crawler.listings import static
from crawler.manners import Bounds, Manners, Page, Validators
from crawler.rate import UNBOUNDED
from toolcensus.errors import ToolcensusError
from toolcensus.records import Server

AT = "2026-11-24T00:00:00Z"
CODE = """
from mcp.server.fastmcp import FastMCP
mcp = FastMCP("files")

@mcp.tool()
def read_file(path: str) -> str:
    "Read one file."
"""
FILE = "/f/mcp_files-1.0-py3-none-any.whl"


def wheel(code: str = CODE, name: str = "mcp-files", requires: str = "mcp") -> bytes:
    module = name.replace("-", "_")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in (
            (f"{module}/server.py", code),
            (f"{module}-1.0.dist-info/METADATA", f"Name: {name}\nRequires-Dist: {requires}\n"),
            (f"{module}-1.0.dist-info/entry_points.txt", f"[console_scripts]\n{name} = {module}.server:mcp\n"),
        ):
            # Without a fixed date the same files would have another digest two seconds later.
            archive.writestr(zipfile.ZipInfo(path), text)
    return buffer.getvalue()


def page(body: bytes, name: str = "mcp-files", **more: Any) -> bytes:
    digest = hashlib.sha256(body).hexdigest()
    filename = f"{name.replace('-', '_')}-1.0-py3-none-any.whl"
    file = {"filename": filename, "url": f"/f/{filename}", "hashes": {"sha256": digest}} | more
    return json.dumps({"name": name, "files": [file]}).encode()


def ask(
    loopback: Any,
    *packages: str,
    known: Known | None = None,
    remembered: Callable[[str], Page | None] = lambda _: None,
    read: Any = confined.read,
) -> Answer:
    async def run() -> Answer:
        bounds = Bounds(attempts=2, first_wait=0.01, file_bytes=100_000)
        async with Fetcher(Manners(usual=UNBOUNDED, allowed={"127.0.0.1"}, bounds=bounds)) as fetcher:
            registries = {name: Registry(name, loopback.url, "test") for name in ("npm", "pypi")}
            server = Server(key="key", slug="slug", name="name", packages=packages)
            return await static.list_tools(server, AT, Means(fetcher, registries, read, remembered), known)

    return asyncio.run(run())


@pytest.fixture
def registry(loopback: Any) -> Any:
    """Give a registry that serves one package of one release."""
    loopback.serve("/mcp-files/", page(wheel()))
    loopback.serve(FILE, wheel())
    return loopback


def test_package_becomes_a_listing_with_its_provenance(registry: Any) -> None:
    listing = ask(registry, "pkg:pypi/mcp-files@1.0").listing
    assert listing is not None
    assert (listing.outcome, listing.way, listing.at, listing.reason) == ("listed", "static", AT, "")
    assert [(tool.name, tool.description) for tool in listing.tools] == [("read_file", "Read one file.")]
    assert listing.subject == "pkg:pypi/mcp-files@1.0"
    assert listing.subject_digest == f"sha256:{hashlib.sha256(wheel()).hexdigest()}"
    assert listing.method == static.method()
    assert listing.duration > 0


def test_pinned_package_that_was_read_by_the_same_code_costs_no_request(registry: Any) -> None:
    known = Known("listed", "pkg:pypi/mcp-files@1.0", "sha256:ab", static.method())
    assert ask(registry, "pkg:pypi/mcp-files@1.0", known=known) == Answer(None)
    assert registry.asked == []


@pytest.mark.parametrize(
    "known",
    [
        Known("listed", "pkg:pypi/mcp-files@0.9", "sha256:ab", static.method()),
        Known("listed", "pkg:pypi/mcp-files@1.0", "sha256:ab", "python 0"),
        Known("timed-out", "pkg:pypi/mcp-files@1.0", "sha256:ab", static.method()),
        Known("unreachable", "pkg:pypi/mcp-files@1.0", "", static.method()),
    ],
)
def test_another_version_other_code_or_a_failure_is_read_again(registry: Any, known: Known) -> None:
    listing = ask(registry, "pkg:pypi/mcp-files@1.0", known=known).listing
    assert listing is not None
    assert listing.outcome == "listed"


def test_open_version_is_asked_for_with_validators_and_nothing_more_is_fetched(registry: Any, reply: Any) -> None:
    registry.serve("/mcp-files/", reply(page(wheel()), headers={"ETag": '"7"'}))
    url = f"{registry.url}/mcp-files/"
    first = ask(registry, "pkg:pypi/mcp-files")
    assert first.listing is not None
    assert (first.listing.subject, first.pages[0].validators) == ("pkg:pypi/mcp-files@1.0", Validators('"7"'))
    registry.asked.clear()
    known = Known("listed", first.listing.subject, first.listing.subject_digest, first.listing.method)
    again = ask(registry, "pkg:pypi/mcp-files", known=known, remembered={url: first.pages[0]}.get)
    assert again.listing is None
    assert [(path, headers.get("if-none-match")) for path, headers in registry.asked] == [("/mcp-files/", '"7"')]


def test_registry_without_validators_is_unchanged_by_its_digest_or_by_its_newest_version(registry: Any) -> None:
    first = ask(registry, "pkg:pypi/mcp-files")
    assert first.listing is not None
    known = Known("listed", first.listing.subject, first.listing.subject_digest, first.listing.method)
    url = f"{registry.url}/mcp-files/"
    assert ask(registry, "pkg:pypi/mcp-files", known=known, remembered={url: first.pages[0]}.get).listing is None
    registry.serve("/mcp-files/", page(wheel(), size=1))
    assert ask(registry, "pkg:pypi/mcp-files", known=known, remembered={url: first.pages[0]}.get).listing is None
    assert registry.paths().count(FILE) == 1


def outcome(loopback: Any, *packages: str, **more: Any) -> tuple[str, str]:
    listing = ask(loopback, *packages, **more).listing
    assert listing is not None
    return listing.outcome, listing.reason


def test_every_miss_has_an_outcome_and_a_reason(registry: Any, reply: Any) -> None:
    url = registry.url
    assert outcome(registry) == ("no-source", "no package of it is known")
    missing = f"not in the registry: {url}/missing/ answers 404"
    assert outcome(registry, "pkg:pypi/missing") == ("no-source", missing)
    version = f"{url}/mcp-files/ has no release 9; its newest version is 1.0"
    assert outcome(registry, "pkg:pypi/mcp-files@9") == ("no-source", version)
    registry.serve("/private", reply(b"", 401))
    assert outcome(registry, "pkg:npm/private") == ("needs-credentials", f"{url}/private answers 401")
    registry.serve("/down", reply(b"", 503))
    assert outcome(registry, "pkg:npm/down") == ("unreachable", f"{url}/down answers 503")
    registry.serve("/wrong", b"<html>login</html>")
    assert outcome(registry, "pkg:npm/wrong")[1].startswith(f"{url}/wrong is no npm package document")
    assert outcome(registry, "pkg:docker/image")[1].startswith("'pkg:docker/image' is of type docker")


def test_artefact_that_is_not_what_was_promised_is_not_read(registry: Any) -> None:
    registry.serve(FILE, wheel("tampered"))
    answer = ask(registry, "pkg:pypi/mcp-files@1.0")
    assert answer.listing is not None
    assert "another sha256 than its registry promises" in answer.listing.reason
    assert [failure.reason for failure in answer.failures] == ["malformed"]


def test_artefact_that_is_too_large_or_broken_is_said(registry: Any) -> None:
    registry.serve(FILE, bytes(100_001))
    assert outcome(registry, "pkg:pypi/mcp-files@1.0")[0] == "refused"
    registry.serve(FILE, b"PK\x03\x04 cut")
    registry.serve("/mcp-files/", page(b"PK\x03\x04 cut"))
    found = outcome(registry, "pkg:pypi/mcp-files@1.0")
    assert (found[0], found[1].partition(":")[0]) == ("no-source", "artefact is truncated or corrupt")


def test_package_without_a_tool_says_what_there_was_instead(registry: Any) -> None:
    registry.serve(FILE, wheel("x = 1"))
    registry.serve("/mcp-files/", page(wheel("x = 1")))
    assert outcome(registry, "pkg:pypi/mcp-files@1.0") == (
        "no-source",
        "nothing in its 3 source files registers a tool",
    )


def test_second_package_is_read_where_the_first_has_no_tools(registry: Any) -> None:
    assert outcome(registry, "pkg:npm/missing@1", "pkg:pypi/mcp-files@1.0") == ("listed", "")


def test_reading_that_crashed_keeps_what_was_read_and_why(registry: Any) -> None:
    async def crash(_: Path) -> confined.Failure:
        return confined.Failure(outcome="crashed", reason="reading it crashed: it ended with status -11")

    listing = ask(registry, "pkg:pypi/mcp-files@1.0", read=crash).listing
    assert listing is not None
    assert (listing.outcome, listing.reason) == ("crashed", "reading it crashed: it ended with status -11")
    assert listing.subject_digest


def test_launcher_is_read_with_the_package_of_its_family_that_it_starts(registry: Any) -> None:
    launcher = wheel("from mcp_files_core.server import mcp", name="mcp-files-run", requires="mcp-files-core==1.0")
    core = wheel(name="mcp-files-core")
    for name, body in (("mcp-files-run", launcher), ("mcp-files-core", core)):
        registry.serve(f"/{name}/", page(body, name=name))
        registry.serve(f"/f/{name.replace('-', '_')}-1.0-py3-none-any.whl", body)
    listing = ask(registry, "pkg:pypi/mcp-files-run@1.0").listing
    assert listing is not None
    assert [(tool.name, tool.where) for tool in listing.tools] == [
        ("read_file", "pkg:pypi/mcp-files-core@1.0/mcp_files_core/server.py:6")
    ]
    assert listing.subject == "pkg:pypi/mcp-files-run@1.0"


def test_launcher_whose_package_is_missing_says_so(registry: Any, reply: Any) -> None:
    launcher = wheel("from mcp_files_core.server import mcp", requires="mcp-files-core")
    registry.serve(FILE, launcher)
    registry.serve("/mcp-files/", page(launcher))
    reason = outcome(registry, "pkg:pypi/mcp-files@1.0")[1]
    assert "1 registrations cannot be read; the first: pkg:pypi/mcp-files-core: not in the registry" in reason
    registry.serve("/mcp-files-core/", reply(b"", 500))
    assert outcome(registry, "pkg:pypi/mcp-files@1.0")[0] == "unreachable"


def test_temporary_folder_that_cannot_be_made_stops_the_crawl_with_a_line(
    registry: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(ToolcensusError, match="no temporary folder can be made: No such file") as caught:
        ask(registry, "pkg:pypi/mcp-files@1.0")
    assert "TMPDIR" in caught.value.advice
