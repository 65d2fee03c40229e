"""Reads pages of the generic MCP registry interface (v0 and v0.1), in every shape of server.json that was ever served.

The shapes: a flat object or an envelope `{server, _meta}`; fields in snake_case (until September 2025) or camelCase;
`status` inside the server or in `_meta`; `version_detail` or `version`; `registry_name`, `registry_type` or
`registryType`; `isLatest` under any registry's own `_meta` name.
"""

from typing import Any, Final

import msgspec
from packageurl import PackageURL

from crawler.bundle import bundle_purl
from crawler.json_page import NOTHING, Row, decode, digest_of, said
from crawler.repository import with_folder
from crawler.source import Flaw, Reading, Request
from toolcensus.errors import InputError
from toolcensus.records import Sighting

PAGE_SIZE: Final = "100"
VERSIONS: Final = ("v0.1", "v0")
ECOSYSTEMS: Final = {
    "npm": "npm",
    "pypi": "pypi",
    "oci": "docker",
    "docker": "docker",
    "nuget": "nuget",
    "cargo": "cargo",
}
"""Registry type → purl type; an MCPB is a file, named by its place."""
DOCKER_HUB: Final = frozenset({"docker.io", "index.docker.io", "registry.hub.docker.com"})


class _Repository(Row, frozen=True):
    url: str | None = None
    source: str | None = None
    id: str | int | None = None
    subfolder: str | None = None


class _Package(Row, frozen=True, rename="camel"):
    registry_type: str | None = None
    snake_registry_type: str | None = msgspec.field(name="registry_type", default=None)
    registry_name: str | None = msgspec.field(name="registry_name", default=None)
    identifier: str | None = None
    name: str | None = None
    version: str | None = None
    file_sha256: str | None = None


class _Remote(Row, frozen=True):
    url: str | None = None


class _Detail(Row, frozen=True):
    version: str | None = None
    is_latest: bool | None = None


class _Server(Row, frozen=True, rename="camel"):
    name: str
    title: str | None = None
    description: str | None = None
    version: str | None = None
    version_detail: _Detail | None = msgspec.field(name="version_detail", default=None)
    status: str | None = None
    repository: _Repository | None = None
    website_url: str | None = None
    snake_website_url: str | None = msgspec.field(name="website_url", default=None)
    packages: list[_Package] | None = None
    remotes: list[_Remote] | None = None
    meta: dict[str, Any] | None = msgspec.field(name="_meta", default=None)


class _Envelope(Row, frozen=True):
    server: msgspec.Raw = NOTHING
    meta: dict[str, Any] | None = msgspec.field(name="_meta", default=None)


class _Metadata(Row, frozen=True, rename="camel"):
    next_cursor: str | None = None
    snake_next_cursor: str | None = msgspec.field(name="next_cursor", default=None)


class _Page(Row, frozen=True):
    servers: list[msgspec.Raw] | None
    metadata: _Metadata | None = None


class Facts(Row, frozen=True, rename="camel"):
    """What a registry itself says of one version: `None` where it says nothing."""

    status: str | None = None
    updated_at: str | None = None
    snake_updated_at: str | None = msgspec.field(name="updated_at", default=None)
    is_latest: bool | None = None
    snake_is_latest: bool | None = msgspec.field(name="is_latest", default=None)

    @property
    def updated(self) -> str:
        """When the registry last changed it; empty where it does not say."""
        return self.updated_at or self.snake_updated_at or ""

    @property
    def latest(self) -> bool | None:
        """Whether this is the newest version."""
        return self.is_latest if self.snake_is_latest is None else self.snake_is_latest


def first_page(service: str, since: str | None, version: str = VERSIONS[0]) -> Request:
    """Return the request for the first page: the latest version of each server, or what changed since a mark."""
    query = [("limit", PAGE_SIZE), ("version", "latest")]
    if since:
        query.append(("updated_since", since))
    return Request(service=service, path=f"{version}/servers", query=tuple(query))


def smaller(request: Request) -> Request | None:
    """Return the request for half as much from the same cursor on; None where there is no half, or no cursor.

    Where a first page cannot be had by the newest interface, it is asked for by the one before.
    """
    query = dict(request.query)
    if "cursor" not in query:
        older = request.path.replace(VERSIONS[0], VERSIONS[1], 1)
        return msgspec.structs.replace(request, path=older) if older != request.path else None
    half = int(query["limit"]) // 2
    return msgspec.structs.replace(request, query=tuple({**query, "limit": str(half)}.items())) if half else None


