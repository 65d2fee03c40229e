"""The way `card`, against a host on this machine that has documents at their well-known places."""

import asyncio
import hashlib
import io
import json
import zipfile
from typing import Any

from crawler.bundle import bundle_purl
from crawler.fetch import Fetcher
from crawler.listing import Answer, Known, Means
from crawler.listings import card
from crawler.manners import Manners
from crawler.rate import UNBOUNDED
from toolcensus.records import Listing, Server

AT = "2026-11-24T00:00:00Z"
TOOL = {"name": "read_file", "description": "Read one.", "inputSchema": {"type": "object"}}
WELL_KNOWN = "/.well-known/mcp/server-card.json"


def ask(*servers: Server, known: Known | None = None) -> list[Answer]:
    async def nothing(_: Any) -> Any:
        raise AssertionError("no package is read here")

    async def act() -> list[Answer]:
        async with Fetcher(Manners(usual=UNBOUNDED, allowed={"127.0.0.1"})) as fetcher:
            means = Means(fetcher, {}, nothing)
            return [await card.list_tools(server, AT, means, known) for server in servers]

    return asyncio.run(act())


def server(*remotes: str, packages: tuple[str, ...] = ()) -> Server:
    return Server(key="key", slug="slug", name="name", remotes=remotes, packages=packages)


def listed(answer: Answer) -> Listing:
    assert answer.listing
    return answer.listing


def test_card_at_the_endpoint_is_enough(loopback: Any) -> None:
    loopback.serve("/mcp/server-card", json.dumps({"serverInfo": {"name": "x"}, "tools": [TOOL]}).encode())
    listing = listed(*ask(server(loopback.url + "/mcp")))
    assert (listing.outcome, [tool.name for tool in listing.tools]) == ("listed", ["read_file"])
    assert listing.facts["card"] == loopback.url + "/mcp/server-card"
    assert loopback.paths() == ["/robots.txt", "/mcp/server-card"]


def test_documents_of_a_host_are_asked_for_once(loopback: Any) -> None:
    one, two = loopback.url + "/one/mcp", loopback.url + "/two/mcp"
    document = {"servers": [{"url": one, "tools": [TOOL]}, {"url": two, "tools": [TOOL | {"name": "write_file"}]}]}
    loopback.serve("/.well-known/mcp.json", json.dumps(document).encode())
    answers = ask(server(one), server(two))
    assert [[tool.name for tool in listed(answer).tools] for answer in answers] == [["read_file"], ["write_file"]]
    assert loopback.paths() == [
        "/robots.txt",
        "/one/mcp/server-card",
        WELL_KNOWN,
        "/.well-known/mcp.json",
        "/two/mcp/server-card",
    ]


def test_card_without_a_list_leaves_its_facts(loopback: Any) -> None:
    remote = loopback.url + "/mcp"
    loopback.serve(WELL_KNOWN, json.dumps({"name": "a/b", "version": "3", "remotes": [{"url": remote}]}).encode())
    loopback.serve("/.well-known/oauth-protected-resource/mcp", b'{"authorization_servers":["https://login.example"]}')
    listing = listed(*ask(server(remote)))
    assert (listing.outcome, listing.reason) == ("no-source", "its card gives no list of tools")
    assert (listing.facts["server"], listing.facts["authorization_servers"]) == ("a/b", "https://login.example")


def test_host_without_a_card_is_said(loopback: Any) -> None:
    loopback.serve(WELL_KNOWN, b"<!doctype html>")
    listing = listed(*ask(server(loopback.url + "/mcp")))
    assert (listing.outcome, listing.reason) == ("no-source", "there is no card at its address or its host")


def test_host_that_cannot_be_reached_is_asked_once(loopback: Any) -> None:
    gone = "http://127.0.0.1:9"
    first, second = (listed(answer) for answer in ask(server(f"{gone}/a"), server(f"{gone}/b")))
    assert (first.outcome, second.outcome) == ("unreachable", "unreachable")
    private = listed(*ask(server("http://10.0.0.1/mcp")))
    assert (private.outcome, "private address" in private.reason) == ("refused", True)
    assert loopback.paths() == []


def test_what_robots_are_not_to_read_is_not_read(loopback: Any) -> None:
    loopback.serve("/robots.txt", b"User-agent: *\nDisallow: /\n")
    loopback.serve(WELL_KNOWN, json.dumps({"serverInfo": {"name": "x"}, "tools": [TOOL]}).encode())
    listing = listed(*ask(server(loopback.url + "/mcp")))
    assert listing.outcome == "no-source"
    assert WELL_KNOWN not in loopback.paths()


def test_bundle_is_read_by_its_manifest_and_only_once(loopback: Any) -> None:
    buffer = io.BytesIO()
    manifest = {"name": "files", "version": "1", "tools": [{"name": "read_file", "description": "Read one."}]}
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
    body = buffer.getvalue()
    digest = hashlib.sha256(body).hexdigest()
    package = bundle_purl(loopback.serve("/files.mcpb", body), "1", digest)
    assert package
    listing = listed(*ask(server(packages=(package,))))
    assert (listing.outcome, listing.subject, listing.subject_digest) == ("listed", package, f"sha256:{digest}")
    assert [tool.name for tool in listing.tools] == ["read_file"]
    known = Known("listed", package, listing.subject_digest, card.method())
    assert ask(server(packages=(package,)), known=known) == [Answer(None)]


def test_bundle_that_is_not_what_was_promised_is_not_read(loopback: Any) -> None:
    package = bundle_purl(loopback.serve("/files.mcpb", b"other"), "1", "0" * 64)
    assert package
    listing = listed(*ask(server(packages=(package,))))
    assert (listing.outcome, "another sha256" in listing.reason) == ("unreachable", True)


def test_server_has_a_card_by_its_remote_or_its_bundle_only() -> None:
    bundle = "pkg:generic/a.example/o/r/b?download_url=https://a.example/o/r/b.mcpb"
    asked = (server("https://a.example/mcp"), server(packages=(bundle,)), server(packages=("pkg:npm/a",)))
    assert [card.can_ask(one) for one in asked] == [True, True, False]
