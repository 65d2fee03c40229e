"""The starter list, which travels with the program: well-known servers by their package, each at a pinned version."""

import hashlib
import tomllib
from collections.abc import Iterator

import msgspec

from crawler.purl import parse_purl, without_version
from toolcensus.errors import InputError
from toolcensus.records import Sighting

NAME = "starter"
HOMEPAGE = "https://github.com/toolcensus/toolcensus"
LICENCE = "Apache-2.0"
EXPECTED = (90, 400)


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    package: str
    name: str
    repository: str | None = None
    title: str | None = None
    description: str | None = None


class _List(msgspec.Struct, forbid_unknown_fields=True):
    server: list[_Entry]


def sightings(document: bytes, seen: str) -> Iterator[Sighting]:
    """Read the list (TOML, one `[[server]]` a server); raise InputError with the number of the table that is wrong."""
    try:
        entries = msgspec.convert(tomllib.loads(document.decode()), _List).server
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"the starter list is no TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise InputError(f"the starter list is wrong: {error}", advice="servers are counted from 0") from error
    for number, entry in enumerate(entries):
        try:
            purl = parse_purl(entry.package)
        except InputError as error:
            raise InputError(f"the starter list is wrong at `$.server[{number}]`: {error.message}") from error
        if purl.version is None:
            raise InputError(f"the starter list is wrong at `$.server[{number}]`: {entry.package} pins no version")
        yield Sighting(
            source=NAME,
            source_id=without_version(purl),
            seen=seen,
            name=entry.name,
            title=entry.title,
            description=entry.description,
            repository=entry.repository,
            packages=(purl.to_string(),),
            version=purl.version,
            digest=f"sha256:{hashlib.sha256(msgspec.json.encode(entry, order='sorted')).hexdigest()}",
        )
