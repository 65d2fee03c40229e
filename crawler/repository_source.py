"""A server's repository as a source archive: where it is asked for, which commit it holds, and what is read of it.

Format: the archive that GitHub makes of a commit, a gzipped pax tar whose global header has the commit as `comment`.
"""

import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from packageurl import PackageURL

from crawler.confined import Failure, Reading
from crawler.listing import Known, Means
from crawler.manners import Page
from crawler.release import UnchangedError, temporary_folder
from crawler.repository import read_place
from crawler.tarball import ACCEPT
from toolcensus.errors import InputError
from toolcensus.records import Server

TYPE = "pkg:github/"
"""How the purl of a repository begins."""
SERVICE = "codeload"
HOME = "https://codeload.github.com"
HOST = "github.com"
NEWEST = "HEAD"
BLOCK = 512
GLOBAL_HEADER = b"g"
TYPE_AT = 156
NAME = re.compile(r"(?!\.+$)[\w.-]+")
COMMIT = re.compile(rb"\d+ comment=([0-9a-f]{40}(?:[0-9a-f]{24})?)\n")
EXAMPLE = "write one such as pkg:github/owner/repository or pkg:github/owner/repository@main#folder"


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: the purl with its commit, the archive's page, and what is in it."""

    subject: str
    page: Page
    reading: Reading | Failure


def repository_of(server: Server) -> PackageURL | None:
    """Return the server's repository at GitHub as a purl, with the folder that its key names; None without one."""
    key = server.key.split("/")
    if key[0] == HOST and len(key) > 2:  # noqa: PLR2004  # host, owner, name
        return PackageURL("github", key[1], key[2], subpath="/".join(key[3:]) or None)
    place = read_place(server.repository)
    if place is None or not place.repository.startswith(f"{HOST}/"):
        return None
    _, owner, name = place.repository.split("/")
    return PackageURL("github", owner, name, subpath=place.folder or None)


def parse_repository(text: str) -> PackageURL:
    """Read a purl of the type github; raise InputError where it names no repository."""
    try:
        purl = PackageURL.from_string(text)
    except ValueError as error:
        raise InputError(f"{text[:200]!r} is no package URL: {error}", advice=EXAMPLE) from error
    named = NAME.fullmatch(purl.namespace or "") and NAME.fullmatch(purl.name)
    if purl.type != "github" or not named or ".." in (purl.subpath or "").split("/"):
        raise InputError(f"{text[:200]!r} names no repository at GitHub", advice=EXAMPLE)
    return purl


async def read_repository(purl: PackageURL, means: Means, settled: Known | None = None) -> Read:
    """Fetch a repository's source archive and read the purl's folder of it.

    Raises UnchangedError where it is what `settled` was read from, FetchError where it cannot be had.
    """
    url = archive_url(purl, means)
    met = means.remembered(url) if settled else None
    page = await means.fetcher.fetch_bytes(url, accept=ACCEPT, validators=met.validators if met else None)
    known = Page(url, digest=page.digest, validators=page.validators)
    if met and (page.unchanged or page.digest == met.digest):
        validators = page.validators if page.validators.given else met.validators
        raise UnchangedError(Page(url, digest=met.digest, unchanged=True, validators=validators))
    exact = PackageURL("github", purl.namespace, purl.name, commit_of(page.body) or purl.version, subpath=purl.subpath)
    if settled and settled.subject == exact.to_string():
        raise UnchangedError(known)
    with temporary_folder() as folder:
        path = folder / "repository"
        path.write_bytes(page.body)
        reading = await means.read(inside(path, purl.subpath))
    return Read(exact.to_string(), known, reading)


def archive_url(purl: PackageURL, means: Means) -> str:
    """Return where the archive is: the newest commit's, unless the purl names another one."""
    base = means.services.get(SERVICE, HOME).rstrip("/")
    owner, name = quote(purl.namespace or "", safe=""), quote(purl.name, safe="")
    return f"{base}/{owner}/{name}/tar.gz/{quote(purl.version or NEWEST, safe='/')}"


def inside(path: Path, folder: str | None) -> Path:
    """Return the path that leads on into an archive."""
    return path.joinpath(*(part for part in (folder or "").split("/") if part not in {"", ".", ".."}))


def commit_of(archive: bytes) -> str:
    """Return the commit that an archive was made of, nothing where it does not say; only its first blocks are read."""
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        head = unpacker.decompress(archive[: 16 * BLOCK], 3 * BLOCK)
    except zlib.error:
        return ""
    if head[TYPE_AT : TYPE_AT + 1] != GLOBAL_HEADER:
        return ""
    found = COMMIT.search(head[BLOCK:])
    return found[1].decode() if found else ""
