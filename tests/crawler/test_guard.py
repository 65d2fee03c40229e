"""Which addresses a stranger's link may lead to."""

import asyncio

import pytest

from crawler.guard import is_public, reachable
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
        asyncio.run(reachable("https://a.example/", "a.example", 443, resolver, ()))
    assert caught.value.advice == "if it is your own, allow it: --allow-private a.example"
    own = asyncio.run(reachable("https://a.example/", "A.example", 443, resolver, {"a.example"}))
    assert own == ("8.8.8.8", "10.0.0.1")