def read_page(source: str, request: Request, body: bytes, seen: str) -> Reading:
    """Read one page; raise InputError where it is none."""
    page = decode(body, _Page)
    if page.servers is None and page.metadata is None:
        raise InputError("it has neither servers nor metadata")
    flaws: list[Flaw] = []
    newest: dict[str, tuple[str, Sighting | None]] = {}
    marks: list[str] = []
    for number, raw in enumerate(map(bytes, page.servers or [])):
        try:
            envelope = decode(raw, _Envelope)
            server = decode(bytes(envelope.server) or raw, _Server)
            facts = _facts(server, envelope.meta)
        except InputError as error:
            flaws.append(Flaw(where=f"/servers/{number}", reason=error.message))
            continue
        marks.append(facts.updated)
        is_newest = server.name not in newest or newest[server.name][0] <= facts.updated
        if facts.latest is not False and is_newest:
            newest[server.name] = (facts.updated, _sighting(source, server, facts, raw, seen))
    return Reading(
        sightings=tuple(sighting for _, sighting in newest.values() if sighting),
        removed=tuple(name for name, (_, sighting) in newest.items() if sighting is None),
        follow=_next(request, page.metadata),
        mark=max(marks, default="") or None,
        flaws=tuple(flaws),
    )


def _next(request: Request, metadata: _Metadata | None) -> tuple[Request, ...]:
    cursor = (metadata.next_cursor or metadata.snake_next_cursor) if metadata else None
    if not cursor:
        return ()
    query = {**dict(request.query), "limit": PAGE_SIZE, "cursor": cursor}
    return (msgspec.structs.replace(request, query=tuple(query.items())),)


def _facts(server: _Server, meta: dict[str, Any] | None) -> Facts:
    """Gather what the registry says of the version, wherever this shape keeps it."""
    found: dict[str, Any] = {"status": server.status}
    if server.version_detail:
        found["isLatest"] = server.version_detail.is_latest
    for name, part in {**(server.meta or {}), **(meta or {})}.items():
        if isinstance(part, dict) and not name.endswith("/publisher-provided"):
            found.update({key: value for key, value in part.items() if value is not None})
    try:
        return msgspec.convert(found, Facts)
    except msgspec.ValidationError as error:
        raise InputError(f"what the registry says of it is no such thing: {error}") from error


def _sighting(source: str, server: _Server, facts: Facts, raw: bytes, seen: str) -> Sighting | None:
    """Return what the registry says of a server; None where it deleted it."""
    if facts.status == "deleted":
        return None
    place = server.repository or _Repository()
    url = said(place.url)
    identity = f"{place.source}:{place.id}" if place.source and place.id else None
    return Sighting(
        source=source,
        source_id=server.name,
        seen=seen,
        name=server.name,
        title=said(server.title),
        description=said(server.description),
        repository=with_folder(url, place.subfolder) if url else None,
        repository_id=identity,
        packages=tuple(dict.fromkeys(filter(None, map(_purl, server.packages or [])))),
        remotes=tuple(dict.fromkeys(remote.url for remote in server.remotes or [] if remote.url)),
        version=said(server.version or (server.version_detail.version if server.version_detail else None)),
        website=said(server.website_url or server.snake_website_url),
        status="deprecated" if facts.status == "deprecated" else "active",
        digest=digest_of(raw),
    )


def _purl(package: _Package) -> str | None:
    """Return a package as purl; None where it is of no ecosystem that purls name, or is called nothing."""
    kind = (package.registry_type or package.snake_registry_type or package.registry_name or "").lower()
    identifier, version = said(package.identifier or package.name), said(package.version)
    if kind == "mcpb" and identifier:
        return bundle_purl(identifier, version, said(package.file_sha256))
    if kind not in ECOSYSTEMS or identifier is None:
        return None
    namespace, _, name = identifier.rpartition("/")
    qualifiers: dict[str, str] = {}
    if ECOSYSTEMS[kind] == "docker":
        namespace, name, version, qualifiers = _image(identifier, version)
    try:
        return PackageURL(ECOSYSTEMS[kind], namespace or None, name, version, qualifiers or None).to_string()
    except ValueError:
        return None


def _image(identifier: str, version: str | None) -> tuple[str, str, str | None, dict[str, str]]:
    """Take an image reference apart: `[host/]owner/name[:tag][@digest]`; the Docker hub goes without saying."""
    path, _, digest = identifier.partition("@")
    head, _, last = path.rpartition("/")
    name, _, tag = last.partition(":")
    host, _, rest = head.partition("/")
    has_host = "." in host or ":" in host or host == "localhost"
    namespace = rest if has_host else head
    qualifiers = {"repository_url": host} if has_host and host not in DOCKER_HUB else {}
    return namespace, name, tag or digest or version, qualifiers
