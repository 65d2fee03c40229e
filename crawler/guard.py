"""Which addresses a stranger's link may lead to: public ones only (no SSRF), unless the user named the host.

The address that is checked is the one that is connected to, so a name that resolves differently the second time
(DNS rebinding) gains nothing.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Collection
from typing import Final

from crawler.manners import PassingError
from toolcensus.errors import FetchError

Resolver = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""Answers a host and a port with its addresses."""

CLOSED: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        # "This" network, private use (RFC 1918), carrier-grade NAT, loopback, link-local (cloud metadata), protocol
        # assignments, benchmarking, multicast, reserved and broadcast.
        *("0.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"),
        *("169.254.0.0/16", "192.0.0.0/24", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
        # Azure's metadata and DNS service has a public address.
        "168.63.129.16/32",
        # Unspecified and loopback, unique local, link-local, site-local, multicast, Teredo and 6to4 tunnels, discard.
        *("::/127", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "2001::/32", "2002::/16", "100::/64"),
    )
)
TRANSLATED: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::ffff:0:0/96"))
"""IPv6 networks whose last 32 bits are the IPv4 address that is really reached (NAT64, mapped)."""


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """Ask the system for the addresses of `host`, as it orders them; raises OSError where there are none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Say whether an IP address, as text, is one that anybody on the internet could reach."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if any(parsed in network for network in TRANSLATED):
        parsed = ipaddress.ip_address(int(parsed) & 0xFFFFFFFF)
    return not any(parsed in network for network in CLOSED)


async def reachable(url: str, host: str, port: int, resolver: Resolver, allowed: Collection[str]) -> tuple[str, ...]:
    """Return the addresses of `host` that may be connected to; raise FetchError where it has none or a closed one."""
    try:
        addresses = await resolver(host, port)
    except OSError as error:
        message = f"{host} has no address: {error.strerror or error}"
        passing = error.errno == socket.EAI_AGAIN
        raise (PassingError if passing else FetchError)(message, url=url, reason="dns") from error
    if host.lower() not in allowed and not all(is_public(address) for address in addresses):
        raise FetchError(
            f"{host} leads to a private address, which a stranger's link may not",
            url=url,
            reason="refused",
            advice=f"if it is your own, allow it: --allow-private {host}",
        )
    return addresses
