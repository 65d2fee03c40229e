"""Choosing a file from what a simple index answers, in JSON or HTML."""

import json
from typing import Any

import pytest

from crawler.packages import pypi
from toolcensus.errors import InputError

URL = "https://mirror.example/simple/mcp-files/"


def project(*filenames: str, **more: Any) -> bytes:
    files = [{"filename": name, "url": f"../../files/{name}", "hashes": {"sha256": "ab"}} | more for name in filenames]
    return json.dumps({"meta": {"api-version": "1.1"}, "name": "MCP_Files", "files": files}).encode()


def chosen(version: str | None, *filenames: str) -> str:
    return pypi.choose(project(*filenames), URL, version).filename


def test_page_is_asked_for_under_the_normalised_name() -> None:
    assert pypi.document_url("https://mirror.example/simple", None, "MCP.Files") == URL


def test_pure_wheel_is_chosen_before_others_and_an_sdist_last() -> None:
    pure, old = "mcp_files-1.0-py3-none-any.whl", "mcp_files-1.0-py2-none-any.whl"
    linux, sdist = "mcp_files-1.0-cp311-cp311-manylinux1_x86_64.whl", "mcp_files-1.0.tar.gz"
    assert chosen(None, sdist, linux, old, pure) == pure
    assert chosen(None, sdist, linux, old) == old
    assert chosen(None, sdist, linux) == linux
    assert chosen(None, sdist) == sdist
    assert chosen(None, "mcp-files-1.0.zip") == "mcp-files-1.0.zip"


def test_newest_stable_release_is_chosen_and_a_preview_only_where_there_is_nothing_else() -> None:
    names = ["mcp_files-1.9.tar.gz", "mcp_files-1.10.tar.gz", "mcp_files-2.0rc1.tar.gz"]
    assert chosen(None, *names) == "mcp_files-1.10.tar.gz"
    assert chosen(None, names[2]) == "mcp_files-2.0rc1.tar.gz"
    assert chosen("1.9.0", *names) == "mcp_files-1.9.tar.gz"


def test_yanked_release_is_chosen_only_by_its_version() -> None:
    page = project("mcp_files-1.0.tar.gz", yanked="broken")
    assert pypi.choose(page, URL, "1.0").version == "1.0"
    with pytest.raises(InputError, match="has no release"):
        pypi.choose(page, URL, None)


def test_choice_carries_address_promise_and_size() -> None:
    found = pypi.choose(project("mcp_files-1.0.tar.gz", size=77), URL, None)
    assert (found.url, found.size) == ("https://mirror.example/files/mcp_files-1.0.tar.gz", 77)
    assert (found.version, found.integrity) == ("1.0", "sha256:ab")


def test_files_of_other_kinds_and_of_other_projects_are_left_out() -> None:
    names = ["mcp_files-9.0.egg", "mcp_files-9.0.exe", "mcp_files-9.0-odd.whl", "other-9.0.tar.gz", "x.tar.gz"]
    assert chosen(None, *names, "mcp_files-1.0.tar.gz") == "mcp_files-1.0.tar.gz"


def test_mirror_that_speaks_only_html_is_read_too() -> None:
    page = b"""<!DOCTYPE html><html><body>
        <a href="../../f/mcp_files-1.0-py3-none-any.whl#sha256=cd">mcp_files-1.0-py3-none-any.whl</a>
        <a href="../../f/mcp_files-2.0.tar.gz#sha256=ef" data-yanked="broken">mcp_files-2.0.tar.gz</a></body></html>"""
    found = pypi.choose(page, URL, None)
    assert (found.url, found.integrity) == ("https://mirror.example/f/mcp_files-1.0-py3-none-any.whl", "sha256:cd")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "JSON is malformed|truncated"),
        (b'{"message": "not found"}', "missing required field `name`"),
        (b'{"name": "x", "files": {}}', r"at `\$\.files`"),
        (b'{"name": "x", "files": [{"filename": 7}]}', r"at `\$\.files\[0\]\.filename`"),
        (b"[" * 100_000, "is no page of a PyPI project"),
        (b"<html><body>Welcome to the portal</body></html>", "has no release"),
        (project("mcp_files-1.0.tar.gz", url="file:///etc/passwd"), r"\$\.files\[\]\.url"),
    ],
)
def test_wrong_document_is_refused_by_the_field_that_is_wrong(body: bytes, field: str) -> None:
    with pytest.raises(InputError, match=field):
        pypi.choose(body, URL, None)


@pytest.mark.parametrize("version", ["3.0", "not a version"])
def test_version_that_does_not_exist_is_said_with_the_newest(version: str) -> None:
    with pytest.raises(InputError, match=f"has no release {version}") as caught:
        pypi.choose(project("mcp_files-1.0.tar.gz"), URL, version)
    assert caught.value.advice == "its newest version is 1.0"
