"""PyPI's simple index: one document a project, as JSON (PEP 691) or, at mirrors that know no better, as HTML (PEP 503).

It lists files, so versions are read out of their names; a project's other facts are in the artefact itself.
"""

from collections.abc import Iterator
from urllib.parse import quote, urldefrag, urljoin, urlsplit

import msgspec
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version
from pypi_simple import ProjectPage, UnsupportedRepoVersionError

from crawler.package import Artefact
from toolcensus.errors import InputError

ECOSYSTEM = "pypi"
ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
STRONGEST_FIRST = ("sha512", "sha384", "sha256", "sha1", "md5")
HTML_BYTES = 8 * 1024 * 1024
SDIST_ENDINGS = (".tar.gz", ".zip")
PURE, PURE_OF_AN_OLDER_PYTHON, OF_ONE_PLATFORM, SDIST = range(4)
CHECK_THE_NAME = "check the name, and the index that your pip or uv configuration names"


class _File(msgspec.Struct):
    filename: str
    url: str
    hashes: dict[str, str] = {}
    size: int | None = None
    yanked: bool | str = False


class _Project(msgspec.Struct):
    name: str
    files: list[_File]


class _Choice(msgspec.Struct, frozen=True):
    version: Version
    rank: int
    file: _File


def document_url(base: str, namespace: str | None, name: str) -> str:  # noqa: ARG001  # PyPI has no namespaces
    """Return the URL of the project's page, under its normalised name."""
    return f"{base}/{quote(canonicalize_name(name))}/"


def choose(document: bytes, url: str, version: str | None) -> Artefact:
    """Choose the wheel of `version`, else its sdist; without a version the newest stable release that is not yanked.

    Raises InputError where the document is no project page, or has no such file.
    """
    project = _html(document, url) if document.lstrip()[:1] == b"<" else _json(document, url)
    choices = list(_choices(project))
    wanted = [choice for choice in choices if choice.version == _newest(choices, version)]
    if not wanted:
        known = sorted({choice.version for choice in choices})
        advice = f"its newest version is {known[-1]}" if known else "it has neither a wheel nor an sdist"
        raise InputError(f"{url} has no release {version or ''}".rstrip(), advice=advice)
    best = min(wanted, key=lambda choice: (choice.rank, choice.file.size or 0, choice.file.filename))
    address = urldefrag(urljoin(url, best.file.url)).url
    if urlsplit(address).scheme not in {"http", "https"}:
        raise InputError(f"{url} names no file: $.files[].url is {best.file.url[:200]!r}", advice=CHECK_THE_NAME)
    return Artefact(
        url=address,
        version=str(best.version),
        filename=best.file.filename,
        integrity=_integrity(best.file.hashes),
        size=best.file.size,
    )


def _json(document: bytes, url: str) -> _Project:
    try:
        return msgspec.json.decode(document, type=_Project)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InputError(f"{url} is no page of a PyPI project: {error}", advice=CHECK_THE_NAME) from error


def _html(document: bytes, url: str) -> _Project:
    if len(document) > HTML_BYTES:
        raise InputError(f"{url} is a page of more than {HTML_BYTES} bytes", advice="use a mirror that speaks JSON")
    name = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    try:
        page = ProjectPage.from_html(name, document, base_url=url, from_encoding="utf-8")
    except (UnsupportedRepoVersionError, ValueError, RecursionError) as error:
        raise InputError(f"{url} is no page of a PyPI project: {error}", advice=CHECK_THE_NAME) from error
    files = [_File(file.filename, file.url, dict(file.digests), file.size, file.is_yanked) for file in page.packages]
    return _Project(name, files)


def _choices(project: _Project) -> Iterator[_Choice]:
    name = canonicalize_name(project.name)
    for file in project.files:
        try:
            if file.filename.endswith(".whl"):
                found, version, _, tags = parse_wheel_filename(file.filename)
                rank = _wheel_rank({str(tag) for tag in tags})
            elif file.filename.endswith(SDIST_ENDINGS):
                found, version = parse_sdist_filename(file.filename)
                rank = SDIST
            else:
                continue
        except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
            continue
        if found == name:
            yield _Choice(version, rank, file)


def _wheel_rank(tags: set[str]) -> int:
    if "py3-none-any" in tags:
        return PURE
    return PURE_OF_AN_OLDER_PYTHON if any(tag.endswith("-none-any") for tag in tags) else OF_ONE_PLATFORM


def _newest(choices: list[_Choice], version: str | None) -> Version | None:
    """Return the version that is wanted; a yanked one only where it is asked for by name."""
    if version is not None:
        try:
            return Version(version)
        except InvalidVersion:
            return None
    offered = [choice.version for choice in choices if choice.file.yanked is False]
    stable = [found for found in offered if not found.is_prerelease]
    return max(stable or offered, default=None)


def _integrity(hashes: dict[str, str]) -> str:
    return next(
        (f"{algorithm}:{hashes[algorithm].lower()}" for algorithm in STRONGEST_FIRST if algorithm in hashes), ""
    )
