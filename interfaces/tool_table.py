"""Tools as a table, for every command that lists them."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from interfaces import terminal
from toolcensus.search import Row

LEAST_WHY = 24
"""Columns below which a sentence is no use; then there is none."""

GAPS = 8


def make(rows: Sequence[Row], console: Console, *, server: bool) -> Table:
    """Return the table, as wide as the console: risk, category, tool, server where asked for, and why in one line."""
    heads = ["risk", "category", "tool", *(["server"] if server else [])]
    cells = [
        [row.risk or "not labelled", row.category or "", row.tool, *([row.slug] if server else [])] for row in rows
    ]
    used = sum(max(len(line[column]) for line in [heads, *cells]) for column in range(len(heads))) + GAPS
    left = console.width - used
    table = terminal.table(*heads, *(["why"] if left >= LEAST_WHY else []))
    for row, line in zip(rows, cells, strict=True):
        why = [terminal.clean(cut(row.rationale or row.description or "", left))] if left >= LEAST_WHY else []
        table.add_row(terminal.risk(row.risk), *map(terminal.clean, line[1:]), *why)
    return table


def cut(text: str, width: int) -> str:
    """Return the beginning of a text as one line of at most `width` columns."""
    line = " ".join(text[: width * 4].split())
    return line if len(line) <= width else f"{line[: width - 1].rstrip()}…"
