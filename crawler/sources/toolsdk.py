"""ToolSDK's registry: a repository with one JSON file a package, and an index of the tools that its own runs found."""

import msgspec

from crawler.addresses import is_web_address, read_address
from crawler.json_page import Row, decode, digest_of, rows, said
from crawler.package_names import image_purl, package_purl
from crawler.rate import POLITE
from crawler.source import Flaw, Reading, Request
from crawler.tarball import ACCEPT, tarball_files
from toolcensus.errors import InputError
from toolcensus.records import Sighting, Tool

NAME = "toolsdk"
HOMEPAGE = "https://github.com/toolsdk-ai/toolsdk-mcp-registry"
LICENCE = "MIT"
TERMS = "The registry is a public repository under the MIT licence, as its LICENSE file says."
EXPECTED = (3_000, 20_000)
PACE = POLITE
SERVICES = {"codeload": "https://codeload.github.com"}
APIS = ("codeload",)
KEY = None
CHANGES = False
TARBALL = "toolsdk-ai/toolsdk-mcp-registry/tar.gz/HEAD"
PACKAGES = "packages/"
INDEX = "indexes/packages-list.json"
STANDS_FOR_A_REMOTE = "@toolsdk-remote/"
"""A scope of the registry's own: no package registry has anything in it."""
ECOSYSTEMS = {"node": "npm", "python": "pypi"}


class _Remote(Row, frozen=True):
    url: str


class _Package(Row, frozen=True, rename="camel"):
    package_name: str
    runtime: str = ""
    package_version: str | None = None
    name: str | None = None
    description: str | None = None
    url: str | None = None
    license: str | None = None
    remotes: list[_Remote] = msgspec.field(default_factory=list)


class _Tool(Row, frozen=True):
    name: str
    description: str | None = None


class _Indexed(Row, frozen=True):
    path: str
    validated: bool | None = None
    tools: dict[str, msgspec.Raw] = msgspec.field(default_factory=dict)


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for the repository as one tarball; what is unchanged is not sent again."""
    del since, has_key
    return (Request(service="codeload", path=TARBALL, headers=(("Accept", ACCEPT),)),)


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read every package's file; raise InputError where the tarball holds none, or no index."""
    del request
    files = tarball_files(body, lambda path: path == INDEX or (path.startswith(PACKAGES) and path.endswith(".json")))
    flaws: list[Flaw] = []
    tools, started = _indexed(files.pop(INDEX, b"{}"), flaws)
    found: list[Sighting] = []
    for path, document in files.items():
        file = path.removeprefix(PACKAGES)
        try:
            found.append(_sighting(file, document, tools.get(file), seen, was_started=file in started))
        except InputError as error:
            flaws.append(Flaw(where=f"/{path}", reason=error.message))
    if not found:
        raise InputError("the tarball holds no packages/CATEGORY/NAME.json")
    return Reading(sightings=tuple(found), flaws=tuple(flaws))


def _indexed(document: bytes, flaws: list[Flaw]) -> tuple[dict[str, tuple[Tool, ...]], set[str]]:
    """Return the tools of each package's file, names and descriptions alone; and the files that were started."""
    indexed: dict[str, tuple[Tool, ...]] = {}
    started: set[str] = set()
    listed = decode(document, dict[str, msgspec.Raw])
    for entry, _ in rows(listed.values(), _Indexed, f"/{INDEX}", flaws):
        tools = rows(entry.tools.values(), _Tool, f"/{INDEX}#{entry.path}", flaws)
        indexed[entry.path] = tuple(Tool(name=tool.name, description=tool.description) for tool, _ in tools)
        if entry.validated:
            started.add(entry.path)
    return indexed, started


def _sighting(file: str, document: bytes, tools: tuple[Tool, ...] | None, seen: str, *, was_started: bool) -> Sighting:
    package = decode(document, _Package)
    address = read_address(package.url)
    purl = _purl(package) if was_started or package.package_name.startswith("@") else None
    licence = said(package.license)
    told = msgspec.json.encode(tools) if tools else b""
    return Sighting(
        source=NAME,
        source_id=file,
        seen=seen,
        name=said(package.name) or package.package_name,
        description=said(package.description),
        repository=address.repository,
        packages=(purl,) if purl else (),
        remotes=tuple(remote.url for remote in package.remotes if is_web_address(remote.url)),
        version=said(package.package_version),
        licence=None if licence == "unknown" else licence,
        digest=digest_of(document + told + bytes([was_started])),
        tools=tools or None,
        website=address.website or next(iter(address.remotes), None),
    )


def _purl(package: _Package) -> str | None:
    """Return the package; what has no scope and was never started is as often a mere title, such as `kibana`."""
    if package.package_name.startswith(STANDS_FOR_A_REMOTE):
        return None
    if package.runtime == "docker":
        return image_purl(package.package_name)
    ecosystem = ECOSYSTEMS.get(package.runtime)
    return package_purl(ecosystem, package.package_name, package.package_version) if ecosystem else None
