"""Curated lists: which entries are servers, which only may be one, and the ids that they have."""

import io
import zipfile
from pathlib import Path

import pytest

from crawler.sources import lists
from toolcensus.errors import InputError
from toolcensus.records import Sighting

SAVED = Path(__file__).parents[2] / "sources" / "lists"
SEEN = "2026-11-24T00:00:00Z"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def read(path: str, body: bytes) -> tuple[Sighting, ...]:
    return lists.read(lists._file(path), body, SEEN).sightings


def test_entries_become_sightings_by_the_address_as_written() -> None:
    found = read("MobinX/awesome-mcp-list/HEAD/README.md", (SAVED / "readme.md").read_bytes())
    places = [(one.source_id, one.repository or one.website or one.remotes, one.mentions) for one in found]
    kite, radio, tea = (
        "https://github.com/ada/kite-mcp",
        "https://github.com/cat/radios/tree/main/packages/radio",
        "https://mcp.tea.example.org",
    )
    shop, desk = "https://shop.example.org/about", "https://github.com/dan/desk"
    assert places == [
        (f"MobinX/awesome-mcp-list#{kite}", kite, False),
        (f"MobinX/awesome-mcp-list#{radio}", radio, False),
        (f"MobinX/awesome-mcp-list#{shop}", shop, True),
        (f"MobinX/awesome-mcp-list#{tea}", (tea,), False),
        (f"MobinX/awesome-mcp-list#{desk}", desk, True),
    ]
    assert [one.name for one in found] == ["Kite", "Radio", "Shop", "Tea", "Desk"]


def test_list_in_pages_leads_to_them_and_their_file_is_in_the_id() -> None:
    pages = lists._file("TensorBlock/awesome-mcp-servers/HEAD/README.md")
    found = lists.read(pages, b"| Toys | 2 | [Browse](docs/toys--games.md) |\n| Us | [Browse](docs/../x.md) |", SEEN)
    assert [request.path for request in found.follow] == ["TensorBlock/awesome-mcp-servers/HEAD/docs/toys--games.md"]
    (kite,) = read(found.follow[0].path, b"- [Kite](https://github.com/ada/kite-mcp)")
    assert kite.source_id == "TensorBlock/awesome-mcp-servers/docs/toys--games.md#https://github.com/ada/kite-mcp"


def test_relative_link_is_a_folder_of_the_list_itself() -> None:
    (fetch,) = read("modelcontextprotocol/servers/HEAD/README.md", b"- **[Fetch](src/fetch)** - Fetches.")
    assert fetch.source_id == "modelcontextprotocol/servers#src/fetch"
    assert fetch.repository == "https://github.com/modelcontextprotocol/servers/tree/HEAD/src/fetch"


def spreadsheet(*rows: tuple[str, ...]) -> bytes:
    cells = [
        [f'<c r="{letter}1" t="inlineStr"><is><t>{text}</t></is></c>' for letter, text in zip("ABCD", row, strict=True)]
        for row in rows
    ]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        sheet = "".join(f"<row>{''.join(row)}</row>" for row in cells)
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {MAIN}><sheetData>{sheet}</sheetData></worksheet>")
    return file.getvalue()


def test_row_of_the_spreadsheet_names_a_copy_and_its_origin_each_once() -> None:
    titles = ("MCP-servers-URL", "MCP-name", "Open-Source-MCP-URL", "License")
    row = ("https://github.com/mirror/ada_kite", "ada_kite", "https://github.com/ada/kite", "MIT License")
    copy, origin = read(lists.SPREADSHEETS[0], spreadsheet(titles, row, row))
    assert (copy.name, copy.repository, copy.fork_of) == ("ada_kite", row[0], row[2])
    assert (origin.name, origin.repository, origin.fork_of) == ("kite", row[2], None)
    assert copy.source_id == f"YuzeHao2023/Awesome-MCP-Servers/Full-List-of-MCP-Servers.xlsx#{row[0]}"


def test_what_is_no_list_is_refused() -> None:
    with pytest.raises(InputError, match="it is no list"):
        read("MobinX/awesome-mcp-list/HEAD/README.md", b"<html><h1>Just a moment</h1></html>")
    with pytest.raises(InputError, match="has not the columns"):
        read(lists.SPREADSHEETS[0], spreadsheet(("A", "B", "C", "D")))


def test_line_that_nobody_wrote_is_a_flaw_and_no_entry() -> None:
    body = b"- [Kite](https://github.com/ada/kite) - Flies\n- [Tea](https://github.com/ada/tea) - " + b"x" * 300_000
    found = lists.read(lists._file("MobinX/awesome-mcp-list/HEAD/README.md"), body, SEEN)
    assert [one.name for one in found.sightings] == ["Kite"]
    assert [flaw.where for flaw in found.flaws] == ["/line 2"]
