"""The client that the MCP SDK is given, against a server on this machine that means no good."""

import asyncio
import gzip
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from crawler import protected
from crawler.fetch import Fetcher, user_agent
from crawler.guard import resolve
from crawler.manners import Manners
from crawler.protected import MOST_BYTES, Visit, open_client
from crawler.rate import UNBOUNDED
from toolcensus.errors import FetchError

QUESTION = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


def post(
    url: str, message: Any = QUESTION, allowed: set[str] | None = None, resolver: Any = resolve, **more: Any
) -> tuple[Any, Visit]:
    """Return the answer to one message, or the error that it ended in, and the visit."""

    async def act() -> tuple[Any, Visit]:
        manners = Manners(usual=UNBOUNDED, allowed={"127.0.0.1"} if allowed is None else allowed)
        visit = Visit(url)
        async with Fetcher(manners, resolver) as fetcher, open_client(fetcher, visit) as client:
            try:
                return await client.post(url, json=message, **more), visit
            except (FetchError, ValueError, httpx2.HTTPError) as error:
                return error, visit

    return asyncio.run(act())


def test_question_carries_our_name_and_nothing_of_the_user(remote: Any) -> None:
    remote.answers["tools/list"] = {"tools": []}
    answer, visit = post(remote.url, headers={"Authorization": "Bearer x", "Cookie": "a=b"})
    assert (answer.json()["result"], visit.status, visit.failure) == ({"tools": []}, 200, None)
    sent = remote.headers[0]
    assert (sent["user-agent"], sent["accept-encoding"]) == (user_agent(), "identity")
    assert not sent.keys() & {"authorization", "cookie"}


def test_cookies_are_not_sent_back(remote: Any, reply: Any) -> None:
    headers = {"Set-Cookie": "a=b", "Content-Type": "application/json"}
    remote.answers["tools/list"] = reply(b"{}", headers=headers)

    async def act() -> None:
        visit = Visit(remote.url)
        manners = Manners(usual=UNBOUNDED, allowed={"127.0.0.1"})
        async with Fetcher(manners) as fetcher, open_client(fetcher, visit) as client:
            for _ in range(2):
                await client.post(remote.url, json=QUESTION)

    asyncio.run(act())
    assert ["cookie" in headers for headers in remote.headers] == [False, False]


def test_no_tool_is_ever_called(remote: Any) -> None:
    error, _ = post(remote.url, {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "x"}})
    assert (str(error), remote.asked) == ("tools/call is never sent", [])


def test_name_that_leads_elsewhere_the_second_time_gains_nothing(remote: Any) -> None:
    """DNS rebinding: each connection goes to an address that was checked, and to no other."""
    answers = iter([("203.0.113.9", "127.0.0.1"), ("127.0.0.1",)])
    port = remote.origin.rpartition(":")[2]

    async def rebinding(_host: str, _port: int) -> tuple[str, ...]:
        return next(answers)

    for _ in range(2):
        error, visit = post(f"http://rebind.example:{port}/mcp", allowed=set(), resolver=rebinding)
        assert (error.reason, visit.failure) == ("refused", error)
    assert remote.asked == []


@pytest.mark.parametrize("size", [protected.LARGEST_ANSWER + 1, 50_000_000])
def test_answer_that_is_too_large_is_not_read_to_its_end(remote: Any, reply: Any, size: int) -> None:
    remote.answers["tools/list"] = reply(bytes(size), headers={"Content-Type": "application/json"})
    error, visit = post(remote.url)
    assert error.reason == "too-large"
    assert MOST_BYTES - visit.bytes_left < protected.LARGEST_ANSWER + 1_000_000


def test_many_answers_are_too_large_together(remote: Any, reply: Any) -> None:
    remote.answers["tools/list"] = reply(bytes(6_000_000), headers={"Content-Type": "application/json"})

    async def act() -> tuple[int, str]:
        visit = Visit(remote.url)
        manners = Manners(usual=UNBOUNDED, allowed={"127.0.0.1"})
        async with Fetcher(manners) as fetcher, open_client(fetcher, visit) as client:
            for number in range(5):
                try:
                    await client.post(remote.url, json=QUESTION)
                except FetchError as error:
                    return number, error.reason
        return -1, ""

    assert asyncio.run(act()) == (2, "too-large")


def test_packed_answer_is_refused_before_it_is_unpacked(remote: Any, reply: Any) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    remote.answers["tools/list"] = reply(bomb, headers=headers)
    error, _ = post(remote.url)
    assert (error.reason, error.message) == ("refused", f"{remote.url} packs its answer, which was not asked for")


def judged(status: int, headers: dict[str, str]) -> Callable[[Any, Any], FetchError]:
    def act(remote: Any, reply: Any) -> FetchError:
        remote.answers["tools/list"] = reply(b"<html>", status=status, headers=headers)
        error: FetchError = post(remote.url)[0]
        return error

    return act


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (401, {"WWW-Authenticate": "Bearer"}, "StatusError"),
        (429, {}, "StatusError"),
        (200, {"Content-Type": "text/html; charset=utf-8"}, "NotAServerError"),
        (200, {}, "NotAServerError"),
        (302, {"Location": "/login"}, "RedirectError"),
    ],
)
def test_head_of_an_answer_may_end_the_visit(
    remote: Any, reply: Any, status: int, headers: dict[str, str], kind: str
) -> None:
    error = judged(status, headers)(remote, reply)
    assert type(error).__name__ == kind


def test_visit_that_is_over_sends_nothing_more(remote: Any, reply: Any) -> None:
    remote.otherwise = reply(status=403)

    async def act() -> tuple[list[str], bool]:
        visit = Visit(remote.url)
        manners = Manners(usual=UNBOUNDED, allowed={"127.0.0.1"})
        async with Fetcher(manners) as fetcher, open_client(fetcher, visit) as client:
            for _ in range(2):
                with pytest.raises(FetchError):
                    await client.post(remote.url, json=QUESTION)
        return list(remote.asked), visit.scope.cancel_called

    assert asyncio.run(act()) == (["tools/list"], True)


def test_failures_of_a_connection_are_told_apart(remote: Any) -> None:
    async def nowhere(host: str, _port: int) -> tuple[str, ...]:
        raise OSError(f"no {host}")

    assert post("https://nowhere.example/mcp", resolver=nowhere)[0].reason == "dns"
    assert post("http://127.0.0.1:9/mcp")[0].reason == "connect"
    assert post(remote.url.replace("http:", "https:"))[0].reason == "tls"
