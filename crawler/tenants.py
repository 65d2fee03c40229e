"""Which servers live in one repository, and which sightings of the repository mean which of them. Pure.

Two folders, two packages or two registered names are two servers, unless a source says otherwise; a package that npm
and PyPI have under one name and both say to come from this repository is one. Where nobody tells
several apart, everything that names the repository is one server. Where several are known, a sighting that names only
the repository means the one whose name it has; else it means the repository as a whole, which is no server of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from crawler.components import Components
from crawler.evidence import Kind
from crawler.ledger import Ledger, sharing

CROWD = 200
"""A repository of more sets that are told apart holds several servers; comparing each with each would take too long."""


@dataclass(slots=True)
class Tenant:
    """What one set of sightings claims, as marks. `firm` is False where they only mention MCP."""

    number: int
    firm: bool = False
    folders: set[int] = field(default_factory=set)
    packages: dict[int, set[int]] = field(default_factory=dict)
    titles: set[int] = field(default_factory=set)
    registered: set[int] = field(default_factory=set)
    called: set[int] = field(default_factory=set)
    remotes: dict[int, set[int]] = field(default_factory=dict)
    stems: set[int] = field(default_factory=set)

    @property
    def is_told_apart(self) -> bool:
        """Whether something more than the repository says which server this is."""
        return bool(self.folders or self.packages or self.registered or self.remotes)

    def absorb(self, other: "Tenant") -> None:
        """Take over what another set claims."""
        self.firm |= other.firm
        self.folders |= other.folders
        self.registered |= other.registered
        self.called |= other.called
        self.stems |= other.stems
        self.titles |= other.titles
        for mine, theirs in ((self.packages, other.packages), (self.remotes, other.remotes)):
            for name, values in theirs.items():
                mine.setdefault(name, set()).update(values)


def join_by_repositories(ledger: Ledger, sets: Components, images: Iterable[int]) -> set[int]:
    """Join sightings of one repository where they mean one server; return a member of each set that means it whole."""
    images = frozenset(images)
    present = ((ledger.present(ledger.repository[number]), number) for number in range(len(ledger)))
    wholes: set[int] = set()
    for _, group in sharing(present):
        roots = dict.fromkeys(map(sets.find, group))
        if len(roots) > 1:
            tenants = [_tenant(ledger, sets, root, ledger.present(ledger.repository[group[0]])) for root in roots]
            wholes |= _settle(sets, tenants, images)
    return wholes


def _tenant(ledger: Ledger, sets: Components, root: int, repository: int) -> Tenant:
    tenant = Tenant(root)
    for number in sets.members(root):
        tenant.firm |= not ledger.mentions[number]
        if ledger.folder[number] and ledger.present(ledger.repository[number]) == repository:
            tenant.folders.add(ledger.folder[number])
        if ledger.registered[number]:
            tenant.registered.add(ledger.registered[number])
            tenant.called.add(ledger.called[number])
        for family, purl in zip(ledger.families.of(number), ledger.packages.of(number), strict=True):
            tenant.packages.setdefault(family, set()).add(purl)
        tenant.titles.update(ledger.titles.of(number))
        if remotes := ledger.remotes.of(number):
            tenant.remotes.setdefault(ledger.source[number], set()).update(remotes)
        tenant.stems.update(ledger.stems.of(number))
    return tenant


def _settle(sets: Components, tenants: list[Tenant], images: frozenset[int]) -> set[int]:
    """Join the tenants of one repository as far as they are known to be one; return members of what means it whole."""
    said = [tenant for tenant in tenants if tenant.firm and tenant.is_told_apart]
    bare = [tenant for tenant in tenants if not tenant.is_told_apart]
    mentioned = [tenant for tenant in tenants if tenant.is_told_apart and not tenant.firm]
    if len(said) <= CROWD and not any(differ(one, other, images) for one, other in combinations(said, 2)):
        _unite(sets, [*said, *bare], Kind.REPOSITORY)
        _adopt(sets, [*said, *bare][:1], mentioned, images)
        return set()
    known = _unite_folders(sets, said, images)
    known = _unite_named(sets, known, known, images)
    _unite_named(sets, mentioned, known, images)
    rest = _unite_named(sets, bare, known, images)
    _unite(sets, rest, Kind.WHOLE)
    return {rest[0].number} if rest else set()


def differ(one: Tenant, other: Tenant, images: frozenset[int]) -> bool:
    """Whether a folder, a package, a registered name or one source's remotes tell two tenants of a repository apart."""
    if one.folders and other.folders and not one.folders & other.folders:
        return True
    if one.registered and other.registered and not one.registered & other.registered and not one.called & other.called:
        return True
    if _packages_differ(one, other, images):
        return True
    return any(not one.remotes[source] & other.remotes[source] for source in one.remotes.keys() & other.remotes.keys())


