"""Which addresses a stranger's link may lead to."""

import asyncio
import ssl
from typing import Any

import pytest

from crawler.guard import Guard, Guarded, is_public, reachable, resolve
from toolcensus.errors import FetchError


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),  # noqa: S104  # an address to refuse
        *("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1"),
        *("255.255.255.255", "::", "::1", "fc00::1", "fd00:ec2::254", "fe80::1%eth0", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001::1"),
    ],
)
def test_private_loopback_and_metadata_addresses_are_closed(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_open(address: str) -> None:
    assert is_public(address)


def test_name_with_one_private_address_among_public_ones_is_refused_unless_it_is_ones_own() -> None:
    async def resolver(_host: str, _port: int) -> tuple[str, ...]:
        return ("8.8.8.8", "10.0.0.1")

    with pytest.raises(FetchError, match="leads to a private address") as caught:
        asyncio.run(reachable("a.example", 443, resolver, ()))
    assert caught.value.advice == "if it is your own, allow it: --allow-private a.example"
    own = asyncio.run(reachable("A.example", 443, resolver, {"a.example"}))
    assert own == ("8.8.8.8", "10.0.0.1")


class Line:
    """A connection, and what opens it: the first address refuses, five bytes come at a time."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    async def connect_tcp(self, host: str, *_: object) -> "Line":
        """Refuse once."""
        self.tried.append(host)
        if len(self.tried) == 1:
            raise ConnectionRefusedError
        return self

    async def start_tls(self, *_: object) -> "Line":
        """Encrypt nothing."""
        return self

    async def read(self, most: int, _: object) -> bytes:
        """Give what there is."""
        return b"12345"[:most]

    def get_extra_info(self, _: str) -> None:
        """Know nothing."""

    write = aclose = read


def test_addresses_are_tried_in_order_and_what_is_read_is_counted_under_encryption_too() -> None:
    async def resolver(_host: str, _port: int) -> tuple[str, ...]:
        return ("2606:4700::1111", "8.8.8.8")

    line: Any = Line()
    counted: list[int] = []

    async def act() -> bytes:
        guarded = Guarded(Guard(resolver), line, (ConnectionRefusedError,), counted.append)
        stream = await guarded.connect_tcp("a.example", 443)
        encrypted = await stream.start_tls(ssl.create_default_context())
        return await stream.read(10) + await encrypted.read(3)

    assert asyncio.run(act()) == b"12345123"
    assert (line.tried, counted) == (["2606:4700::1111", "8.8.8.8"], [5, 3])


def test_name_that_is_no_name_has_no_address() -> None:
    with pytest.raises(OSError, match="no name of a host"):
        asyncio.run(resolve("a" * 70 + ".example", 80))
