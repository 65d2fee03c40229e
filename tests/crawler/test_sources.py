"""What every networked source keeps to, on its saved pages; `pages.toml` says which answers which request."""

import io
import tarfile
import tomllib
from collections import deque
from pathlib import Path
from typing import Any, cast

import pytest

import crawler.sources
from crawler.endpoints import SERVICES
from crawler.source import NetworkedSource, Reading, Request
from toolcensus import shelf
from toolcensus.errors import InputError

SAVED = Path(__file__).parents[1] / "sources"
SEEN = "2026-11-24T00:00:00Z"
MODULES = {module.__name__.rpartition(".")[2]: module for module in shelf.modules(crawler.sources)}
NETWORKED = {name: cast("NetworkedSource", module) for name, module in MODULES.items() if hasattr(module, "SERVICES")}
ERROR_PAGE = b"<!doctype html><html><head><title>502</title></head><body><h1>Bad gateway</h1></body></html>"

pytestmark = pytest.mark.parametrize("name", sorted(NETWORKED))


def saved(name: str) -> dict[str, Any]:
    return tomllib.loads((SAVED / name / "pages.toml").read_text())


def body_of(name: str, request: Request) -> bytes | None:
    """Return the first saved page that fits a request: its path, and the part of its query that is given."""
    for page in saved(name)["page"]:
        wanted = page.get("query", {}).items()
        if page["path"] == request.path and wanted <= dict(request.query).items():
            path = SAVED / name / page["file"]
            return packed(path) if path.is_dir() else path.read_bytes()
    return None


def packed(folder: Path) -> bytes:
    """Pack a folder as a forge packs a repository: everything inside one folder of the commit's name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path in sorted(folder.rglob("*")):
            archive.add(path, f"repository-0123abc/{path.relative_to(folder)}", recursive=False)
    return buffer.getvalue()


def walk(name: str) -> list[tuple[Request, Reading]]:
    """Read every saved page that the source comes to by itself."""
    source, done, read = NETWORKED[name], set(), []
    waiting = deque(source.start(None, has_key=True))
    while waiting:
        request = waiting.popleft()
        body = body_of(name, request)
        if body is None or (request.path, request.query) in done:
            continue
        done.add((request.path, request.query))
        reading = source.read(request, body, SEEN)
        read.append((request, reading))
        waiting.extend(reading.follow)
    return read


def test_source_states_what_it_is_and_allows(name: str) -> None:
    source = NETWORKED[name]
    assert source.NAME.replace("-", "_") == name
    assert source.HOMEPAGE.startswith("https://")
    assert source.LICENCE
    assert source.TERMS.endswith(".")
    assert (source.__doc__ or "").partition(": ")[2], "the first line says `Name: what it is`"
    least, most = source.EXPECTED
    assert 0 < least < most
    assert source.PACE.per_second is not None
    assert source.PACE.per_second <= 10
    assert source.SERVICES.keys() <= set(SERVICES)
    assert source.KEY is None or source.KEY.service in source.SERVICES


def test_every_request_stays_with_the_services_of_the_source(name: str) -> None:
    source = NETWORKED[name]
    requests = [*source.start(None, has_key=False)]
    requests += [request for _, reading in walk(name) for request in reading.follow]
    for request in requests:
        assert request.service in source.SERVICES
        assert "://" not in request.path
        assert not request.path.startswith("/")
        assert " " not in request.path
        assert ".." not in request.path.split("/")


def test_saved_pages_are_read_into_sightings_of_this_source(name: str) -> None:
    facts, read = saved(name), walk(name)
    sightings = [sighting for _, reading in read for sighting in reading.sightings]
    rows = [request.about for _, reading in read for request in reading.follow if request.about]
    assert sightings or rows
    for sighting in (*sightings, *rows):
        assert (sighting.source, sighting.seen) == (NETWORKED[name].NAME, SEEN)
        assert sighting.source_id.strip() == sighting.source_id != ""
        assert sighting.name
        assert sighting.digest
    if "ids" in facts:
        assert [sighting.source_id for sighting in sightings] == facts["ids"]
        assert sum(len(reading.flaws) for _, reading in read) == facts.get("flaws", 0)
        assert [gone for _, reading in read for gone in reading.removed] == facts.get("removed", [])


def test_detail_keeps_the_id_and_the_digest_of_its_row(name: str) -> None:
    for request, reading in walk(name):
        if request.about:
            kept = [*reading.sightings, *(one.about for one in reading.follow if one.about)]
            assert {(one.source_id, one.digest) for one in kept} <= {(request.about.source_id, request.about.digest)}


def test_same_page_is_always_read_the_same(name: str) -> None:
    assert walk(name) == walk(name)


def test_page_of_an_error_is_no_page_of_the_source(name: str) -> None:
    first = NETWORKED[name].start(None, has_key=True)[0]
    for body in (ERROR_PAGE, b""):
        with pytest.raises(InputError):
            NETWORKED[name].read(first, body, SEEN)


def test_every_service_is_an_interface_for_programs_or_a_site_whose_robots_txt_is_obeyed(name: str) -> None:
    source = NETWORKED[name]
    sites = source.SERVICES.keys() - set(getattr(source, "APIS", ()))
    assert set(getattr(source, "APIS", ())) <= source.SERVICES.keys()
    assert sites <= {"mcpso", "mcpservers", "smithery-site"}, "a site for people; name it in docs/sources.md"
