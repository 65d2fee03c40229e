"""Which networked sources there are, where their services are reached, how fast, and with which key."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from crawler import endpoints, hosts, sources
from crawler.answer import Service
from crawler.hosts import Registry
from crawler.manners import Bounds, Manners
from crawler.rate import UNBOUNDED, Rate
from crawler.source import NetworkedSource, Source
from interfaces.flows.reach import Reach, is_loopback, opt_out
from toolcensus import shelf
from toolcensus.errors import InputError

PATIENCE = Bounds(seconds=120.0, attempts=5, longest_wait=90.0)


@dataclass(frozen=True, slots=True)
class Place:
    """A networked source and where it is asked; `missing_key` is the variable that it cannot do without."""

    source: NetworkedSource
    services: Mapping[str, Service]
    has_key: bool
    missing_key: str | None

    def parallel(self, manners: Manners) -> int:
        """Return how many requests at once its hosts allow."""
        return max(manners.rates[_host(service.base)].parallel for service in self.services.values())

    @property
    def base(self) -> str:
        """All base URLs, as the index remembers where a reading was made."""
        return " ".join(service.base for _, service in sorted(self.services.items()))


def all_sources() -> dict[str, Source]:
    """Return every source of the shelf by its name."""
    return {module.NAME: cast("Source", module) for module in shelf.modules(sources)}


def is_networked(source: Source) -> bool:
    """Say whether a source is asked page by page."""
    return hasattr(source, "SERVICES")


def named(names: Iterable[str]) -> list[Source]:
    """Return sources by their names; raise InputError where there is none of a name."""
    known = all_sources()
    for name in names:
        if name not in known:
            raise InputError(f"there is no {name!r} on this shelf", advice=f"name one of: {' '.join(known)}")
    return [known[name] for name in names]


def place(source: NetworkedSource, elsewhere: Mapping[str, str], registries: Mapping[str, Registry]) -> Place:
    """Say where a source is asked: as the endpoints file, else the user's own registries, else the source says."""
    usual = {**source.SERVICES, **{name: _root(one) for name, one in registries.items() if name in source.SERVICES}}
    bases = endpoints.bases(usual, elsewhere)
    key = source.KEY
    value = os.environ.get(key.variable, "").strip() if key else ""
    services = {
        name: Service(base, {key.header: key.scheme + value} if key and value and key.service == name else {})
        for name, base in bases.items()
    }
    missing = key.variable if key and key.needed and not value else None
    return Place(source, services, bool(value), missing)


def registries_for(asked: Iterable[Source], elsewhere: Mapping[str, str]) -> dict[str, Registry]:
    """Return the user's own npm and PyPI registries, where a source asks one that the endpoints file does not name."""
    needed = {service for source in asked for service in getattr(source, "SERVICES", {})}
    return {name: hosts.registry(name) for name in ("npm", "pypi") if name in needed and name not in elsewhere}


def manners(
    places: Iterable[Place], reach: Reach, elsewhere: Mapping[str, str], registries: Mapping[str, Registry]
) -> Manners:
    """Return how the services are asked; hosts that the user named may be private.

    Raises InputError where somebody else's host is to be asked without a pause.
    """
    chosen = {_host(base) for base in elsewhere.values()} | {one.host for one in registries.values()}
    allowed = {host.lower() for host in reach.allow_private}
    rates: dict[str, Rate] = {}
    for each in places:
        for service in each.services.values():
            host = _host(service.base)
            if reach.polite:
                rates[host] = _slower(rates.get(host), rate(each.source, has_key=each.has_key))
                continue
            if host not in allowed and not is_loopback(host):
                raise InputError(
                    f"--pace none is refused for {host}, which is somebody else's",
                    advice=f"leave it out, or, if the host is your own, add --allow-private {host}",
                )
            rates[host] = UNBOUNDED
    return Manners(
        rates=rates,
        allowed=allowed | chosen,
        authorizations={
            urlsplit(one.base).netloc: one.authorization for one in registries.values() if one.authorization
        },
        certificates=hosts.certificate_files(),
        bounds=PATIENCE,
        opt_out=opt_out(),
    )


def rate(source: NetworkedSource, *, has_key: bool) -> Rate:
    """Return how fast a source may be asked, which may be slower without its key."""
    without: Rate = getattr(source, "PACE_WITHOUT_KEY", source.PACE)
    return source.PACE if has_key else without


def _slower(one: Rate | None, other: Rate) -> Rate:
    if one is None:
        return other
    seconds = [each.per_second for each in (one, other) if each.per_second is not None]
    return Rate(min(one.parallel, other.parallel), min(seconds, default=None))


def _host(base: str) -> str:
    return (urlsplit(base).hostname or "").lower()


def _root(registry: Registry) -> str:
    return registry.base.removesuffix("/simple")
