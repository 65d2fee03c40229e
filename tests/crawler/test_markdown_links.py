"""Entries of curated lists: what is one, what is said of it, and what is passed over."""

import time

import pytest

from crawler.markdown_links import Entry, entries


@pytest.mark.parametrize(
    ("line", "name", "url", "description"),
    [
        ("- [Kite](https://github.com/ada/kite) - Flies kites.", "Kite", "https://github.com/ada/kite", "Flies kites."),
        ("* **[a/kite](https://x.org/a_(b))** 🐍 ☁️ – Flies", "a/kite", "https://x.org/a_(b)", "🐍 ☁️ – Flies"),
        ("1. ⭐ [Kite][1] [K](https://x.org): Flies", None, None, None),
        (
            '- <img src="i.png" height="14"/> [Kite](https://x.org)<sup>1</sup> - Flies',
            "Kite",
            "https://x.org",
            "1 - Flies",
        ),
        ("- [![badge](https://b.org/i.svg)](https://b.org) [Kite](https://x.org)", "Kite", "https://x.org", None),
        (
            "- [Kite](https://x.org) [![s](https://img.shields.io/s)](https://x.org): Flies",
            "Kite",
            "https://x.org",
            "Flies",
        ),
        ("- Kite — https://x.org/kite (the official one)", "Kite", "https://x.org/kite", "(the official one)"),
        ("- kite - flies kites — https://x.org/kite", "kite", "https://x.org/kite", "flies kites"),
        ("| [Kite](https://x.org) | Flies `big` kites | 88 |", "Kite", "https://x.org", "Flies big kites"),
        ("| 7 | kite | Flies kites | [GitHub](https://x.org) |", "kite", "https://x.org", "Flies kites"),
        ("- Inspired by [Kite](https://x.org), which flies", None, None, None),
        ("See [Kite](https://x.org).", None, None, None),
        ("- nothing here", None, None, None),
    ],
)
def test_line_is_an_entry_where_its_link_comes_first(line: str, name: str, url: str, description: str) -> None:
    expected = [] if name is None else [Entry((), name, url, description)]
    assert list(entries(line)) == expected


def test_entry_knows_the_headings_above_it_and_code_is_passed_over() -> None:
    text = """# List
## 📂 <a name="files"></a>Files #
- [Kite](https://x.org/1)
```
- [not me](https://x.org/2)
```
### Deep
- [Fish](https://x.org/3)
## Clients
- [Desk](https://x.org/4)
"""
    assert [(entry.headings, entry.name) for entry in entries(text)] == [
        (("List", "📂 Files"), "Kite"),
        (("List", "📂 Files", "Deep"), "Fish"),
        (("List", "Clients"), "Desk"),
    ]


def test_address_that_a_table_shows_as_code_is_an_endpoint() -> None:
    table = "| Name | URL | By |\n|---|:-:|--|\n| Kite | `https://kite.org/v1` | [Ada](https://ada.org) flies |"
    assert list(entries(table)) == [Entry((), "Kite", "https://kite.org/v1", "Ada flies", is_address=True)]


@pytest.mark.parametrize("piece", ["[", "[a](", "[[", "<a", "![", "|", "[a](b ", "|-", "`http://", "-  ", "# a "])
def test_hostile_line_takes_no_time(piece: str) -> None:
    began = time.perf_counter()
    assert list(entries("- " + piece * 100_000)) == []
    assert time.perf_counter() - began < 2
