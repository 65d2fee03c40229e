"""The npm registry: one JSON document a package, full or abbreviated, and a tarball a version.

Format: the npm registry's public API (package metadata, `application/vnd.npm.install-v1+json` when abbreviated) and
Subresource Integrity for `dist.integrity`.
"""

import base64
import binascii
import re
from urllib.parse import quote, urlsplit

import msgspec

from crawler.package import Artefact
from crawler.purl import public_npm_registry
from toolcensus.errors import InputError

ECOSYSTEM = "npm"
ACCEPT = "application/vnd.npm.install-v1+json, application/json;q=0.8"
STRONGEST_FIRST = ("sha512", "sha384", "sha256", "sha1")
SEMANTIC_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})(-[0-9A-Za-z.-]+)?")
CHECK_THE_NAME = "check the name, and the registry that your npm configuration names"


class _Document(msgspec.Struct):
    versions: dict[str, msgspec.Raw]
    tags: dict[str, str] = msgspec.field(name="dist-tags", default_factory=dict)


class _Dist(msgspec.Struct):
    tarball: str
    integrity: str | None = None
    shasum: str | None = None


class _Release(msgspec.Struct):
    dist: _Dist


def document_url(base: str, namespace: str | None, name: str) -> str:
    """Return the URL of the package's document: a scope and its slash count as part of the name."""
    return f"{base}/{quote(f'{namespace}/{name}' if namespace else name, safe='@')}"


def choose(document: bytes, url: str, version: str | None) -> Artefact:
    """Choose the tarball of `version` (or tag), else of what npm would install; raise InputError if there is none."""
    try:
        read = msgspec.json.decode(document, type=_Document)
        found = _version(read, version)
        if found not in read.versions:
            raise InputError(f"{url} has no version {version or found}", advice=_newest(read))
        dist = msgspec.json.decode(read.versions[found], type=_Release).dist
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InputError(f"{url} is no npm package document: {error}", advice=CHECK_THE_NAME) from error
    tarball = _at_the_mirror(dist.tarball, url)
    if urlsplit(tarball).scheme not in {"http", "https"}:
        raise InputError(f"{url} names no tarball: $.versions[{found!r}].dist.tarball is {dist.tarball[:200]!r}")
    return Artefact(
        url=tarball,
        version=found,
        filename=urlsplit(tarball).path.rpartition("/")[2],
        integrity=_integrity(dist, url, found),
    )


def _version(document: _Document, version: str | None) -> str:
    if version is not None:
        return version if version in document.versions else document.tags.get(version, version)
    latest = document.tags.get("latest", "")
    return latest if latest in document.versions else max(document.versions, key=_precedence, default="")


def _precedence(version: str) -> tuple[bool, bool, tuple[int, ...], str]:
    """Order versions so that the newest stable one is the largest; what is no semantic version comes first."""
    match = SEMANTIC_VERSION.match(version)
    if match is None:
        return (False, False, (), version)
    return (True, match[4] is None, (int(match[1]), int(match[2]), int(match[3])), version)


def _newest(document: _Document) -> str:
    newest = _version(document, None)
    return f"its newest version is {newest}" if newest else "it was unpublished: it has no version at all"


def _at_the_mirror(tarball: str, url: str) -> str:
    """Fetch from the mirror that answered, as npm does, where its document still names the public registry."""
    public = f"{public_npm_registry()}/"
    if not tarball.startswith(public) or url.startswith(public):
        return tarball
    return f"{url.rpartition('/')[0]}/{tarball.removeprefix(public)}"


def _integrity(dist: _Dist, url: str, version: str) -> str:
    promised = dict(part.partition("?")[0].split("-", 1) for part in (dist.integrity or "").split() if "-" in part)
    for algorithm in STRONGEST_FIRST:
        if algorithm in promised:
            try:
                return f"{algorithm}:{base64.b64decode(promised[algorithm], validate=True).hex()}"
            except binascii.Error as error:
                place = f"$.versions[{version!r}].dist.integrity"
                raise InputError(f"{url}: {place} is no integrity: {error}", advice=CHECK_THE_NAME) from error
    return f"sha1:{dist.shasum.lower()}" if dist.shasum else ""
