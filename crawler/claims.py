"""What a sighting claims that can tell one server from another, each claim in its one spelling. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from packageurl import PackageURL
from packaging.utils import canonicalize_name

from crawler.remote import identifies, normal_remote
from crawler.repository import Place, read_place
from toolcensus.records import Sighting

REGISTRIES = ("official", "github-mcp", "pulsemcp")
"""Sources that speak of one namespace of server names: their id is the name, and one name is one server."""
IMAGES = ("docker", "oci")
NOISE = {"mcp", "mcps", "server", "servers", "the", "for", "a", "an", "official", "model", "context", "protocol"}
"""Words that say of a server only that it is one."""
WORD = re.compile(r"[^\W_]+")
SEPARATE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
MAX_WORDS = 12


@dataclass(frozen=True, slots=True)
class Claims:
    """Packages (purls without version) and their families, a place in a repository, remotes, a registry's name, stems.

    A stem is a name without the words that every server's name has: `mcp-server-git` and `src/git` are both `git`.
    `called` is the stem of the registry's name, `stems` those of all names.
    """

    packages: tuple[tuple[str, str], ...]
    place: Place | None
    remotes: tuple[str, ...]
    registered: str
    called: str
    stems: frozenset[str]


def claims(sighting: Sighting) -> Claims:
    """Read a sighting's claims."""
    packages = tuple(dict.fromkeys(found for text in sighting.packages if (found := package(text))))
    spelt = (normal_remote(remote) for remote in sighting.remotes)
    place = read_place(sighting.repository)
    called = _called(sighting.source_id) if sighting.source in REGISTRIES else ""
    return Claims(
        packages=packages,
        place=place,
        remotes=tuple(dict.fromkeys(remote for remote in spelt if remote and identifies(remote))),
        registered=sighting.source_id if sighting.source in REGISTRIES else "",
        called=called,
        stems=_stems(sighting, packages, place, called),
    )


@lru_cache(maxsize=4_096)
def package(text: str) -> tuple[str, str] | None:
    """Return a purl without its version and its family; None where it is no purl, or of a file that is at some place.

    Packages of one family, such as npm's or one namespace of images, are told apart by their names; an image built by
    somebody else is another way to get the same thing.
    """
    try:
        purl = PackageURL.from_string(text)
    except ValueError:
        return None
    kind, namespace, name = purl.type, purl.namespace, purl.name
    if kind == "generic":
        return None
    if kind == "pypi":
        name, namespace = canonicalize_name(name), None
    if kind == "nuget":
        name = name.lower()
    if kind not in IMAGES:
        return PackageURL(kind, namespace, name).to_string(), kind
    host = (purl.qualifiers or {}).get("repository_url", "").removeprefix("docker.io").split("/")[0]
    where = {"repository_url": host} if host else None
    bare = PackageURL("docker", namespace and namespace.lower(), name.lower(), None, where).to_string()
    return bare, f"image {host}/{namespace or ''}".lower()


def title_of(purl: str) -> str:
    """Return a package's name alone, spelt as PyPI would: without scope, owner or host."""
    return canonicalize_name(unquote(purl.rpartition("/")[2].partition("?")[0]))


def stem(text: str) -> str:
    """Return the words of a name that are its own, in order; an empty string where it has none."""
    words = [word.lower() for word in WORD.findall(SEPARATE.sub("-", text))[:MAX_WORDS]]
    return "-".join(word for word in words if word not in NOISE)


def _called(registered: str) -> str:
    """`com.acme/mcp` says nothing in its name; who publishes it is all that it is called."""
    namespace, _, name = registered.rpartition("/")
    return stem(name) or stem(namespace.rpartition(".")[2])


def _stems(
    sighting: Sighting, packages: tuple[tuple[str, str], ...], place: Place | None, called: str
) -> frozenset[str]:
    names = [sighting.name.rpartition("/")[2]]
    names.extend(title_of(purl) for purl, _ in packages)
    if place and place.folder:
        names.append(place.folder.rpartition("/")[2])
    elif place and not packages and sighting.source not in REGISTRIES:
        names.append(place.name)
    return frozenset(found for found in (called, *map(stem, names)) if found)
