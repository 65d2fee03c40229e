"""Whom a crawl may ask, and how: registries, rates and private hosts, composed into the means of the listings."""

import asyncio
import ipaddress
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from crawler import confined, hosts
from crawler.confined import Failure, Reading
from crawler.fetch import Fetcher
from crawler.hosts import Registry
from crawler.listing import Means
from crawler.manners import Manners, Page
from crawler.purl import ECOSYSTEMS
from crawler.rate import REGISTRY, UNBOUNDED
from toolcensus.errors import InputError


@dataclass(frozen=True, slots=True)
class Reach:
    """What a person allows: hosts that may be private, and whether one's own hosts are asked without a pause."""

    allow_private: tuple[str, ...] = ()
    polite: bool = True


@asynccontextmanager
async def open_means(
    packages: Iterable[str], reach: Reach, remembered: Callable[[str], Page | None] = lambda _: None
) -> AsyncIterator[Means]:
    """Yield what is needed to list `packages` (purls); raise InputError where the configuration does not allow it."""
    wanted = [name for name in ECOSYSTEMS if any(package.startswith(f"pkg:{name}/") for package in packages)]
    registries = {name: hosts.registry(name) for name in wanted}
    children = asyncio.Semaphore(os.cpu_count() or 1)

    async def read(path: Path) -> Reading | Failure:
        async with children:
            return await confined.read(path)

    async with Fetcher(manners(registries, reach)) as fetcher:
        yield Means(fetcher, registries, read, remembered)


def manners(registries: Mapping[str, Registry], reach: Reach) -> Manners:
    """Return how to ask these registries, which are the user's own choice and so may be private."""
    chosen = [one for registry in registries.values() for one in (registry, *registry.scopes.values())]
    allowed = {host.lower() for host in reach.allow_private}
    if not reach.polite:
        for registry in chosen:
            if registry.host not in allowed and not _is_loopback(registry.host):
                raise InputError(
                    f"--pace none is refused for {registry.host}, which is somebody else's",
                    advice=f"leave it out, or, if the host is your own, add --allow-private {registry.host}",
                )
    rate = REGISTRY if reach.polite else UNBOUNDED
    return Manners(
        rates={registry.host: rate for registry in chosen},
        usual=REGISTRY,
        allowed=allowed | {registry.host for registry in chosen},
        authorizations={_place(registry): registry.authorization for registry in chosen if registry.authorization},
        certificates=hosts.certificate_files(),
    )


def _place(registry: Registry) -> str:
    return urlsplit(registry.base).netloc


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
