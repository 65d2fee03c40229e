"""How the listing of servers reaches a person: a bar while it lasts, the misses and the counts at its end."""

import asyncio
from typing import TYPE_CHECKING

from interfaces import terminal
from toolcensus.database import open_index

if TYPE_CHECKING:
    from interfaces.flows.crawl import Order, Report


def run(order: "Order", db: str | None, *, quiet: bool) -> "Report":
    """List what is asked for, with a bar unless it is to be quiet."""
    from interfaces.flows.crawl import crawl  # noqa: PLC0415  # what it needs takes half a second to import

    engine = open_index(db)
    try:
        with terminal.progress(quiet) as bars:
            task = bars.add_task("Servers", total=None, note="")

            def watch(report: "Report") -> None:
                done = report.listed + report.unchanged + len(report.misses)
                note = f"{report.tools:,} tools, {len(report.misses)} without"
                bars.update(task, total=report.wanted, completed=done, note=note)

            return asyncio.run(crawl(engine, order, watch))
    finally:
        engine.dispose()


def show(report: "Report", *, quiet: bool, verbose: bool) -> None:
    """Print what was listed, and each server without tools with the reason."""
    talk, answer = terminal.err(), terminal.out()
    for line in report.unreadable:
        talk.print(f"[bold red]source:[/] {terminal.clean(line)}")
    if report.misses and not quiet:
        rows = terminal.table("server", "outcome", "why there are no tools")
        for miss in sorted(report.misses, key=lambda miss: miss.server):
            rows.add_row(
                terminal.clean(miss.server), miss.outcome, terminal.clean(miss.reason if verbose else miss.reason[:160])
            )
        answer.print(rows)
        answer.print()
    if report.unchanged:
        answer.print(f"{report.unchanged} servers unchanged since they were last read")
    listed = f"{report.listed} servers listed, {report.tools:,} tools" if report.listed else "nothing new listed"
    answer.print(
        f"{listed}; {len(report.misses)} without tools; {report.requests} requests, {report.bytes / 1e6:.1f} MB fetched"
    )
