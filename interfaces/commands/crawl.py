"""`toolcensus crawl`: list the tools of real servers into the index."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from interfaces import options

if TYPE_CHECKING:
    from interfaces.flows.crawl import Order, Report

NAME = "crawl"
PANEL = "Fill the index"
AGE = re.compile(r"(\d{1,6})([smhdw])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
INTERRUPTED = 130


def command(
    *,
    source: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Which source names the servers.")] = None,
    server: Annotated[
        list[str] | None, typer.Option(metavar="KEY|PURL", help="Only this server, on a list or not.")
    ] = None,
    listings: Annotated[str, typer.Option(metavar="WAY,…", help="How tool lists are got: static.")] = "static",
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many servers, in order of their keys.")] = None,
    max_age: Annotated[
        str | None, typer.Option(metavar="AGE", help="Trust what was read within 12h, 7d, 2w…; read all else anew.")
    ] = None,
    allow_private: Annotated[
        list[str] | None, typer.Option(metavar="HOST", help="A host of your own that may have a private address.")
    ] = None,
    pace: Annotated[Literal["polite", "none"], typer.Option(help="`none` only for hosts of your own.")] = "polite",
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Find servers, read their tools from their packages without running them, and keep them in the index.

    What has not changed is not fetched again, and a crawl that was stopped goes on where it was.
    Example: toolcensus crawl --server pkg:pypi/mcp-server-git
    """
    from interfaces import terminal
    from interfaces.flows.crawl import Order
    from interfaces.flows.reach import Reach

    order = Order(
        sources=tuple(source or ["starter"]),
        servers=tuple(server or ()),
        ways=tuple(way.strip() for way in listings.split(",")),
        limit=limit,
        max_age=_age(max_age) if max_age else None,
        reach=Reach(allow_private=tuple(allow_private or ()), polite=pace == "polite"),
    )
    try:
        report = _run(order, db, quiet=quiet or json)
    except KeyboardInterrupt:
        terminal.err().print("Stopped. Every server that was done is in the index; the next crawl goes on from there.")
        raise typer.Exit(INTERRUPTED) from None
    if json:
        terminal.print_json(report)
    else:
        _show(report, quiet=quiet, verbose=verbose)
    if not report.is_of_use:
        raise typer.Exit(2)
    if report.unreadable:
        raise typer.Exit(1)


def _run(order: "Order", db: str | None, *, quiet: bool) -> "Report":
    import asyncio

    from interfaces import terminal
    from interfaces.flows.crawl import crawl
    from toolcensus.database import open_index

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


def _age(text: str) -> timedelta:
    from toolcensus.errors import InputError

    match = AGE.fullmatch(text)
    if match is None:
        raise InputError(f"{text!r} is no age", advice="write a number and s, m, h, d or w, such as 7d")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def _show(report: "Report", *, quiet: bool, verbose: bool) -> None:
    from interfaces import terminal

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