def _packages_differ(one: Tenant, other: Tenant, images: frozenset[int]) -> bool:
    """Two packages of one family are two servers, and so are npm's and PyPI's of two names; images tell nothing."""
    if any(one.packages[family] & other.packages[family] for family in one.packages.keys() & other.packages.keys()):
        return False
    if one.packages.keys() & other.packages.keys():
        return True
    return bool(one.packages.keys() - images and other.packages.keys() - images) and not one.titles & other.titles


def _unite(sets: Components, tenants: list[Tenant], kind: Kind) -> None:
    for tenant in tenants[1:]:
        sets.join(tenants[0].number, tenant.number, kind)
        tenants[0].absorb(tenant)


def _unite_folders(sets: Components, tenants: list[Tenant], images: frozenset[int]) -> list[Tenant]:
    """Join those of one folder; where its packages differ, they stay apart."""
    known: list[Tenant] = []
    by_folder: dict[int, list[Tenant]] = {}
    for tenant in tenants:
        there = (one for folder in tenant.folders for one in by_folder.get(folder, ()))
        fits = [one for one in there if not differ(one, tenant, images)]
        if fits:
            sets.join(fits[0].number, tenant.number, Kind.FOLDER)
            fits[0].absorb(tenant)
            continue
        known.append(tenant)
        for folder in tenant.folders:
            by_folder.setdefault(folder, []).append(tenant)
    return known


def _unite_named(sets: Components, tenants: list[Tenant], known: list[Tenant], images: frozenset[int]) -> list[Tenant]:
    """Join each tenant with the one known tenant that has its name; return those that there is none for."""
    by_stem: dict[int, list[Tenant]] = {}
    for one in known:
        for stem in one.stems:
            by_stem.setdefault(stem, []).append(one)
    left, gone = [], set()
    for tenant in tenants:
        fits = {one.number: one for one in _namesakes(tenant, by_stem) if one.number not in gone}
        fits = {number: one for number, one in fits.items() if not differ(one, tenant, images)}
        if len(fits) != 1:
            left.append(tenant)
            continue
        (fit,) = fits.values()
        sets.join(fit.number, tenant.number, Kind.NAMED)
        fit.absorb(tenant)
        gone.add(tenant.number)
        for stem in tenant.stems:
            by_stem.setdefault(stem, []).append(fit)
    return left


def _namesakes(tenant: Tenant, by_stem: dict[int, list[Tenant]]) -> Iterator[Tenant]:
    for stem in tenant.stems:
        yield from (one for one in by_stem.get(stem, ()) if one is not tenant)


def _adopt(sets: Components, server: list[Tenant], mentioned: list[Tenant], images: frozenset[int]) -> None:
    """Join the repository's one server with its package, where only one is mentioned, or one of the server's name."""
    fits = [one for one in mentioned if server and not differ(server[0], one, images)]
    if len(fits) > 1:
        fits = [one for one in fits if one.stems & server[0].stems]
    if len(fits) == 1:
        sets.join(server[0].number, fits[0].number, Kind.REPOSITORY)
