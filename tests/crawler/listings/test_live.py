"""The way `live`, against remote servers on this machine: what they answer, and what becomes of it."""

import asyncio
import socket
import time
from typing import Any

import pytest
import uvicorn
from mcp import Client
from mcp.server.mcpserver import MCPServer

from crawler import conversation
from crawler.fetch import Fetcher
from crawler.listing import Answer, Means
from crawler.listings import live
from crawler.manners import Manners
from crawler.rate import UNBOUNDED, Rate
from toolcensus.records import Listing, Server

AT = "2026-11-24T00:00:00Z"
TOOL = {"name": "read_file", "description": "Read one.", "inputSchema": {"type": "object", "properties": {}}}
CACHE = {"resultType": "complete", "ttlMs": 90_000, "cacheScope": "public"}
LOCAL = Manners(usual=UNBOUNDED, allowed={"127.0.0.1"})


async def asked(fetcher: Fetcher, *remotes: str) -> Answer:
    async def nothing(_: Any) -> Any:
        raise AssertionError("no package is read here")

    server = Server(key="key", slug="slug", name="name", remotes=remotes)
    return await live.list_tools(server, AT, Means(fetcher, {}, nothing))


def ask(*remotes: str, manners: Manners = LOCAL) -> Listing:
    async def act() -> Answer:
        async with Fetcher(manners) as fetcher:
            return await asked(fetcher, *remotes)

    listing = asyncio.run(act()).listing
    assert listing
    return listing


def test_server_of_the_newest_protocol_lists_its_tools_and_how_long_they_hold(remote: Any) -> None:
    discovery = {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}, "instructions": "Ask away."}
    remote.answers |= {"server/discover": discovery | CACHE, "tools/list": {"tools": [TOOL], **CACHE}}
    listing = ask(remote.url)
    assert (listing.outcome, listing.protocol, listing.subject) == ("listed", "2026-07-28", remote.url)
    assert [(tool.name, tool.description) for tool in listing.tools] == [("read_file", "Read one.")]
    assert listing.fresh_until == "2026-11-24T00:01:30Z"
    assert listing.facts == {"instructions": "Ask away.", "transport": "streamable-http"}
    assert remote.asked == ["server/discover", "tools/list"]


def test_older_server_is_greeted_in_its_own_way_and_told_goodbye(remote: Any, reply: Any) -> None:
    remote.greets([TOOL])

    def with_session(message: dict[str, Any]) -> Any:
        body = (
            f'{{"jsonrpc":"2.0","id":{message["id"]},"result":{{"protocolVersion":"2025-03-26","capabilities":{{}}}}}}'
        )
        return reply(body.encode(), headers={"Content-Type": "application/json", "Mcp-Session-Id": "s1"})

    remote.answers["initialize"] = with_session
    listing = ask(remote.url)
    assert (listing.outcome, listing.protocol, len(listing.tools)) == ("listed", "2025-03-26", 1)
    # No stream is asked for, since nothing that the server might say of its own accord is of use.
    assert remote.asked == ["server/discover", "initialize", "notifications/initialized", "tools/list", "DELETE"]
    assert remote.headers[3]["mcp-session-id"] == "s1"


def test_tools_are_read_page_by_page(remote: Any) -> None:
    pages = {None: ("a", "2"), "2": ("b", "3"), "3": ("c", None)}

    def page(message: dict[str, Any]) -> dict[str, Any]:
        name, following = pages[message.get("params", {}).get("cursor")]
        return {"tools": [TOOL | {"name": name}]} | ({"nextCursor": following} if following else {})

    remote.greets([]).answers["tools/list"] = page
    assert [tool.name for tool in ask(remote.url).tools] == ["a", "b", "c"]


@pytest.mark.parametrize("path", ["/mcp", "/sse"])
def test_server_of_the_oldest_transport_is_asked_over_its_stream(remote: Any, reply: Any, path: str) -> None:
    body = b"event: endpoint\ndata: /said\n\n"
    remote.greets([TOOL], "2024-11-05").answers["GET"] = reply(
        body, headers={"Content-Type": "text/event-stream"}, length=1_000_000
    )
    spoken = remote.told

    def only_there(asked: str, where: str, message: dict[str, Any]) -> Any:
        return spoken(asked, where, message) if asked == "GET" or where == "/said" else reply(status=405)

    remote.told = only_there
    listing = ask(remote.origin + path)
    assert (listing.outcome, listing.protocol, len(listing.tools)) == ("listed", "2024-11-05", 1)
    assert listing.facts["transport"] == "sse"
    before = ["server/discover", "initialize"] if path == "/mcp" else []
    assert remote.asked == [*before, f"GET {path}", "initialize", "notifications/initialized", "tools/list"]


