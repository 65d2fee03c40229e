"""A server's repository: which one it is, where its archive is asked for, and which commit that holds."""

import gzip
import io
import tarfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from crawler.repository_source import archive_url, commit_of, inside, parse_repository, repository_of
from toolcensus.errors import InputError
from toolcensus.records import Server

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PLACES = {
    "github.com/octo/notes": "pkg:github/octo/notes",
    "github.com/octo/notes/src/server": "pkg:github/octo/notes#src/server",
    "https://github.com/Octo/Notes.git": "pkg:github/octo/notes",
    "https://github.com/octo/notes/tree/main/packages/mcp": "pkg:github/octo/notes#packages/mcp",
    "https://gitlab.com/octo/notes": None,
    "pkg:npm/notes": None,
    "": None,
}


@pytest.mark.parametrize("place", PLACES)
def test_a_repository_is_read_out_of_a_servers_key_or_its_address(place: str) -> None:
    is_key = place.startswith(("github.com", "pkg:"))
    server = Server(key=place if is_key else "key", slug="s", name="n", repository=None if is_key else place)
    found = repository_of(server)
    assert (found.to_string() if found else None) == PLACES[place]


def test_the_newest_commit_is_asked_for_unless_another_one_is_named() -> None:
    means = cast("Any", SimpleNamespace(services={}))
    elsewhere = cast("Any", SimpleNamespace(services={"codeload": "http://127.0.0.1:9/"}))
    assert archive_url(parse_repository("pkg:github/octo/notes"), means).endswith("/octo/notes/tar.gz/HEAD")
    named = parse_repository("pkg:github/octo/notes@v1.0#src/server")
    assert archive_url(named, elsewhere) == "http://127.0.0.1:9/octo/notes/tar.gz/v1.0"


@pytest.mark.parametrize("text", ["pkg:npm/notes", "pkg:github/notes", "github.com/a/b", "pkg:github/a/b%2F..%2Fc"])
def test_what_names_no_repository_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_repository(text)


def archive(headers: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", format=tarfile.PAX_FORMAT, pax_headers=headers) as made:
        made.addfile(tarfile.TarInfo("notes-main/server.py"), io.BytesIO())
    return buffer.getvalue()


def test_an_archive_tells_the_commit_that_it_was_made_of() -> None:
    assert commit_of(archive({"comment": COMMIT})) == COMMIT


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        archive({}),
        archive({"comment": "no commit"}),
        gzip.compress(bytes(10_000_000)),
        b"\x1f\x8b\x08cut",
    ],
)
def test_an_archive_that_does_not_tell_it_has_none(body: bytes) -> None:
    assert commit_of(body) == ""


def test_no_folder_leads_out_of_the_archive() -> None:
    assert inside(Path("/tmp/a"), "../x/./y") == Path("/tmp/a/x/y")  # only a name
