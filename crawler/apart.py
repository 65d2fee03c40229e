"""Why two servers that have something in common are not one. Pure."""

from collections.abc import Iterable, Sequence

from crawler.claims import claims
from crawler.remote import host_of
from crawler.repository import Place, read_place
from toolcensus.records import Sighting


class Side:
    """What all sightings of one server claim together."""

    def __init__(self, sightings: Iterable[Sighting]) -> None:
        claimed = [(sighting, claims(sighting)) for sighting in sightings]
        self.places = dict.fromkeys(one.place for _, one in claimed if one.place)
        self.packages = dict.fromkeys(purl for _, one in claimed for purl, _ in one.packages)
        self.remotes = dict.fromkeys(remote for _, one in claimed for remote in one.remotes)
        self.registered = dict.fromkeys(one.registered for _, one in claimed if one.registered)
        self.names = dict.fromkeys(sighting.name.lower() for sighting, _ in claimed)
        self.forked = [place for sighting, _ in claimed if (place := read_place(sighting.fork_of))]

    @property
    def repositories(self) -> set[str]:
        """The repositories, whatever the folder."""
        return {place.repository for place in self.places}


def reason(mine: Sequence[Sighting], theirs: Sequence[Sighting]) -> str | None:
    """Say why two servers are kept apart; None where they have nothing in common."""
    here, there = Side(mine), Side(theirs)
    return (
        _fork(here, there)
        or _package(here, there)
        or _repository(here, there)
        or _remote(here, there)
        or _name(here, there)
    )


def _fork(here: Side, there: Side) -> str | None:
    for one, other, words in ((here, there, "it is a fork of {}"), (there, here, "{} was copied from this repository")):
        for origin in one.forked:
            if origin.repository in other.repositories:
                named = origin if one is here else next(iter(one.places), origin)
                return f"{words.format(named.repository)}, and a fork is a server of its own"
    return None


def _repository(here: Side, there: Side) -> str | None:
    shared = sorted(here.repositories & there.repositories)
    if not shared:
        return None
    repository = shared[0]
    mine, theirs = (_folders(side.places, repository) for side in (here, there))
    if mine and theirs and not mine & theirs:
        return f"another folder of {repository}: {_either(mine, theirs)}"
    if here.packages and there.packages:
        packages = _either(here.packages, there.packages)
        return f"another package of {repository}, and no source says that the two are one server: {packages}"
    if here.registered and there.registered:
        return f"another name in the registry for {repository}: {_either(here.registered, there.registered)}"
    if here.remotes and there.remotes and not here.remotes.keys() & there.remotes.keys():
        return f"another remote of {repository}: {_either(here.remotes, there.remotes)}"
    return f"{repository} holds several servers, and nothing says which of them is meant"


def _package(here: Side, there: Side) -> str | None:
    shared = here.packages.keys() & there.packages.keys()
    if shared:
        return f"so many servers name {min(shared)} that it tells nothing: it serves something else for each"
    for purl in here.packages:
        kind, _, name = purl.removeprefix("pkg:").partition("/")
        for other in there.packages:
            other_kind, _, other_name = other.removeprefix("pkg:").partition("/")
            if name == other_name and kind != other_kind and not here.repositories & there.repositories:
                return f"{purl} and {other} have the name in common, and no source says that they are one server"
    return None


def _remote(here: Side, there: Side) -> str | None:
    if shared := here.remotes.keys() & there.remotes.keys():
        if here.places and there.places:
            places = _either({place.key for place in here.places}, {place.key for place in there.places})
            return f"both name {min(shared)}, but their code is unrelated: {places}"
        return f"one of them names {min(shared)} among the remotes of several servers"
    hosts = {host_of(remote) for remote in here.remotes} & {host_of(remote) for remote in there.remotes}
    if hosts:
        return f"another address on {min(hosts)}: {_either(here.remotes, there.remotes)}"
    return None


def _name(here: Side, there: Side) -> str | None:
    if shared := here.names.keys() & there.names.keys():
        return f"only the name is the same, {min(shared)}, and a name alone joins nothing"
    return None


def _folders(places: Iterable[Place], repository: str) -> set[str]:
    return {place.folder for place in places if place.repository == repository and place.folder}


def _either(mine: Iterable[str], theirs: Iterable[str]) -> str:
    return f"{min(mine)} here, {min(theirs)} there"
