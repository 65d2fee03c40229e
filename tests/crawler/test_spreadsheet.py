"""Spreadsheets of strangers: the rows that they have, and what is refused."""

import io
import zipfile

import pytest

from crawler.spreadsheet import sheet_rows
from toolcensus.errors import InputError, LimitError

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRINGS = f"<sst {MAIN}><si><t>Name</t></si><si><r><t>Ki</t></r><r><t>te</t></r><rPh><t>kai</t></rPh></si></sst>"
SHEET = f"""<worksheet {MAIN}><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1"><v>7</v></c></row>
<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"/>
<c r="C2" t="inlineStr"><is><t>flies</t></is></c><c r="D2" t="s"><v>9</v></c></row>
</sheetData></worksheet>"""


def packed(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr({"strings": "xl/sharedStrings.xml", "sheet": "xl/worksheets/sheet1.xml"}[name], text)
    return file.getvalue()


def test_rows_have_the_text_of_shared_plain_and_inline_cells() -> None:
    found = list(sheet_rows(packed(strings=STRINGS, sheet=SHEET)))
    assert found == [{"A": "Name", "C": "7"}, {"A": "Kite", "C": "flies"}]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"PK\x03\x04 cut", "no spreadsheet"),
        (packed(strings=STRINGS), "no spreadsheet that can be read: .*sheet1"),
        (packed(sheet=SHEET[:-30]), "no spreadsheet that can be read"),
        (packed(sheet='<!DOCTYPE x [<!ENTITY a "b">]>' + SHEET), "has a document type"),
    ],
)
def test_what_is_no_spreadsheet_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        list(sheet_rows(body))


def test_bomb_is_refused_by_its_size() -> None:
    with pytest.raises(LimitError, match="67108865 bytes"):
        list(sheet_rows(packed(sheet=" " * (64 * 1024 * 1024 + 1))))
