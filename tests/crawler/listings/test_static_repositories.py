"""The way `static` for servers that have a repository: its source archive, from a service on this machine."""

import asyncio
import hashlib
import io
import tarfile
from collections.abc import Callable
from typing import Any

import pytest
from packageurl import PackageURL

from crawler import confined
from crawler.fetch import Fetcher
from crawler.hosts import Registry
from crawler.listing import Answer, Known, Means
from crawler.listings import static
from crawler.manners import Bounds, Manners, Page
from crawler.rate import UNBOUNDED
from toolcensus.records import Server

AT = "2026-11-24T00:00:00Z"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
GO = """
package main
import "github.com/modelcontextprotocol/go-sdk/mcp"
func main() { mcp.AddTool(mcp.NewServer(nil, nil), &mcp.Tool{Name: "%s"}, nil) }
"""
KEY = "github.com/octo/notes"
URL = "/octo/notes/tar.gz/HEAD"


def archive(files: dict[str, str], commit: str = COMMIT) -> bytes:
    buffer = io.BytesIO()
    headers = {"comment": commit}
    with tarfile.open(fileobj=buffer, mode="w:gz", format=tarfile.PAX_FORMAT, pax_headers=headers) as made:
        for path, text in files.items():
            entry = tarfile.TarInfo(f"notes-main/{path}")
            entry.size = len(text.encode())
            made.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()


def module(name: str) -> dict[str, str]:
    return {"go.mod": "module example.com/notes\n", "main.go": GO % name}


def means(loopback: Any, fetcher: Fetcher, remembered: Callable[[str], Page | None] = lambda _: None) -> Means:
    registries = {name: Registry(name, loopback.url, "test") for name in ("npm", "pypi")}
    return Means(fetcher, registries, confined.read, remembered, {"codeload": loopback.url})


def ask(loopback: Any, key: str = KEY, *packages: str, known: Known | None = None, **more: Any) -> Answer:
    async def run() -> Answer:
        bounds = Bounds(attempts=2, first_wait=0.01, document_bytes=100_000)
        async with Fetcher(Manners(usual=UNBOUNDED, allowed={"127.0.0.1"}, bounds=bounds)) as fetcher:
            server = Server(key=key, slug="slug", name="name", packages=packages, repository=f"https://{KEY}")
            return await static.list_tools(server, AT, means(loopback, fetcher, **more), known)

    return asyncio.run(run())


def test_a_server_with_a_repository_alone_is_read_from_its_source(loopback: Any) -> None:
    body = archive(module("save_note"))
    loopback.serve(URL, body)
    listing = ask(loopback).listing
    assert listing is not None
    assert (listing.outcome, [tool.name for tool in listing.tools]) == ("listed", ["save_note"])
    assert listing.subject == f"pkg:github/octo/notes@{COMMIT}"
    assert listing.subject_digest == f"sha256:{hashlib.sha256(body).hexdigest()}"
    assert loopback.paths() == [URL]


def test_the_folder_that_a_key_names_is_the_server(loopback: Any) -> None:
    two = {f"src/{name}/{path}": text for name in ("one", "two") for path, text in module(name).items()}
    loopback.serve(URL, archive(two))
    listing = ask(loopback, f"{KEY}/src/two").listing
    assert listing is not None
    assert [tool.name for tool in listing.tools] == ["two"]
    assert listing.subject == f"pkg:github/octo/notes@{COMMIT}#src/two"
    gone = ask(loopback, f"{KEY}/src/three").listing
    assert gone is not None
    assert (gone.outcome, gone.reason) == ("no-source", "repository has no folder src/three")


def test_a_package_that_is_not_to_be_had_leads_to_the_repository(loopback: Any) -> None:
    loopback.serve(URL, archive(module("save_note")))
    listing = ask(loopback, KEY, "pkg:npm/gone").listing
    assert listing is not None
    assert (listing.outcome, listing.subject) == ("listed", f"pkg:github/octo/notes@{COMMIT}")


def test_where_neither_has_tools_both_reasons_are_said(loopback: Any) -> None:
    loopback.serve(URL, archive({"README.md": "Notes."}))
    listing = ask(loopback, KEY, "pkg:npm/gone").listing
    assert listing is not None
    assert (listing.outcome, listing.subject) == ("no-source", "pkg:npm/gone")
    assert listing.reason == (
        f"not in the registry: {loopback.url}/gone answers 404; its repository: "
        "nothing in its 1 source files registers a tool"
    )


def test_an_unchanged_archive_costs_one_conditional_request(loopback: Any, reply: Any) -> None:
    loopback.serve(URL, reply(archive(module("save_note")), headers={"ETag": '"7"'}))
    first = ask(loopback)
    assert first.listing is not None
    known = Known("listed", first.listing.subject, first.listing.subject_digest, first.listing.method)
    again = ask(loopback, known=known, remembered={f"{loopback.url}{URL}": first.pages[0]}.get)
    assert again.listing is None
    assert loopback.asked[-1][1].get("if-none-match") == '"7"'


def test_the_same_commit_in_another_archive_is_nothing_new(loopback: Any) -> None:
    loopback.serve(URL, archive(module("save_note")))
    known = Known("listed", f"pkg:github/octo/notes@{COMMIT}", "sha256:ab", static.method())
    assert ask(loopback, known=known).listing is None


def test_another_commit_is_read_again(loopback: Any) -> None:
    loopback.serve(URL, archive(module("new_note"), commit="f" * 40))
    known = Known("listed", f"pkg:github/octo/notes@{COMMIT}", "sha256:ab", static.method())
    listing = ask(loopback, known=known).listing
    assert listing is not None
    assert [tool.name for tool in listing.tools] == ["new_note"]


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        ((b"", 404), "no-source", "no such public repository: "),
        ((b"", 503), "unreachable", "http"),
        ((bytes(100_001), 200), "refused", "http"),
        ((b"<html>not an archive</html>", 200), "no-source", "repository is no archive and no source file"),
        ((archive({"main.go": "x" * 500})[:100], 200), "no-source", "repository is truncated or corrupt"),
        ((archive({"../../etc/main.go": "x"}), 200), "refused", "the archive holds the path"),
    ],
)
def test_every_miss_has_an_outcome_and_a_reason(
    loopback: Any, reply: Any, answer: tuple[bytes, int], outcome: str, reason: str
) -> None:
    loopback.serve(URL, reply(*answer))
    listing = ask(loopback).listing
    assert listing is not None
    assert listing.outcome == outcome
    assert listing.reason.startswith(reason)


def test_a_repository_can_be_read_without_an_index(loopback: Any) -> None:
    loopback.serve("/octo/notes/tar.gz/v2", archive(module("save_note")))

    async def run() -> Any:
        async with Fetcher(Manners(usual=UNBOUNDED, allowed={"127.0.0.1"})) as fetcher:
            purl = PackageURL.from_string("pkg:github/octo/notes@v2")
            return await static.read_package(purl, means(loopback, fetcher))

    assert [tool.name for tool in asyncio.run(run()).tools] == ["save_note"]


@pytest.mark.parametrize(
    ("repository", "packages", "can"),
    [
        (f"https://{KEY}", (), True),
        (None, ("pkg:npm/a",), True),
        ("https://gitlab.com/a/b", (), False),
        (None, (), False),
    ],
)
def test_a_server_can_be_asked_that_has_a_package_or_a_repository(
    repository: str | None, packages: tuple[str, ...], can: bool
) -> None:
    assert static.can_ask(Server(key="k", slug="s", name="n", repository=repository, packages=packages)) is can