def test_sloppy_definitions_are_kept_with_what_they_lack(remote: Any) -> None:
    remote.greets([{"name": "a", "inputSchema": {}}, {"title": "no name"}, TOOL])
    listing = ask(remote.url)
    assert [tool.name for tool in listing.tools] == ["a", "read_file"]
    assert [entry.where for entry in listing.unresolved] == ["a", "tools/1"]


def test_server_that_says_it_has_no_tools_is_listed_with_none(remote: Any) -> None:
    remote.greets([]).answers["tools/list"] = {"error": {"code": -32601, "message": "Method not found"}}
    listing = ask(remote.url)
    assert (listing.outcome, listing.reason) == ("listed", "it says that it has no tools")


def test_login_is_said_and_what_its_metadata_say_is_kept(remote: Any, reply: Any) -> None:
    headers = {"WWW-Authenticate": f'Bearer resource_metadata="{remote.origin}/metadata"'}
    remote.otherwise = reply(status=401, headers=headers)
    remote.answers["/metadata"] = reply(b'{"authorization_servers":["https://login.example"]}')
    listing = ask(remote.url)
    assert (listing.outcome, listing.reason) == ("needs-credentials", f"{remote.url} answers 401")
    assert listing.facts["authorization_servers"] == "https://login.example"
    assert remote.asked == ["server/discover", "GET /metadata"]


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("status", "body", "headers", "outcome", "reason"),
    [
        (403, b"", {}, "needs-credentials", "answers 403"),
        (404, b"", {}, "unreachable", "answers 404"),
        (405, b"", {}, "unreachable", "answers 405"),
        (500, b"", {}, "unreachable", "answers 500"),
        (200, b"<html>", {"Content-Type": "text/html"}, "not-a-server", "answers with text/html"),
        (200, b"{]", JSON, "not-a-server", "answers with what is no message of the protocol"),
        (200, b'{"hello":1}', JSON, "not-a-server", "answers with what is no message of the protocol"),
        (307, b"", {"Location": "http://10.0.0.1/mcp"}, "refused", "10.0.0.1 leads to a private address"),
        (302, b"", {"Location": "http://169.254.169.254/"}, "refused", "redirects to http://169.254.169.254/"),
        (307, b"", {"Location": "file:///etc/passwd"}, "refused", "redirects to file:///etc/passwd"),
        (307, b"", {"Location": "/mcp"}, "refused", "redirects to"),
    ],
)
def test_every_miss_has_an_outcome_and_a_reason(  # noqa: PLR0917  # one row a case
    remote: Any, reply: Any, status: int, body: bytes, headers: dict[str, str], outcome: str, reason: str
) -> None:
    remote.otherwise = reply(body, status, headers)
    listing = ask(remote.url)
    assert listing.outcome == outcome
    assert reason in listing.reason
    assert listing.tools == ()


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ({"code": -32001, "message": "Authentication required"}, "needs-credentials"),
        ({"code": -32603, "message": "Database is down"}, "crashed"),
    ],
)
def test_error_of_the_server_is_told(remote: Any, error: dict[str, Any], outcome: str) -> None:
    remote.greets([]).answers["tools/list"] = {"error": error}
    listing = ask(remote.url)
    assert listing.outcome == outcome
    assert error["message"] in listing.reason


def test_redirect_that_keeps_the_question_is_followed(remote: Any, reply: Any) -> None:
    moved = reply(status=308, headers={"Location": "/elsewhere"})
    remote.greets([TOOL])
    spoken = remote.told
    remote.told = lambda asked, where, message: moved if where == "/mcp" else spoken(asked, where, message)
    listing = ask(remote.url)
    assert (listing.outcome, listing.subject) == ("listed", f"{remote.origin}/elsewhere")


