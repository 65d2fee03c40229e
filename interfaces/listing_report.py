"""How the listing of servers reaches a person: a bar while it lasts, the misses and the counts at its end."""

import asyncio
from typing import TYPE_CHECKING

from interfaces import terminal
from toolcensus.database import open_index

if TYPE_CHECKING:
    from interfaces.flows.crawl import Order
    from interfaces.flows.schedule import Report

SHOWN = 60


def run(order: "Order", db: str | None, *, quiet: bool) -> "Report":
    """List what is asked for, with a bar unless it is to be quiet."""
    from interfaces.flows.crawl import crawl  # noqa: PLC0415  # what it needs takes half a second to import

    engine = open_index(db)
    try:
        with terminal.progress(quiet) as bars:
            task = bars.add_task("Servers", total=None, note="")

            def watch(report: "Report") -> None:
                done = report.listed + report.unchanged + report.without
                note = f"{report.tools:,} tools, {report.without} without"
                bars.update(task, total=report.wanted, completed=done, note=note)

            return asyncio.run(crawl(engine, order, watch))
    finally:
        engine.dispose()


def show(report: "Report", *, quiet: bool, verbose: bool) -> None:
    """Print what was listed, each server without tools with the reason, and how often each way ended how."""
    talk, answer = terminal.err(), terminal.out()
    for line in report.unreadable:
        talk.print(f"[bold red]source:[/] {terminal.clean(line)}")
    if report.misses and not quiet:
        _show_misses(report, verbose=verbose)
    if len(report.ways) > 1 and not quiet:
        rows = terminal.table("way", "answers")
        for way, counts in report.ways.items():
            told = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(counts.items()))
            rows.add_row(way, told)
        answer.print(rows)
        answer.print()
    if report.unchanged:
        answer.print(f"{report.unchanged:,} servers unchanged since they were last read")
    listed = f"{report.listed:,} servers listed, {report.tools:,} tools" if report.listed else "nothing new listed"
    answer.print(
        f"{listed}; {report.without:,} without tools; {report.requests:,} requests, {report.bytes / 1e6:.1f} MB fetched"
    )


def _show_misses(report: "Report", *, verbose: bool) -> None:
    rows = terminal.table("server", "way", "outcome", "why there are no tools")
    misses = sorted(report.misses, key=lambda miss: miss.server)
    for miss in misses if verbose else misses[:SHOWN]:
        reason = miss.reason if verbose else miss.reason[:160]
        rows.add_row(terminal.clean(miss.server), miss.way, miss.outcome, terminal.clean(reason))
    terminal.out().print(rows)
    if len(misses) > SHOWN and not verbose:
        terminal.err().print(f"{len(misses) - SHOWN:,} more misses: -v shows them, and the view `funnel` counts them")
    terminal.out().print()
