"""ToolHive's registry: a repository with one folder a server, `registry/NAME/spec.yaml`."""

import msgspec

from crawler.addresses import is_web_address
from crawler.json_page import Row, digest_of, said
from crawler.package_names import image_purl
from crawler.rate import POLITE
from crawler.source import Flaw, Reading, Request
from crawler.tarball import ACCEPT, tarball_files
from crawler.yaml_page import decode_yaml
from toolcensus.errors import InputError
from toolcensus.records import Sighting, Tool

NAME = "toolhive"
HOMEPAGE = "https://github.com/stacklok/toolhive-registry"
LICENCE = "Apache-2.0"
TERMS = "The registry is a public repository under the Apache licence, version 2.0, as its LICENSE file says."
EXPECTED = (40, 1_000)
PACE = POLITE
SERVICES = {"codeload": "https://codeload.github.com"}
APIS = ("codeload",)
KEY = None
CHANGES = False
TARBALL = "stacklok/toolhive-registry/tar.gz/HEAD"


class _Spec(Row, frozen=True):
    description: str | None = None
    name: str | None = None
    title: str | None = None
    image: str | None = None
    url: str | None = None
    repository_url: str | None = None
    homepage: str | None = None
    license: str | None = None
    status: str = "Active"
    tools: list[str] = msgspec.field(default_factory=list)


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for the repository as one tarball; what is unchanged is not sent again."""
    del since, has_key
    return (Request(service="codeload", path=TARBALL, headers=(("Accept", ACCEPT),)),)


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read every server's specification; raise InputError where the tarball holds none."""
    del request
    files = tarball_files(body, lambda path: path.startswith("registry/") and path.endswith("/spec.yaml"))
    flaws: list[Flaw] = []
    found: list[Sighting] = []
    for path, document in files.items():
        try:
            found.append(_sighting(path.split("/")[1], decode_yaml(document, _Spec), digest_of(document), seen))
        except InputError as error:
            flaws.append(Flaw(where=f"/{path}", reason=error.message))
    if not found:
        raise InputError("the tarball holds no registry/NAME/spec.yaml")
    return Reading(sightings=tuple(found), flaws=tuple(flaws))


def _sighting(folder: str, spec: _Spec, digest: str, seen: str) -> Sighting:
    """Return what a specification says; of tools it has the names alone."""
    image = image_purl(spec.image) if spec.image else None
    return Sighting(
        source=NAME,
        source_id=folder,
        seen=seen,
        name=spec.name or folder,
        title=said(spec.title),
        description=said(spec.description),
        repository=said(spec.repository_url),
        packages=(image,) if image else (),
        remotes=(spec.url,) if spec.url and is_web_address(spec.url) else (),
        licence=said(spec.license),
        digest=digest,
        tools=tuple(Tool(name=name) for name in dict.fromkeys(spec.tools)) or None,
        website=said(spec.homepage),
        status="deprecated" if spec.status.lower() == "deprecated" else "active",
    )
