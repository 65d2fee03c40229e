"""How a census reaches a person: a bar a source while it lasts, a table at its end."""

import asyncio
from typing import TYPE_CHECKING

from rich.progress import Progress, TaskID

from interfaces import terminal
from toolcensus.database import open_index

if TYPE_CHECKING:
    from rich.console import Console

    from interfaces.flows.census import CensusOrder, CensusReport, SourceReport

OUTCOME_STYLE = {"complete": "green", "fresh": "green", "failed": "bold red", "incomplete": "red"}


def run(order: "CensusOrder", db: str | None, *, quiet: bool) -> "CensusReport":
    """Read the sources, with a bar for each unless it is to be quiet."""
    from interfaces.flows.census import census  # noqa: PLC0415  # what it needs takes half a second to import

    engine = open_index(db)
    try:
        with terminal.progress(quiet) as progress:
            return asyncio.run(census(engine, order, Bars(progress).watch))
    finally:
        engine.dispose()


class Bars:
    """One bar a source: pages read, of how many where the last reading tells, and what they held."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def watch(self, report: "SourceReport") -> None:
        """Show how far a source is."""
        if report.source not in self._tasks:
            self._tasks[report.source] = self._progress.add_task(report.source, total=report.expected_pages, note="")
        note = f"{report.sightings:,} servers, {report.new:,} new, {report.changed:,} changed, {report.failed:,} failed"
        total = report.expected_pages if report.outcome == "reading" else report.pages
        self._progress.update(self._tasks[report.source], completed=report.pages, total=total, note=note + left(report))


def left(report: "SourceReport") -> str:
    """Say how long a reading will last still, where the last one tells how many pages there are."""
    expected = report.expected_pages or 0
    if report.outcome != "reading" or not report.pages or expected <= report.pages:
        return ""
    seconds = (expected - report.pages) * report.seconds / report.pages
    return f", {seconds / 60:.0f} min left" if seconds >= 60 else f", {seconds:.0f} s left"  # noqa: PLR2004  # a minute


def show(report: "CensusReport", console: "Console") -> None:
    """Print the table of sources and what became of their sightings."""
    rows = terminal.table(
        "source", "outcome", "pages", "servers", "new", "changed", "failed", "gone", "MB", "s", "note"
    )
    for one in report.sources:
        style = "bold red" if one.is_unexpected else OUTCOME_STYLE.get(one.outcome, "yellow")
        counts = (one.pages, one.sightings, one.new, one.changed, one.failed, one.gone)
        numbers = [f"{count:,}" for count in counts]
        note = terminal.clean(one.note[:160])
        rows.add_row(
            one.source, f"[{style}]{one.outcome}[/]", *numbers, f"{one.bytes / 1e6:.1f}", f"{one.seconds:.0f}", note
        )
    console.print(rows, "")
    if report.resolved:
        console.print(f"{report.resolved.servers:,} servers and {report.resolved.candidates:,} candidates", end="")
        console.print(f" out of {report.resolved.sightings:,} sightings", end="")
        console.print(f"; {report.listings:,} tool lists brought along; {report.retired:,} servers retired")
    if report.failed:
        names = ", ".join(one.source for one in report.failed)
        console.print(f"Not as it should be: {names}; the notes in the table say why")
