"""Reads the rows of a spreadsheet: Office Open XML (`.xlsx`), which is a zip of XML documents (ECMA-376, part 1)."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree as ET  # documents with a DTD are refused, so that nothing can expand

from toolcensus.errors import InputError, LimitError

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRINGS = "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"
LARGEST = 64 * 1024 * 1024
"""Bytes of one document in the zip."""
MOST_ROWS = 200_000
COLUMN = re.compile(r"[A-Z]{1,3}")


def sheet_rows(body: bytes) -> Iterator[dict[str, str]]:
    """Yield each row of the first sheet as column letter → text, empty cells left out.

    Raises InputError where `body` is no spreadsheet, LimitError where it is larger than is read from strangers.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            shared = _shared(_part(archive, STRINGS)) if STRINGS in archive.namelist() else []
            sheet = _part(archive, SHEET)
        yield from _rows(sheet, shared)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, ET.ParseError) as error:
        raise InputError(f"it is no spreadsheet that can be read: {error}") from error


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    entry = archive.getinfo(name)
    if entry.flag_bits & 1:
        raise InputError(f"its {name} is encrypted")
    if entry.file_size > LARGEST:
        raise LimitError(f"its {name} has {entry.file_size} bytes; {LARGEST} are read")
    # The size that a zip states is the publisher's word; what comes out is counted too.
    with archive.open(entry) as part:
        document = part.read(LARGEST + 1)
    if len(document) > LARGEST:
        raise LimitError(f"its {name} has more than the {entry.file_size} bytes that it states")
    if b"<!DOCTYPE" in document:
        raise InputError(f"its {name} has a document type, which no spreadsheet has")
    return document


def _shared(document: bytes) -> list[str]:
    return [_text(item) for item in _elements(document, "si")]


def _rows(document: bytes, shared: list[str]) -> Iterator[dict[str, str]]:
    for count, row in enumerate(_elements(document, "row"), start=1):
        if count > MOST_ROWS:
            raise LimitError(f"it has more than {MOST_ROWS} rows")
        cells = ((COLUMN.match(cell.get("r", "")), _value(cell, shared)) for cell in row.iter(f"{MAIN}c"))
        yield {column[0]: text for column, text in cells if column and text}


def _elements(document: bytes, name: str) -> Iterator[ET.Element]:
    """Yield the elements of a name as they end, forgetting each after it was looked at."""
    for _, element in ET.iterparse(io.BytesIO(document)):  # noqa: S314  # no DTD, no expansion: see `_part`
        if element.tag == f"{MAIN}{name}":
            yield element
            element.clear()


def _value(cell: ET.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    written = (cell.findtext(f"{MAIN}v") or "").strip()
    if cell.get("t") != "s":
        return written
    number = int(written) if written.isascii() and written.isdigit() else -1
    return shared[number] if 0 <= number < len(shared) else ""


def _text(element: ET.Element) -> str:
    """Return the text of all its runs, without the phonetic ones."""
    runs = [run for run in element if run.tag != f"{MAIN}rPh"]
    return "".join(text.text or "" for run in runs for text in run.iter(f"{MAIN}t")).strip()
