"""Sightings joined by what names one server wherever it stands: a registry's name, a package, a remote. Pure."""

from collections.abc import Iterator

from crawler.authority import AUTHORS
from crawler.components import Components
from crawler.evidence import Kind
from crawler.ledger import Ledger, related, sharing

TOO_MANY = 3
"""Two publishers or names of one package are mostly a server that moved; three are several servers that share it.

The same goes for remotes: two may be regions of one server."""


def join_by_names(ledger: Ledger, sets: Components, families: set[int]) -> set[int]:
    """Join what shares a registry's name, a package or a remote, but for the remotes of families of servers.

    Returns the marks that are shared by strangers.
    """
    numbers = range(len(ledger))
    for _, group in sharing((ledger.registered[number], number) for number in numbers):
        _join(sets, group, Kind.REGISTERED)
    strangers: set[int] = set()
    for value, group in sharing(ledger.packages.pairs()):
        if _is_shared(ledger, group):
            strangers.add(value)
        else:
            _join(sets, group, Kind.PACKAGE)
            _settle_home(ledger, group)
    for value, group in sharing(ledger.remotes.pairs()):
        if _is_shared(ledger, group):
            strangers.add(value)
        else:
            _join_remote(ledger, sets, [number for number in group if number not in families])
    _join_said(ledger, sets)
    return strangers


def _join(sets: Components, group: list[int], kind: Kind) -> None:
    for number in group[1:]:
        sets.join(group[0], number, kind)


def _is_shared(ledger: Ledger, group: list[int]) -> bool:
    """Whether so many servers name one thing that it tells nothing: unrelated publishers, or names of one publisher.

    A proxy, a host's common endpoint, or a package that serves something else with each argument.
    """
    published = [number for number in group if ledger.registered[number]]
    homes = {ledger.owner[number] or ledger.namespace[number] for number in published}
    return max(len(homes), len({ledger.called[number] for number in published})) >= TOO_MANY


def _settle_home(ledger: Ledger, group: list[int]) -> None:
    """Where sightings of one package name repositories of several owners, a catalogue's word for another one is void.

    Otherwise whoever lists a fork under the package of its origin would make one server of both repositories.
    """
    placed = sorted((number for number in group if ledger.repository[number]), key=ledger.rank)
    for number in placed[1:]:
        stranger = ledger.owner[number] != ledger.owner[placed[0]]
        if stranger and ledger.sources[ledger.source[number]] not in AUTHORS:
            ledger.repository[number] = 0


def find_families(ledger: Ledger) -> set[int]:
    """Return the sightings whose remotes some source lists as several servers: a family, not one of them."""
    told: dict[tuple[int, int], dict[int, int]] = {}
    for value, group in sharing(ledger.remotes.pairs()):
        several = [number for number in group if len(ledger.remotes.of(number)) > 1]
        for number in several:
            endpoint = ledger.endpoints.of(number)[ledger.remotes.of(number).index(value)]
            for other in group:
                if other != number:
                    told.setdefault((number, ledger.source[other]), {})[other] = endpoint
    return {number for (number, _), endpoints in told.items() if len(set(endpoints.values())) >= TOO_MANY}


def _join_remote(ledger: Ledger, sets: Components, group: list[int]) -> None:
    """Join sightings of one remote, but not those that are said to come from unrelated code."""
    heads: list[int] = []
    for number in group:
        for head in heads:
            if _may_be_one(ledger, sets, head, number):
                sets.join(head, number, Kind.REMOTE)
                break
        else:
            heads.append(number)


def _may_be_one(ledger: Ledger, sets: Components, one: int, other: int) -> bool:
    """Whether the code behind two sets is unknown, or some of it has the same owner or name and no other folder."""
    if sets.find(one) == sets.find(other):
        return True
    mine, theirs = list(_placed(ledger, sets, one)), list(_placed(ledger, sets, other))
    return not mine or not theirs or any(_same_code(ledger, here, there) for here in mine for there in theirs)


def _placed(ledger: Ledger, sets: Components, number: int) -> Iterator[int]:
    """Yield one member a repository and folder."""
    met = set()
    for member in sets.members(number):
        where = (ledger.repository[member], ledger.folder[member])
        if where[0] and where not in met:
            met.add(where)
            yield member


def _same_code(ledger: Ledger, one: int, other: int) -> bool:
    folders = {ledger.folder[one], ledger.folder[other]} - {0}
    return related(ledger, one, other) and len(folders) < 2  # noqa: PLR2004  # two folders are two places


def _join_said(ledger: Ledger, sets: Components) -> None:
    """Join a sighting with what its source itself says is the same."""
    wanted = {value for value, _ in ledger.said}
    if not wanted:
        return
    named: dict[int, int] = {}
    columns = (ledger.packages.pairs(), ledger.remotes.pairs(), _registered(ledger))
    for pairs in columns:
        for value, number in pairs:
            if value in wanted:
                named.setdefault(value, number)
    for value, number in ledger.said:
        if value in named:
            sets.join(named[value], number, Kind.SAID)


def _registered(ledger: Ledger) -> Iterator[tuple[int, int]]:
    """Yield (mark of the registry's name, sighting)."""
    return ((value, number) for number, value in enumerate(ledger.registered))
