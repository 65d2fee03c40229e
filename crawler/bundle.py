"""MCP bundles (`.mcpb`, before `.dxt`): zip files whose `manifest.json` says what the server is; nothing else is read.

A bundle is named by a purl of the type `generic` whose `download_url` is where it is, with a `checksum`.
"""

import struct
import zipfile
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from packageurl import PackageURL

from crawler.addresses import is_web_address
from crawler.archive import BROKEN
from crawler.members import FETCH_AGAIN, MEBIBYTE, Limits, zip_members
from toolcensus.errors import InputError, LimitError
from toolcensus.records import Record

ENDINGS: Final = (".mcpb", ".dxt")
MANIFEST: Final = "manifest.json"
LARGEST_MANIFEST: Final = 2 * MEBIBYTE
LARGEST_DIRECTORY: Final = 8 * MEBIBYTE
LONGEST_END: Final = 64 * 1024 + 22
"""The end record of a zip file with the longest comment."""
LIMITS: Final = Limits()


class Bundle(Record, frozen=True):
    """Where a bundle is, and `algorithm:hexdigest` of it where that is known."""

    url: str
    integrity: str = ""


def find_bundle(package: str) -> Bundle | None:
    """Return the bundle that a purl names; None where it names something else."""
    try:
        purl = PackageURL.from_string(package)
    except ValueError:
        return None
    named = dict(purl.qualifiers or {})
    url = named.get("download_url", "")
    try:
        is_one = purl.type == "generic" and urlsplit(url).path.lower().endswith(ENDINGS)
    except ValueError:
        return None
    return Bundle(url=url, integrity=named.get("checksum", "")) if is_one else None


def bundle_purl(url: str, version: str | None, sha256: str | None) -> str | None:
    """Return the purl of the bundle at this URL, named by its place and file; None where there is none."""
    try:
        parts = urlsplit(url)
        *folders, name = parts.path.strip("/").split("/")
        stem, dot, ending = name.rpartition(".")
        if not stem or f"{dot}{ending.lower()}" not in ENDINGS or not is_web_address(url):
            return None
        named = {"download_url": url} | ({"checksum": f"sha256:{sha256.lower()}"} if sha256 else {})
        owner = "/".join([parts.hostname or "", *folders[:2]])
        return PackageURL("generic", owner, stem, version, named).to_string()
    except ValueError:
        return None


def read_manifest(path: Path) -> bytes:
    """Return the bytes of a bundle's manifest; raise InputError where it has none that can be read."""
    try:
        _check_directory(path)
        for member in zip_members(path, LIMITS):
            if member.path != MANIFEST or member.passed_over:
                continue
            if member.size > LARGEST_MANIFEST:
                raise LimitError(f"its {MANIFEST} has {member.size} bytes; {LARGEST_MANIFEST} are read")
            return member.read()
    except (*BROKEN, OSError, RuntimeError) as error:
        raise InputError(f"the bundle is no zip file that can be read: {error}", advice=FETCH_AGAIN) from error
    raise InputError(f"the bundle has no {MANIFEST}")


def _check_directory(path: Path) -> None:
    """Raise LimitError where the list of members, which is read as a whole, is too long."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - LONGEST_END))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise zipfile.BadZipFile("it has no end record")
    (length,) = struct.unpack_from("<I", tail, at + 12)
    if length > LARGEST_DIRECTORY or tail[at - 20 : at - 16] == b"PK\x06\x07":
        raise LimitError(f"the bundle lists members in more than {LARGEST_DIRECTORY} bytes")
