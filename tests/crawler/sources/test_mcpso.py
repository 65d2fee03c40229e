"""mcp.so: cards of its list, the record in a server's page, and what is no page of it."""

from pathlib import Path

import pytest

from crawler.source import Request
from crawler.sources import mcpso
from toolcensus.errors import InputError
from toolcensus.records import Tool

SAVED = Path(__file__).parents[2] / "sources" / "mcpso"
SEEN = "2026-11-24T00:00:00Z"
LIST = (SAVED / "list.html").read_bytes()
SERVER = (SAVED / "server.txt").read_bytes()


def details() -> list[Request]:
    page, *_ = mcpso.start(None, has_key=False)
    return [request for request in mcpso.read(page, LIST, SEEN).follow if request.about]


def test_list_leads_to_each_server_once_and_to_the_next_pages() -> None:
    found = mcpso.read(mcpso.start(None, has_key=False)[0], LIST, SEEN)
    assert [
        (request.path, request.about.source_id, request.about.title) for request in found.follow if request.about
    ] == [
        ("server/kite-mcp/ada", "/server/kite-mcp/ada", "Kite"),
        ("server/fish%20tank/ben", "/server/fish tank/ben", "Fish tank"),
    ]
    assert [dict(request.query)["page"] for request in found.follow if not request.about] == ["2", "3", "4", "5"]
    assert found.sightings == ()


def test_list_ends_at_a_page_without_servers() -> None:
    page, *_ = mcpso.start(None, has_key=False)
    assert mcpso.read(page, b"<html><main></main><script>self.__next_f.push([1,0])</script></html>", SEEN).follow == ()


@pytest.mark.parametrize("as_html", [False, True])
def test_server_has_its_repository_remote_and_tools(as_html: bool) -> None:
    text = SERVER.decode()
    pushed = "".join(
        f"<script>self.__next_f.push([1,{mcpso.json.dumps(part)}])</script>" for part in (text[:99], text[99:])
    )
    kite, _ = details()
    found = mcpso.read(kite, f"<html>{pushed}</html>".encode() if as_html else SERVER, SEEN)
    (sighting,) = found.sightings
    assert sighting.repository == "https://github.com/ada/kite-mcp"
    assert sighting.remotes == ("https://kite.example.org/sse",)
    assert sighting.description == "Flies kites in any wind."
    assert sighting.tools == (Tool(name="fly", description="Flies a kite.", input_schema={"type": "object"}),)
    assert kite.about
    assert sighting.digest == kite.about.digest


def test_server_without_a_record_stands_as_the_list_has_it() -> None:
    kite, _ = details()
    found = mcpso.read(kite, b'5:{"currentProject":{"id":null,"name":null,"url":null}}', SEEN)
    assert found.sightings == (kite.about,)


def test_tools_that_cannot_be_read_are_a_flaw_and_a_reference_is_none() -> None:
    kite, _ = details()
    broken = mcpso.read(kite, b'{"currentProject":{"tools":"[{]"}}', SEEN)
    assert [flaw.where for flaw in broken.flaws] == ["/tools"]
    assert mcpso.read(kite, b'{"currentProject":{"tools":"$2d"}}', SEEN).flaws == ()


@pytest.mark.parametrize(
    "body",
    [b"<html><h1>Just a moment</h1></html>", b"\xff", b'{"currentProject":{"url":7}}', b'{"currentProject":{"a":'],
)
def test_what_is_no_page_is_refused(body: bytes) -> None:
    kite, _ = details()
    with pytest.raises(InputError):
        mcpso.read(kite, body, SEEN)
    with pytest.raises(InputError):
        mcpso.read(mcpso.start(None, has_key=False)[0], body, SEEN)
