"""Choosing a tarball from what an npm registry answers."""

import base64
import json
from typing import Any

import pytest

from crawler.packages import npm
from crawler.purl import public_npm_registry
from toolcensus.errors import InputError

URL = "https://mirror.example/npm/@a%2Ffiles"
SHA512 = bytes(range(64))
INTEGRITY = f"sha1-AAAA sha512-{base64.b64encode(SHA512).decode()}?option"


def document(*versions: str, latest: str | None = None, **dist: Any) -> bytes:
    dist = {"tarball": "https://mirror.example/files-{}.tgz", "integrity": INTEGRITY} | dist
    releases = {v: {"name": "x", "dist": {**dist, "tarball": dist["tarball"].format(v)}} for v in versions}
    return json.dumps({"versions": releases, "dist-tags": {"latest": latest} if latest else {}}).encode()


def test_document_of_a_scoped_package_has_one_segment() -> None:
    assert npm.document_url("https://mirror.example/npm", "@a", "files") == URL
    assert npm.document_url("https://mirror.example", None, "files") == "https://mirror.example/files"


def test_version_that_is_asked_for_is_chosen_with_its_strongest_promise() -> None:
    found = npm.choose(document("1.0.0", "2.0.0", latest="2.0.0"), URL, "1.0.0")
    assert (found.version, found.url) == ("1.0.0", "https://mirror.example/files-1.0.0.tgz")
    assert (found.filename, found.integrity) == ("files-1.0.0.tgz", f"sha512:{SHA512.hex()}")


def test_without_a_version_it_is_what_npm_would_install() -> None:
    assert npm.choose(document("1.0.0", "2.0.0-beta.1", latest="2.0.0-beta.1"), URL, None).version == "2.0.0-beta.1"
    assert npm.choose(document("1.9.0", "1.10.0", "2.0.0-rc.1", "odd"), URL, None).version == "1.10.0"
    assert npm.choose(document("1.0.0", latest="1.0.0"), URL, "latest").version == "1.0.0"


def test_old_release_promises_only_a_shasum() -> None:
    assert npm.choose(document("1.0.0", integrity=None, shasum="AB" * 20), URL, None).integrity == f"sha1:{'ab' * 20}"
    assert npm.choose(document("1.0.0", integrity=None), URL, None).integrity == ""


def test_mirror_that_kept_the_public_registrys_links_is_asked_itself() -> None:
    public = document("1.0.0", tarball=public_npm_registry() + "/@a/files/-/files-{}.tgz")
    assert npm.choose(public, URL, None).url == "https://mirror.example/npm/@a/files/-/files-1.0.0.tgz"
    itself = npm.choose(public, public_npm_registry() + "/@a%2Ffiles", None)
    assert itself.url == public_npm_registry() + "/@a/files/-/files-1.0.0.tgz"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"<html>not a registry</html>", "JSON is malformed"),
        (b'{"error": "Not found"}', "missing required field `versions`"),
        (b'{"versions": []}', r"at `\$\.versions`"),
        (b'{"versions": {"1.0.0": {}}}', "missing required field `dist`"),
        (b'{"versions": {"1.0.0": {"dist": {"tarball": 7}}}}', r"at `\$\.dist\.tarball`"),
        (b"[" * 100_000, "is no npm package document"),
        (document("1.0.0", tarball="file:///etc/passwd"), r"\$\.versions\['1\.0\.0'\]\.dist\.tarball"),
        (document("1.0.0", integrity="sha512-%%%"), r"\$\.versions\['1\.0\.0'\]\.dist\.integrity is no integrity"),
    ],
)
def test_wrong_document_is_refused_by_the_field_that_is_wrong(body: bytes, field: str) -> None:
    with pytest.raises(InputError, match=field):
        npm.choose(body, URL, None)


def test_version_that_does_not_exist_is_said_with_the_newest() -> None:
    with pytest.raises(InputError, match="has no version 3") as caught:
        npm.choose(document("1.0.0", latest="1.0.0"), URL, "3.0.0")
    assert caught.value.advice == "its newest version is 1.0.0"
    with pytest.raises(InputError) as caught:
        npm.choose(b'{"versions": {}}', URL, None)
    assert caught.value.advice == "it was unpublished: it has no version at all"
