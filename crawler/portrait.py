"""What is written about a server, and which sighting each field came from: the one to be believed first. Pure."""

from collections.abc import Sequence

from crawler.authority import rank_of_text
from crawler.claims import package
from crawler.evidence import Told
from crawler.remote import normal_remote
from toolcensus.records import Server, Sighting

Origin = tuple[str, str]
Origins = dict[str, tuple[Origin, ...]]
"""By field of the server: (source, source id), one, or one a package or remote in their order."""


def draw(key: str, slug: str, told: Sequence[Told]) -> tuple[Server, Origins]:
    """Write a server from its sightings, which stand in the order of their authority over code."""
    speakers = sorted((sighting for sighting, _, _ in told), key=lambda one: (rank_of_text(one.source), one.source_id))
    origins: Origins = {}
    repository = _repository(told, origins)
    packages = _packages([sighting for sighting, _, _ in told], origins)
    remotes = _remotes(speakers, origins)
    name = speakers[0].name
    origins["name"] = (_origin(speakers[0]),)
    title, description = (_text(speakers, field, origins) for field in ("title", "description"))
    server = Server(
        key=key,
        slug=slug,
        name=name,
        title=title,
        description=description,
        repository=repository,
        packages=packages,
        remotes=remotes,
    )
    return server, origins


def _text(speakers: Sequence[Sighting], field: str, origins: Origins) -> str | None:
    for sighting in speakers:
        text: str | None = getattr(sighting, field)
        if text:
            origins[field] = (_origin(sighting),)
            return text
    return None


def _repository(told: Sequence[Told], origins: Origins) -> str | None:
    """Return the first repository, by the sighting that also names the folder where one does."""
    placed = [(sighting, claimed.place) for sighting, claimed, _ in told if claimed.place]
    same = [one for one in placed if one[1].repository == placed[0][1].repository]
    for sighting, _ in sorted(same, key=lambda one: not one[1].folder):
        origins["repository"] = (_origin(sighting),)
        return sighting.repository
    return None


def _packages(sightings: Sequence[Sighting], origins: Origins) -> tuple[str, ...]:
    """Return each package once, with the version that the first sighting of it gives."""
    found: dict[str, tuple[str, Origin]] = {}
    for sighting in sightings:
        for purl in sighting.packages:
            bare = package(purl)
            found.setdefault(bare[0] if bare else purl, (purl, _origin(sighting)))
    if found:
        origins["packages"] = tuple(origin for _, origin in found.values())
    return tuple(purl for purl, _ in found.values())


def _remotes(sightings: Sequence[Sighting], origins: Origins) -> tuple[str, ...]:
    found: dict[str, tuple[str, Origin]] = {}
    for sighting in sightings:
        for remote in sighting.remotes:
            found.setdefault(normal_remote(remote) or remote, (remote, _origin(sighting)))
    if found:
        origins["remotes"] = tuple(origin for _, origin in found.values())
    return tuple(remote for remote, _ in found.values())


def _origin(sighting: Sighting) -> Origin:
    return sighting.source, sighting.source_id
