"""A census of remote endpoints: a CSV of addresses that answered as MCP servers do, asked one by one by its author."""

import csv
import io
import re

import msgspec

from crawler.addresses import is_web_address
from crawler.html_page import page_text
from crawler.json_page import digest_of, said
from crawler.rate import POLITE
from crawler.source import Flaw, Reading, Request
from toolcensus.errors import InputError
from toolcensus.records import Sighting

NAME = "census"
HOMEPAGE = "https://github.com/nikhilkaushik12345/remote-mcp-census"
LICENCE = "none stated"
TERMS = (
    "A public repository without a licence: its facts are read and kept with their source, its text is not passed on."
)
EXPECTED = (8_000, 60_000)
PACE = POLITE
SERVICES = {"github-raw": "https://raw.githubusercontent.com"}
APIS = ("github-raw",)
KEY = None
CHANGES = False
FILE = "nikhilkaushik12345/remote-mcp-census/HEAD/remote_mcp_servers.csv"
COLUMNS = {"host", "endpoint", "confidence", "server_name", "server_version", "doc_source_page"}
VERIFIED = "A_verified_mcp"
VERSION = re.compile(r"[\w.+-]{1,100}", re.ASCII)
"""Some servers answer with a sentence where their version belongs."""


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for the file; it is not sent again while it is unchanged."""
    del since, has_key
    return (Request(service="github-raw", path=FILE, headers=(("Accept", "text/csv, text/plain, */*;q=0.5"),)),)


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read every row; raise InputError where the columns are others."""
    del request
    table = csv.DictReader(io.StringIO(page_text(body), newline=""), restval=None)
    flaws: list[Flaw] = []
    found: list[Sighting] = []
    try:
        if missing := COLUMNS - set(table.fieldnames or ()):
            raise InputError(f"the table has no column {', '.join(sorted(missing))}")
        for row in table:
            if None in row or None in row.values() or not is_web_address(row["endpoint"]):
                flaws.append(Flaw(where=f"/line {table.line_num}", reason="it has other columns, or no address"))
                continue
            found.append(_sighting(row, seen))
    except csv.Error as error:
        raise InputError(f"it is no table at line {table.line_num}: {error}") from error
    return Reading(sightings=tuple(found), flaws=tuple(flaws))


def _sighting(row: dict[str, str], seen: str) -> Sighting:
    """Return one row; an address that only looks like a server to the census is a mention."""
    return Sighting(
        source=NAME,
        source_id=row["endpoint"],
        seen=seen,
        name=said(row["server_name"]) or row["host"],
        remotes=(row["endpoint"],),
        version=row["server_version"] if VERSION.fullmatch(row["server_version"]) else None,
        digest=digest_of(msgspec.json.encode([row[column] for column in sorted(COLUMNS)])),
        website=row["doc_source_page"] if is_web_address(row["doc_source_page"]) else None,
        mentions=row["confidence"] != VERIFIED,
    )
