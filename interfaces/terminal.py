"""How anything reaches a person's terminal: answers on standard output, all talk on standard error."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

RISK_STYLE = {"low": "green", "medium": "yellow", "high": "dark_orange", "critical": "bold red"}
UNPRINTABLE = (range(9), range(11, 32), range(127, 160), range(0x202A, 0x202F), range(0x2066, 0x206A))
CONTROLS = {code: "�" for codes in UNPRINTABLE for code in codes}


def out() -> Console:
    """Return the console for answers; a pipe gets lines as wide as they are."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 160
    return Console(file=sys.stdout, highlight=False, soft_wrap=False, width=width)


def err() -> Console:
    """Return the console for talk: progress, notes, errors."""
    return Console(file=sys.stderr, highlight=False, stderr=True)


def clean(text: str) -> str:
    """Make a stranger's text safe to print: no terminal controls, no bidirectional overrides, no markup."""
    return escape(text.translate(CONTROLS))


def risk(value: str | None) -> str:
    """Return a risk in its colour, as markup."""
    return f"[{RISK_STYLE[value]}]{value}[/]" if value in RISK_STYLE else "[dim]not labelled[/]"


def table(*columns: str, title: str | None = None) -> Table:
    """Return an empty table in the house's one style."""
    made = Table(title=title, box=None, title_justify="left", header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def print_json(value: Any) -> None:
    """Print one JSON document as one line."""
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
    sys.stdout.flush()


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """Show progress bars on standard error while the block runs; nothing where it is quiet or no terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=err(), disable=quiet, transient=True) as bars:
        yield bars
