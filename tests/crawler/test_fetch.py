"""Fetching from strangers, against a server on this machine: retries, limits, redirects, private addresses."""

import asyncio
import gzip
import hashlib
import re
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from operator import methodcaller
from pathlib import Path
from typing import Any

import pytest

from crawler.fetch import Fetcher, user_agent
from crawler.manners import Bounds, Manners, Validators
from crawler.opt_out import OptOut
from crawler.rate import UNBOUNDED
from toolcensus.errors import FetchError, ToolcensusError

QUICK = Bounds(document_bytes=1000, file_bytes=5000, seconds=2.0, first_wait=0.01, attempts=3, longest_wait=2.0)
OWN = Manners(usual=UNBOUNDED, allowed={"127.0.0.1"}, bounds=QUICK)
STRANGERS = Manners(usual=UNBOUNDED, bounds=QUICK)


def with_fetcher(act: Callable[[Fetcher], Awaitable[Any]], manners: Manners = OWN, **given: Any) -> Any:
    async def run() -> Any:
        async with Fetcher(manners, **given) as fetcher:
            return await act(fetcher)

    return asyncio.run(run())


def failure(act: Callable[[Fetcher], Awaitable[Any]], manners: Manners = OWN, **given: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        with_fetcher(act, manners, **given)
    return caught.value


def test_document_comes_with_digest_and_validators_and_the_request_names_us(loopback: Any, reply: Any) -> None:
    url = loopback.serve(
        "/doc", reply(b"{}", headers={"ETag": '"1"', "Last-Modified": "Tue, 24 Nov 2026 00:00:00 GMT"})
    )
    page = with_fetcher(lambda fetcher: fetcher.fetch_bytes(url, accept="application/json"))
    assert (page.url, page.body, page.unchanged) == (url, b"{}", False)
    assert page.digest == f"sha256:{hashlib.sha256(b'{}').hexdigest()}"
    assert page.validators == Validators('"1"', "Tue, 24 Nov 2026 00:00:00 GMT")
    headers = loopback.asked[0][1]
    assert headers["accept"] == "application/json"
    assert re.fullmatch(r"Toolcensus/\S+ \(\+https://\S+\)", headers["user-agent"])
    assert headers["user-agent"] == user_agent()


def test_unchanged_document_is_not_sent_again(loopback: Any, reply: Any) -> None:
    url = loopback.serve("/doc", reply(b"body", headers={"ETag": '"1"'}))
    page = with_fetcher(lambda fetcher: fetcher.fetch_bytes(url, validators=Validators('"1"')))
    assert (page.unchanged, page.body, page.validators.etag) == (True, b"", '"1"')


def test_busy_server_is_asked_again_only_after_the_time_that_it_names(loopback: Any, reply: Any) -> None:
    url = loopback.serve("/doc", reply(b"busy", 503, {"Retry-After": "1"}), reply(b"done"))
    started = time.monotonic()
    page = with_fetcher(lambda fetcher: fetcher.fetch_bytes(url))
    assert page.body == b"done"
    assert time.monotonic() - started >= 1.0


def test_server_that_asks_for_too_long_a_wait_is_left_alone(loopback: Any, reply: Any) -> None:
    url = loopback.serve("/doc", reply(b"", 429, {"Retry-After": "3600"}))
    assert failure(lambda fetcher: fetcher.fetch_bytes(url)).reason == "status"
    assert len(loopback.asked) == 1


def test_answer_that_is_cut_off_is_fetched_again(loopback: Any, reply: Any, tmp_path: Path) -> None:
    url = loopback.serve("/file", reply(b"half of", length=14), reply(b"half of a file"))
    saved = with_fetcher(lambda fetcher: fetcher.download(url, tmp_path / "file"))
    assert (tmp_path / "file").read_bytes() == b"half of a file"
    assert saved.size == 14


def test_server_that_always_fails_is_asked_a_bounded_number_of_times(loopback: Any, reply: Any) -> None:
    url = loopback.serve("/doc", reply(b"", 500))
    assert failure(lambda fetcher: fetcher.fetch_bytes(url)).message == f"{url} answers 500"
    assert len(loopback.asked) == QUICK.attempts


def test_what_is_not_there_is_asked_for_once(loopback: Any) -> None:
    error = failure(lambda fetcher: fetcher.fetch_bytes(loopback.url + "/missing"))
    assert (error.reason, getattr(error, "status", None)) == ("status", 404)
    assert len(loopback.asked) == 1


@pytest.mark.parametrize("honest", [True, False])
def test_oversized_body_is_stopped(loopback: Any, reply: Any, honest: bool) -> None:
    encoding = {} if honest else {"Content-Encoding": "gzip"}
    body = bytes(5001) if honest else gzip.compress(bytes(50_000_000))
    url = loopback.serve("/doc", reply(body, headers=encoding))
    error = failure(lambda fetcher: fetcher.fetch_bytes(url))
    assert (error.reason, error.message) == ("too-large", f"{url} has more than 1000 bytes")


def test_packed_document_is_unpacked_and_a_corrupt_one_is_said(loopback: Any, reply: Any) -> None:
    packed = gzip.compress(b"hello " * 50)
    good = loopback.serve("/good", reply(packed, headers={"Content-Encoding": "gzip"}))
    assert with_fetcher(lambda fetcher: fetcher.fetch_bytes(good)).body == b"hello " * 50
    for path, body in (("/cut", packed[:-10]), ("/torn", packed[:5] + b"\xff" * 20)):
        url = loopback.serve(path, reply(body, headers={"Content-Encoding": "gzip"}))
        assert failure(methodcaller("fetch_bytes", url)).reason == "malformed"


def test_file_must_be_what_its_registry_promised(loopback: Any, tmp_path: Path) -> None:
    url = loopback.serve("/a.tgz", b"artefact")
    promised = f"sha512:{hashlib.sha512(b'artefact').hexdigest()}"
    saved = with_fetcher(lambda fetcher: fetcher.download(url, tmp_path / "a", integrity=promised))
    assert saved.digest == f"sha256:{hashlib.sha256(b'artefact').hexdigest()}"
    wrong = f"sha1:{'0' * 40}"
    error = failure(lambda fetcher: fetcher.download(url, tmp_path / "b", integrity=wrong))
    assert error.message == f"the file at {url} has another sha1 than its registry promises"


def test_full_disk_gets_a_line_and_a_next_step(loopback: Any) -> None:
    url = loopback.serve("/a.tgz", b"artefact")
    with pytest.raises(ToolcensusError, match="cannot be written: No space left on device") as caught:
        with_fetcher(lambda fetcher: fetcher.download(url, Path("/dev/full")))
    assert "TMPDIR" in caught.value.advice
    assert len(loopback.asked) == 1


def test_redirect_is_followed_and_its_end_is_told(loopback: Any, reply: Any) -> None:
    loopback.serve("/new", b"here")
    url = loopback.serve("/old", reply(b"", 302, {"Location": "/new"}))
    page = with_fetcher(lambda fetcher: fetcher.fetch_bytes(url))
    assert (page.url, page.body) == (f"{loopback.url}/new", b"here")


@pytest.mark.parametrize("location", ["http://[::1", "//", "https:///x"])
def test_redirect_to_what_is_no_address_is_said(loopback: Any, reply: Any, location: str) -> None:
    url = loopback.serve("/old", reply(b"", 302, {"Location": location}))
    assert failure(lambda fetcher: fetcher.fetch_bytes(url)).reason in {"malformed", "redirect"}


def test_a_redirect_to_somebody_who_asked_not_to_be_asked_is_not_followed(loopback: Any, reply: Any) -> None:
    loopback.serve("/away", reply(b"", 302, {"Location": "http://quiet.example/page"}))
    manners = replace(OWN, opt_out=OptOut(hosts=frozenset({"quiet.example"})))
    error = failure(lambda fetcher: fetcher.fetch_bytes(f"{loopback.url}/away"), manners)
    assert (error.reason, error.url) == ("refused", "http://quiet.example/page")
    assert "asked not to be asked" in error.message


def test_redirects_end_somewhere(loopback: Any, reply: Any) -> None:
    url = loopback.serve("/loop", reply(b"", 302, {"Location": "/loop"}))
    assert failure(lambda fetcher: fetcher.fetch_bytes(url)).reason == "redirect"
    assert len(loopback.asked) == QUICK.redirects + 1


@pytest.mark.parametrize("target", ["http://10.0.0.7/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/"])
def test_redirect_to_a_private_address_is_refused(loopback: Any, reply: Any, target: str) -> None:
    url = loopback.serve("/doc", reply(b"", 302, {"Location": target}))
    error = failure(lambda fetcher: fetcher.fetch_bytes(url))
    assert (error.reason, error.url) == ("refused", target)
    assert "--allow-private" in error.advice


@pytest.mark.parametrize("target", ["ftp://example.com/x", "file:///etc/passwd", "http://example.com/x"])
def test_link_that_leaves_the_web_or_encryption_is_refused(target: str, tmp_path: Path) -> None:
    error = failure(
        lambda fetcher: fetcher.download(target, tmp_path / "x", linked_from="https://registry.example/doc"), STRANGERS
    )
    assert error.reason == "redirect"


def test_name_that_leads_to_this_machine_is_refused_to_strangers(loopback: Any) -> None:
    url = loopback.serve("/doc", b"secret").replace("127.0.0.1", "localhost")
    assert failure(lambda fetcher: fetcher.fetch_bytes(url), STRANGERS).reason == "refused"
    assert loopback.asked == []


def test_name_that_resolves_differently_the_second_time_gains_nothing(loopback: Any) -> None:
    """DNS rebinding: a public address when it is checked, this machine's when it is connected to."""
    loopback.serve("/doc", b"secret")
    answers = iter([("203.0.113.9",), ("127.0.0.1",), ("127.0.0.1",), ("127.0.0.1",)])

    async def rebinding(_host: str, _port: int) -> tuple[str, ...]:
        return next(answers)

    port = loopback.url.rpartition(":")[2]
    patience = Manners(usual=UNBOUNDED, bounds=Bounds(seconds=0.3, attempts=2, first_wait=0.01))
    error = failure(
        lambda fetcher: fetcher.fetch_bytes(f"http://rebind.example:{port}/doc"), patience, resolver=rebinding
    )
    assert error.reason in {"timeout", "refused", "connect"}
    assert loopback.asked == []


def test_login_goes_to_its_own_host_only(loopback: Any, reply: Any) -> None:
    place = loopback.url.removeprefix("http://")
    elsewhere = loopback.url.replace("127.0.0.1", "localhost")
    url = loopback.serve("/doc", reply(b"", 302, {"Location": f"{elsewhere}/other"}))
    loopback.serve("/other", b"x")
    manners = Manners(
        usual=UNBOUNDED, allowed={"127.0.0.1", "localhost"}, authorizations={place: "Basic eDp5"}, bounds=QUICK
    )
    with_fetcher(lambda fetcher: fetcher.fetch_bytes(url), manners)
    assert [headers.get("authorization") for _, headers in loopback.asked] == ["Basic eDp5", None]


def test_server_that_never_answers_is_given_up_in_time() -> None:
    patience = Manners(usual=UNBOUNDED, allowed={"127.0.0.1"}, bounds=Bounds(seconds=0.2, attempts=2, first_wait=0.01))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        error = failure(lambda fetcher: fetcher.fetch_bytes(url), patience)
    assert (error.reason, error.message) == ("timeout", f"{url} took more than 0.2 seconds")


def test_name_without_an_address_is_said() -> None:
    async def nowhere(host: str, port: int) -> tuple[str, ...]:
        raise OSError(f"no {host}:{port}")

    error = failure(lambda fetcher: fetcher.fetch_bytes("https://nowhere.invalid/"), STRANGERS, resolver=nowhere)
    assert error.reason == "dns"


def test_traffic_counts_requests_retries_and_bytes(loopback: Any, reply: Any) -> None:
    url = loopback.serve("/doc", reply(b"", 502), reply(b"12345"))

    async def act(fetcher: Fetcher) -> tuple[int, int, int]:
        await fetcher.fetch_bytes(url)
        return fetcher.traffic.requests, fetcher.traffic.retries, fetcher.traffic.bytes

    assert with_fetcher(act) == (2, 1, 5)


def test_other_bounds_share_connections_pace_and_traffic(loopback: Any) -> None:
    url = loopback.serve("/doc", bytes(900))

    async def act(fetcher: Fetcher) -> tuple[int, str]:
        await fetcher.fetch_bytes(url)
        with pytest.raises(FetchError) as caught:
            await fetcher.within(Bounds(document_bytes=100)).fetch_bytes(url)
        return fetcher.traffic.requests, caught.value.reason

    assert with_fetcher(act) == (2, "too-large")


def test_connections_of_hosts_that_were_asked_long_ago_are_closed(
    loopback: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.fetch.MOST_PLACES", 2)
    loopback.serve("/doc", b"x")
    port = loopback.url.rpartition(":")[2]

    async def here(_host: str, _port: int) -> tuple[str, ...]:
        return ("127.0.0.1",)

    async def act(fetcher: Fetcher) -> list[str]:
        for host in ("a.example", "b.example", "a.example", "c.example"):
            await fetcher.fetch_bytes(f"http://{host}:{port}/doc")
        return [origin.removesuffix(f":{port}") for origin in fetcher._places]

    allowed = Manners(usual=UNBOUNDED, allowed={f"{letter}.example" for letter in "abc"}, bounds=QUICK)
    assert with_fetcher(act, allowed, resolver=here) == ["http://a.example", "http://c.example"]


@pytest.mark.parametrize("url", ["https://", "ftp://example.com/x", "http://[::1/", "no address"])
def test_what_is_no_web_address_is_said(url: str) -> None:
    assert failure(lambda fetcher: fetcher.fetch_bytes(url)).reason == "malformed"


def test_host_that_speaks_no_encryption_is_told_from_one_that_cannot_be_connected_to(loopback: Any) -> None:
    plain = loopback.url.replace("http:", "https:")
    assert failure(lambda fetcher: fetcher.fetch_bytes(plain)).reason == "tls"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert failure(lambda fetcher: fetcher.fetch_bytes(f"http://127.0.0.1:{port}/")).reason == "connect"
