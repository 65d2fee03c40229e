"""Docker's catalogue: a repository with one folder a server, `servers/NAME/server.yaml` and `tools.json`."""

from typing import Any

import msgspec

from crawler.json_page import Row, decode, digest_of, rows, said
from crawler.package_names import image_purl
from crawler.rate import POLITE
from crawler.repository import with_folder
from crawler.source import Flaw, Reading, Request
from crawler.tarball import ACCEPT, tarball_files
from crawler.yaml_page import decode_yaml
from toolcensus.errors import InputError
from toolcensus.records import Sighting, Tool

NAME = "docker"
HOMEPAGE = "https://hub.docker.com/mcp"
LICENCE = "MIT"
TERMS = "The catalogue is a public repository under the MIT licence, https://github.com/docker/mcp-registry."
EXPECTED = (200, 2_000)
PACE = POLITE
SERVICES = {"codeload": "https://codeload.github.com"}
APIS = ("codeload",)
KEY = None
CHANGES = False
TARBALL = "docker/mcp-registry/tar.gz/HEAD"


class _About(Row, frozen=True):
    title: str | None = None
    description: str | None = None


class _Source(Row, frozen=True):
    project: str | None = None
    directory: str | None = None


class _Remote(Row, frozen=True):
    url: str | None = None


class _Server(Row, frozen=True):
    name: str
    image: str | None = None
    about: _About = _About()
    source: _Source = _Source()
    remote: _Remote = _Remote()


class _Argument(Row, frozen=True):
    name: str
    type: str | None = None
    description: str | None = msgspec.field(name="desc", default=None)
    items: dict[str, Any] | None = None


class _Tool(Row, frozen=True, rename={"input_schema": "inputSchema"}):
    name: str
    description: str | None = None
    arguments: list[_Argument] | None = None
    input_schema: dict[str, Any] | None = None
    annotations: dict[str, Any] | None = None


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for the repository as one tarball; what is unchanged is not sent again."""
    del since, has_key
    return (Request(service="codeload", path=TARBALL, headers=(("Accept", ACCEPT),)),)


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read every server's folder; raise InputError where the tarball holds none."""
    del request
    files = tarball_files(
        body, lambda path: path.startswith("servers/") and path.endswith(("/server.yaml", "/tools.json"))
    )
    flaws: list[Flaw] = []
    found: list[Sighting] = []
    for path, document in files.items():
        if path.endswith("/server.yaml") and path.count("/") == 2:  # noqa: PLR2004  # servers/NAME/server.yaml
            try:
                found.append(_sighting(path, document, files, seen, flaws))
            except InputError as error:
                flaws.append(Flaw(where=f"/{path}", reason=error.message))
    if not found:
        raise InputError("the tarball holds no servers/NAME/server.yaml")
    return Reading(sightings=tuple(found), flaws=tuple(flaws))


def _sighting(path: str, document: bytes, files: dict[str, bytes], seen: str, flaws: list[Flaw]) -> Sighting:
    server = decode_yaml(document, _Server)
    tools = path.replace("server.yaml", "tools.json")
    image = image_purl(server.image) if server.image else None
    project = said(server.source.project)
    return Sighting(
        source=NAME,
        source_id=path.split("/")[1],
        seen=seen,
        name=server.name,
        title=said(server.about.title),
        description=said(server.about.description),
        repository=with_folder(project, server.source.directory) if project else None,
        packages=(image,) if image else (),
        remotes=(server.remote.url,) if server.remote.url else (),
        digest=digest_of(document + files.get(tools, b"")),
        tools=_tools(files.get(tools, b"[]"), tools, flaws),
    )


def _tools(document: bytes, path: str, flaws: list[Flaw]) -> tuple[Tool, ...] | None:
    """Read a tool list; an empty one says that the tools are known only when the server runs."""
    listed = [
        Tool(
            name=tool.name,
            description=tool.description,
            input_schema=tool.input_schema if tool.arguments is None else _schema(tool.arguments),
            annotations=tool.annotations,
        )
        for tool, _ in rows(decode(document, list[msgspec.Raw]), _Tool, f"/{path}", flaws)
    ]
    return tuple(listed) or None


def _schema(arguments: list[_Argument]) -> dict[str, Any]:
    """Return the schema that a list of arguments stands for; which of them are required it does not always say."""
    properties = {
        argument.name: {
            key: value
            for key, value in (
                ("type", argument.type),
                ("description", argument.description),
                ("items", argument.items),
            )
            if value
        }
        for argument in arguments
    }
    return {"type": "object", "properties": properties}
