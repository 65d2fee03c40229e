"""Which addresses a stranger's link may lead to: public ones only (no SSRF), unless the user named the host.

It stands where connections are opened, behind httpx and behind the MCP SDK's httpx2 alike. The address that is checked
is the one that is connected to, so a name that resolves differently the second time (DNS rebinding) gains nothing;
`Host` and TLS keep the name.
"""

import asyncio
import ipaddress
import select
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol

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


LOOKUPS_AT_ONCE: Final = 32
"""Names that are looked up at once: one whose server does not answer must not hold up the others."""


@cache
def _lookups() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(LOOKUPS_AT_ONCE, thread_name_prefix="lookup")


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """Ask the system for the addresses of `host`, as it orders them; raises OSError where there are none."""
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(_lookups(), _look_up, host, port)
    return tuple(dict.fromkeys(found))


def _look_up(host: str, port: int) -> list[str]:
    try:
        return [str(address[0]) for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except UnicodeError as error:
        raise OSError(f"no name of a host: {error}") from error


def is_public(address: str) -> bool:
    """Say whether an IP address, as text, is one that anybody on the internet could reach."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if any(parsed in network for network in TRANSLATED):
        parsed = ipaddress.ip_address(int(parsed) & 0xFFFFFFFF)
    return not any(parsed in network for network in CLOSED)


async def reachable(host: str, port: int, resolver: Resolver, allowed: Collection[str]) -> tuple[str, ...]:
    """Return the addresses of `host` that may be connected to; raise FetchError where it has none or a closed one."""
    place = f"//{host}:{port}"
    try:
        addresses = await resolver(host, port)
    except OSError as error:
        message = f"{host} has no address: {error.strerror or error}"
        passing = error.errno == socket.EAI_AGAIN
        raise (PassingError if passing else FetchError)(message, url=place, reason="dns") from error
    if not addresses:
        raise FetchError(f"{host} has no address", url=place, reason="dns")
    if host.lower() not in allowed and not all(is_public(address) for address in addresses):
        raise FetchError(
            f"{host} leads to a private address, which a stranger's link may not",
            url=place,
            reason="refused",
            advice=f"if it is your own, allow it: --allow-private {host}",
        )
    return addresses


def tls_failure(url: str, host: str, error: BaseException) -> FetchError | None:
    """Return what failed where it was the encryption: who the host is, or how to speak; None where it was not."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if cause is None:
        return None
    if isinstance(cause, ssl.SSLCertVerificationError):
        advice = "if a company's proxy signs its own certificates, name their file in SSL_CERT_FILE"
        return FetchError(f"{host} cannot prove who it is: {error}", url=url, reason="tls", advice=advice)
    return PassingError(f"no encryption can be agreed on with {host}: {error}", url=url, reason="tls")


class Stream(Protocol):
    """An open connection, as httpcore and httpcore2 both mean it."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # httpcore's contract
        """Return what has come, nothing at the end."""
        ...

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # httpcore's contract
        """Send all of it."""
        ...

    async def aclose(self) -> None:
        """Close it."""
        ...

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's contract
    ) -> "Stream":
        """Return the encrypted connection over this one."""
        ...

    def get_extra_info(self, info: str) -> Any:
        """Return what is known of the connection by this name."""
        ...


class Backend(Protocol):
    """What opens connections for httpcore or httpcore2."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's contract
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> Stream:
        """Connect to a host or address."""
        ...


@dataclass(frozen=True, slots=True)
class Guard:
    """Who looks names up, and which hosts may have private addresses."""

    resolver: Resolver = resolve
    allowed: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Guarded:
    """A network backend that connects to checked addresses only, in their order, until one takes it.

    `failures` are what `backend` raises where an address does not. `meter` is told how many bytes each read brought,
    decrypted and with the headers, and may raise.
    """

    guard: Guard
    backend: Backend
    failures: tuple[type[Exception], ...]
    meter: Callable[[int], None] | None = None

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's contract
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> Stream:
        """Look `host` up, check all its addresses and connect to one; raise FetchError where it may not be."""
        *others, last = await reachable(host, port, self.guard.resolver, self.guard.allowed)
        for address in others:
            try:
                return await self._connect(address, port, timeout, local_address, socket_options)
            except self.failures:
                continue
        return await self._connect(last, port, timeout, local_address, socket_options)

    async def _connect(
        self,
        address: str,
        port: int,
        timeout: float | None,  # noqa: ASYNC109  # handed on
        local_address: str | None,
        socket_options: Any,
    ) -> Stream:
        place = address.partition("%")[0]
        stream = await self.backend.connect_tcp(place, port, timeout, local_address, socket_options)
        return _Metered(stream, stream.get_extra_info("socket"), self.meter)

    async def connect_unix_socket(self, path: str, **_: object) -> Stream:
        """Refuse: no stranger's link leads to one."""
        raise FetchError(f"{path} is a socket of this machine", url=path, reason="refused")

    async def sleep(self, seconds: float) -> None:
        """Wait between attempts to connect."""
        await asyncio.sleep(seconds)


JUST_NOW = 0.5
"""Seconds for which a connection that was just heard of counts as open: pools ask twenty times a request. One that was
closed meanwhile fails at its next use, which is tried again."""


class _Metered:
    """A connection that tells how much it read, and quickly whether it is still there, which pools ask all the time."""

    def __init__(self, stream: Stream, plain: Any, meter: Callable[[int], None] | None) -> None:
        self.stream, self.plain, self.meter = stream, plain, meter
        self.write, self.aclose = stream.write, stream.aclose
        self.heard = time.monotonic()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # httpcore's contract
        data = await self.stream.read(max_bytes, timeout)
        self.heard = time.monotonic()
        if self.meter:
            self.meter(len(data))
        return data

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's contract
    ) -> Stream:
        stream = await self.stream.start_tls(ssl_context, server_hostname, timeout)
        return _Metered(stream, self.plain, self.meter)

    def get_extra_info(self, info: str) -> Any:
        if info != "is_readable":
            return self.stream.get_extra_info(info)
        if self.plain is None or self.plain.fileno() < 0:
            return True
        if self.meter is None and time.monotonic() - self.heard < JUST_NOW:
            return False
        if not hasattr(select, "poll"):
            return bool(select.select([self.plain], [], [], 0)[0])
        poll = select.poll()
        poll.register(self.plain, select.POLLIN)
        return bool(poll.poll(0))
