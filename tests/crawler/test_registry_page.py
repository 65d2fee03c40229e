"""Pages of the generic registry interface, in every shape: what each field becomes."""

import json
from typing import Any

import pytest

from crawler.registry_page import first_page, read_page, smaller
from crawler.source import Reading
from toolcensus.errors import InputError
from toolcensus.records import Sighting

SEEN = "2026-11-24T00:00:00Z"
OFFICIAL = "io.modelcontextprotocol.registry/official"


def read(*servers: Any, **metadata: Any) -> Reading:
    body = json.dumps({"servers": servers, "metadata": metadata}).encode()
    return read_page("official", first_page("official", None), body, SEEN)


def one(server: dict[str, Any], **facts: Any) -> Sighting:
    (sighting,) = read({"server": {"name": "a/b"} | server, "_meta": {OFFICIAL: facts}}).sightings
    return sighting


def test_repository_has_its_folder_and_the_number_that_outlives_renames() -> None:
    found = one({"repository": {"url": "https://github.com/a/b", "source": "github", "id": "7", "subfolder": "x/y"}})
    assert found.repository == "https://github.com/a/b/tree/HEAD/x/y"
    assert found.repository_id == "github:7"
    assert one({"repository": {}}).repository is None


@pytest.mark.parametrize(
    ("package", "purl"),
    [
        ({"registryType": "npm", "identifier": "@a/b", "version": "1.0"}, "pkg:npm/%40a/b@1.0"),
        ({"registry_type": "pypi", "identifier": "A_b", "version": "1"}, "pkg:pypi/a-b@1"),
        ({"registry_name": "npm", "name": "b"}, "pkg:npm/b"),
        ({"registryType": "oci", "identifier": "docker.io/a/b:1.2"}, "pkg:docker/a/b@1.2"),
        ({"registryType": "oci", "identifier": "ghcr.io/a/b:1"}, "pkg:docker/a/b@1?repository_url=ghcr.io"),
        ({"registryType": "oci", "identifier": "a/b", "version": "3"}, "pkg:docker/a/b@3"),
        (
            {"registryType": "mcpb", "identifier": "https://a.example/o/r/x/b.mcpb", "fileSha256": "AB"},
            "pkg:generic/a.example/o/r/b?checksum=sha256:ab&download_url=https://a.example/o/r/x/b.mcpb",
        ),
        ({"registryType": "mcpb", "identifier": "b.mcpb"}, None),
        ({"registryType": "npm"}, None),
    ],
)
def test_package_becomes_a_purl(package: dict[str, str], purl: str | None) -> None:
    assert one({"packages": [package]}).packages == ((purl,) if purl else ())


def test_deleted_server_is_removed_and_a_deprecated_one_says_so() -> None:
    found = read({"server": {"name": "a/b"}, "_meta": {OFFICIAL: {"status": "deleted", "isLatest": True}}})
    assert (found.sightings, found.removed) == ((), ("a/b",))
    assert one({}, status="deprecated").status == "deprecated"
    assert one({"status": "deprecated"}).status == "deprecated"


def test_only_the_newest_version_speaks_for_a_server() -> None:
    def version(number: str, updated: str, **facts: Any) -> dict[str, Any]:
        return {"server": {"name": "a/b", "version": number}, "_meta": {OFFICIAL: {"updatedAt": updated} | facts}}

    (found,) = read(version("2", "2026-02"), version("1", "2026-01"), version("3", "2026-03", isLatest=False)).sightings
    assert found.version == "2"


def test_mark_is_the_newest_change_and_is_asked_from_the_next_time() -> None:
    assert read({"server": {"name": "a/b"}, "_meta": {"any/name": {"updatedAt": "2026-01-02"}}}).mark == "2026-01-02"
    assert ("updated_since", "2026-01-02") in first_page("official", "2026-01-02").query


def test_what_publishers_say_of_themselves_is_no_word_of_the_registry() -> None:
    meta = {"io.modelcontextprotocol.registry/publisher-provided": {"status": "deleted"}}
    assert read({"server": {"name": "a/b"}, "_meta": meta}).removed == ()


def test_lost_page_is_halved_until_there_is_no_half() -> None:
    (page,) = read(nextCursor="c").follow
    limits = []
    while page := smaller(page):  # type: ignore[assignment]
        limits.append(dict(page.query)["limit"])
    assert limits == ["50", "25", "12", "6", "3", "1"]


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"servers": 7}', b"[" * 100_000, b'{"servers": null}'])
def test_what_is_no_page_is_refused(body: bytes) -> None:
    with pytest.raises(InputError):
        read_page("official", first_page("official", None), body, SEEN)