def test_list_without_an_end_is_refused(remote: Any) -> None:
    numbers = iter(range(1_000_000))
    remote.greets([]).answers["tools/list"] = lambda _: {"tools": [], "nextCursor": str(next(numbers))}
    listing = ask(remote.url)
    assert (listing.outcome, remote.asked.count("tools/list")) == ("refused", conversation.MOST_PAGES + 1)


def test_list_of_more_tools_than_anybody_has_is_refused(remote: Any) -> None:
    remote.greets([TOOL | {"name": f"t{number}"} for number in range(10_001)])
    listing = ask(remote.url)
    assert listing.outcome == "refused"
    assert "more than 10,000 tools" in listing.reason


def test_cursor_that_comes_again_ends_the_list(remote: Any) -> None:
    remote.greets([]).answers["tools/list"] = {"tools": [TOOL], "nextCursor": "same"}
    listing = ask(remote.url)
    assert ([tool.name for tool in listing.tools], remote.asked.count("tools/list")) == (["read_file"], 2)


def test_server_that_stalls_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        listing = ask(f"http://127.0.0.1:{silent.getsockname()[1]}/mcp")
    assert listing.outcome == "timed-out"
    assert "in 0.2 seconds" in listing.reason


@pytest.mark.parametrize(
    ("address", "outcome", "reason"),
    [
        ("https://{tenant}.example/mcp", "needs-credentials", "its address has the blank {tenant}"),
        ("https://user:secret@a.example/mcp", "needs-credentials", "its address holds a login, which is not used"),
        ("wss://a.example/mcp", "no-source", "is no web address"),
        ("http://[::1/mcp", "no-source", "is no web address"),
    ],
)
def test_address_that_only_its_user_can_use_is_not_asked(address: str, outcome: str, reason: str) -> None:
    listing = ask(address)
    assert listing.outcome == outcome
    assert reason in listing.reason
    assert "secret" not in listing.reason + listing.subject


def test_next_remote_is_asked_where_the_first_has_no_list(remote: Any) -> None:
    remote.greets([TOOL])
    listing = ask("http://127.0.0.1:9/mcp", remote.url)
    assert (listing.outcome, listing.subject) == ("listed", remote.url)


def test_endpoints_of_one_host_are_asked_one_after_the_other_at_its_pace(
    remote: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote.greets([TOOL])
    """The time that a conversation may take is its own: waiting for the host is not counted."""
    monkeypatch.setattr(live, "SECONDS", 0.3)
    manners = Manners(usual=Rate(parallel=1, per_second=10.0), allowed={"127.0.0.1"})

    async def act() -> list[Answer]:
        async with Fetcher(manners) as fetcher:
            return await asyncio.gather(*(asked(fetcher, f"{remote.url}/{number}") for number in range(3)))

    started = time.monotonic()
    answers = asyncio.run(act())
    seconds = time.monotonic() - started
    assert {answer.listing.outcome for answer in answers if answer.listing} == {"listed"}
    conversations = [remote.asked[start : start + 4] for start in range(0, 12, 4)]
    assert conversations == [["server/discover", "initialize", "notifications/initialized", "tools/list"]] * 3
    assert seconds >= 11 / 10


def test_what_is_listed_is_what_the_official_sdk_sees() -> None:
    server = MCPServer("files", version="2.0", instructions="Ask away.")

    @server.tool()
    def read_file(path: str, limit: int = 10) -> str:
        """Read one file."""
        return path * limit

    async def act() -> tuple[Listing | None, list[Any]]:
        web = uvicorn.Server(uvicorn.Config(server.streamable_http_app(), port=0, log_level="critical", lifespan="on"))
        running = asyncio.create_task(web.serve())
        while not web.started:  # noqa: ASYNC110  # uvicorn gives no event
            await asyncio.sleep(0.01)
        url = f"http://127.0.0.1:{web.servers[0].sockets[0].getsockname()[1]}/mcp"
        async with Fetcher(LOCAL) as fetcher:
            answer = await asked(fetcher, url)
        async with Client(url) as client:
            seen = (await client.list_tools()).tools
        web.should_exit = True
        await running
        return answer.listing, seen

    listing, seen = asyncio.run(act())
    assert listing
    assert (listing.outcome, listing.protocol) == ("listed", "2026-07-28")
    assert [(tool.name, tool.description, tool.input_schema) for tool in listing.tools] == [
        (tool.name, tool.description, tool.input_schema) for tool in seen
    ]
    assert listing.facts["server"] == "files"
