"""The rows of the made-up registry as its services write them."""

import csv
import io
import zipfile
from collections.abc import Sequence
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.sources import census, lists
from toolcensus.records import Sighting

TEXT = "A made-up server"
"""What every description begins with: where a fault may put what belongs into no text."""
CELL = '<c r="{}1" t="inlineStr"><is><t>{}</t></is></c>'
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def updated(number: int) -> str:
    """Return when a row was changed: the rows are spread over a month."""
    return f"2026-01-{1 + number % 28:02}T00:00:00Z"


def official_row(one: Sighting, updated: str) -> dict[str, Any]:
    """Return a row of the official registry."""
    packages = [_registry_package(purl) for purl in one.packages]
    server: dict[str, Any] = {
        "name": one.source_id,
        "description": told(one),
        "version": "1.2.0",
        "packages": packages,
    }
    server["remotes"] = [{"type": "streamable-http", "url": url} for url in one.remotes]
    if one.repository:
        server["repository"] = {"url": one.repository, "source": "github"}
    return {"server": server, "_meta": {"made-up": {"status": "active", "updatedAt": updated, "isLatest": True}}}


def _registry_package(purl: str) -> dict[str, str]:
    kind, _, rest = purl.removeprefix("pkg:").partition("/")
    name, _, version = unquote(rest).rpartition("@")
    return {"registryType": kind, "identifier": name, "version": version}


def manifest(one: Sighting) -> dict[str, Any]:
    """Return the newest version's manifest of an npm package."""
    links = {"repository": {"type": "git", "url": one.repository}} if one.repository else {}
    return {"name": one.source_id, "version": version(one), "description": told(one), **links}


def version(one: Sighting) -> str:
    """Return the version of a sighting's package."""
    return one.packages[0].rpartition("@")[2]


def told(one: Sighting) -> str:
    """Return the description of a sighting."""
    return f"{TEXT}, {one.source_id}"


def census_table(rows: Sequence[Sighting]) -> bytes:
    """Write the table of endpoints."""
    text = io.StringIO()
    table = csv.DictWriter(text, sorted(census.COLUMNS))
    table.writeheader()
    for one in rows:
        host = urlsplit(one.remotes[0]).hostname or ""
        values = {
            "host": host,
            "endpoint": one.remotes[0],
            "confidence": census.VERIFIED,
            "server_name": f"{TEXT} {host}",
        }
        table.writerow({**dict.fromkeys(census.COLUMNS, ""), **values})
    return text.getvalue().encode()


def spreadsheet() -> bytes:
    """Write a list's spreadsheet, which has a heading alone."""
    titles = "".join(CELL.format(letter, title) for letter, title in zip("ABCD", islice(lists.COLUMNS, 4), strict=True))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        # A date of its own would give the same file another digest every time.
        archive.writestr(zipfile.ZipInfo("xl/worksheets/sheet1.xml"), SHEET.format(f"<row>{titles}</row>"))
    return packed.getvalue()
