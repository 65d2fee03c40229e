"""Whom a crawl may ask, and how: registries, rates and private hosts, composed into the means of the listings."""

import asyncio
import ipaddress
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from crawler import confined, hosts
from crawler.confined import Failure, Reading
from crawler.fetch import Fetcher
from crawler.hosts import Registry
from crawler.listing import ListingWay, Means
from crawler.manners import Manners, Page
from crawler.opt_out import VARIABLE, OptOut, load_opt_out
from crawler.purl import ECOSYSTEMS
from crawler.rate import POLITE, REGISTRY, UNBOUNDED
from toolcensus.errors import InputError

INDEX_PATH = {"npm": "", "pypi": "/simple"}
"""Where below a service's base URL the documents of packages are."""


LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Reach:
    """What a person allows: hosts that may be private, one's own hosts without a pause, services elsewhere."""

    allow_private: tuple[str, ...] = ()
    polite: bool = True
    endpoints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Routes:
    """Two fetchers: one for the registries that the user chose, one that is a guest at the servers' own hosts."""

    at_registries: Means
    at_strangers: Means

    def means(self, way: ListingWay) -> Means:
        """Return what this way works with."""
        return self.at_strangers if way.STRANGERS else self.at_registries

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self.at_registries.fetcher.traffic.requests + self.at_strangers.fetcher.traffic.requests

    @property
    def bytes(self) -> int:
        """How many bytes were received."""
        return self.at_registries.fetcher.traffic.bytes + self.at_strangers.fetcher.traffic.bytes


def nothing_remembered(_: str) -> Page | None:
    """Remember no page: each is asked for as if for the first time."""
    return None


@asynccontextmanager
async def open_means(
    packages: Iterable[str], reach: Reach, remembered: Callable[[str], Page | None] = nothing_remembered
) -> AsyncIterator[Means]:
    """Yield what is needed to list `packages` (purls); raise InputError where the configuration does not allow it."""
    async with open_routes(packages, reach, remembered) as routes:
        yield routes.at_registries


@asynccontextmanager
async def open_routes(
    packages: Iterable[str], reach: Reach, remembered: Callable[[str], Page | None] = nothing_remembered
) -> AsyncIterator[Routes]:
    """Yield the routes to the registries of `packages` (purls) and to strangers; raises as `open_means` does."""
    asked = set(packages)
    wanted = [name for name in ECOSYSTEMS if any(package.startswith(f"pkg:{name}/") for package in asked)]
    registries = {name: _registry(name, reach.endpoints) for name in wanted}
    children = asyncio.Semaphore(os.cpu_count() or 1)

    async def read(path: Path) -> Reading | Failure:
        async with children:
            return await confined.read(path)

    ours = manners(registries, reach)
    allowed = _allowed(reach)
    own = {} if reach.polite else dict.fromkeys((*allowed, *LOOPBACK), UNBOUNDED)
    guest = Manners(rates=own, usual=POLITE, allowed=allowed, certificates=ours.certificates, opt_out=ours.opt_out)
    async with Fetcher(ours) as fetcher, Fetcher(guest) as visitor:
        known = Means(fetcher, registries, read, remembered, reach.endpoints)
        yield Routes(known, Means(visitor, registries, read, remembered, reach.endpoints))


def manners(registries: Mapping[str, Registry], reach: Reach) -> Manners:
    """Return how to ask these registries, which are the user's own choice and so may be private."""
    chosen = [one for registry in registries.values() for one in (registry, *registry.scopes.values())]
    allowed = _allowed(reach)
    if not reach.polite:
        for host in (registry.host for registry in chosen):
            if host not in allowed and not is_loopback(host):
                raise InputError(
                    f"--pace none is refused for {host}, which is somebody else's",
                    advice=f"leave it out, or, if the host is your own, add --allow-private {host}",
                )
    rate = REGISTRY if reach.polite else UNBOUNDED
    return Manners(
        rates={registry.host: rate for registry in chosen},
        usual=REGISTRY,
        allowed=allowed | {registry.host for registry in chosen},
        authorizations={_place(registry): registry.authorization for registry in chosen if registry.authorization},
        certificates=hosts.certificate_files(),
        opt_out=opt_out(),
    )


def opt_out() -> OptOut:
    """Return who asked not to be asked: the program's own list, and the user's where the environment names one."""
    own = os.environ.get(VARIABLE, "").strip()
    return load_opt_out([Path(own)] if own else [])


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _registry(name: str, endpoints: Mapping[str, str]) -> Registry:
    """Return the registry that the endpoints file names, else that of the user's own configuration."""
    if name in endpoints:
        return Registry(name, endpoints[name] + INDEX_PATH[name], "the endpoints file")
    return hosts.registry(name)


def _allowed(reach: Reach) -> set[str]:
    named = {urlsplit(base).hostname or "" for base in reach.endpoints.values()}
    return {host.lower() for host in reach.allow_private} | named


def _place(registry: Registry) -> str:
    return urlsplit(registry.base).netloc
