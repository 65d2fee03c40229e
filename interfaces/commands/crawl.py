"""`toolcensus crawl`: read the sources, and list the tools of real servers, into the index."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from interfaces import options

if TYPE_CHECKING:
    from interfaces.flows.crawl import Order
    from interfaces.flows.schedule import Report

NAME = "crawl"
PANEL = "Fill the index"
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Screen:
    """Which index, and how much of what happens is told."""

    db: str | None
    quiet: bool
    json: bool
    verbose: bool


def command(
    *,
    source: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Read this source of servers.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Read every source: the whole census.")] = False,
    server: Annotated[
        list[str] | None, typer.Option(metavar="KEY|PURL", help="Only this server, on a list or not.")
    ] = None,
    listings: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WAY,…",
            help="Get tool lists by all of these: registry, card, live, static, sandbox. Else the cheapest that lists,"
            " never sandbox; a census lists only if told to.",
        ),
    ] = None,
    endpoints: Annotated[
        Path | None, typer.Option(metavar="FILE", help='Ask services elsewhere: TOML lines, service = "base URL".')
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many servers of a source, or to list.")] = None,
    max_age: Annotated[
        str | None, typer.Option(metavar="AGE", help="Trust what was read within 12h, 7d, 2w…; read all else anew.")
    ] = None,
    allow_private: Annotated[list[str] | None, typer.Option(metavar="HOST", help="Your own, private host.")] = None,
    pace: Annotated[Literal["polite", "none"], typer.Option(help="`none` only for hosts of your own.")] = "polite",
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Find servers, get their tools, and keep both in the index. Nothing is run unless --listings names sandbox.

    What has not changed is not fetched again, and a crawl that was stopped goes on where it was. With --listings alone,
    the servers that the index holds are listed.
    Example: toolcensus crawl --server pkg:pypi/mcp-server-git
    """
    from interfaces.age import read_age
    from interfaces.flows.crawl import Order
    from interfaces.flows.reach import Reach

    networked, others = _sources(source or (), every=every, is_census=not server)
    order = Order(
        sources=others,
        servers=tuple(server or ()),
        ways=_ways(listings),
        everything=listings is not None and not (source or server or every),
        limit=limit,
        max_age=read_age(max_age) if max_age else None,
        reach=Reach(tuple(allow_private or ()), pace == "polite", _endpoints(endpoints) if endpoints else {}),
    )
    raise typer.Exit(_run(order, networked, Screen(db, quiet=quiet, json=json, verbose=verbose), every=every))


def _run(order: "Order", networked: tuple[str, ...], screen: Screen, *, every: bool) -> int:
    """Crawl and return the exit code."""
    from interfaces import terminal

    try:
        return _census(order, networked, screen, every=every) if networked else _list(order, screen)
    except KeyboardInterrupt:
        terminal.err().print("Stopped. Every server that was done is in the index; the next crawl goes on from there.")
        return INTERRUPTED


def _ways(asked: list[str] | None) -> tuple[str, ...] | None:
    if asked is None:
        return None
    return tuple(way.strip() for text in asked for way in text.split(",") if way.strip())


def _sources(asked: Sequence[str], *, every: bool, is_census: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the networked sources that are to be read, and those that travel with the program."""
    from interfaces.flows import places

    names = tuple(places.all_sources()) if every else tuple(asked or ["starter"])
    networked = tuple(one.NAME for one in places.named(names) if is_census and places.is_networked(one))
    return networked, tuple(name for name in names if name not in networked)


def _list(order: "Order", screen: Screen) -> int:
    """List servers and return the exit code."""
    from interfaces import listing_report, terminal

    report = listing_report.run(order, screen.db, quiet=screen.quiet or screen.json)
    if screen.json:
        terminal.print_json(report)
    else:
        listing_report.show(report, quiet=screen.quiet, verbose=screen.verbose)
    return _code(report)


def _code(report: "Report") -> int:
    if not report.is_of_use:
        return 2
    return 1 if report.unreadable else 0


def _census(order: "Order", networked: tuple[str, ...], screen: Screen, *, every: bool) -> int:
    """Read networked sources, then list servers where that is asked for, and return the exit code."""
    from interfaces import census_report, listing_report, terminal
    from interfaces.flows.census import CensusOrder

    quiet = screen.quiet or screen.json
    asked = CensusOrder(networked, order.reach.endpoints, order.limit, order.max_age, order.reach, every)
    if order.sources:
        listing_report.run(replace(order, ways=()), screen.db, quiet=True)
    report = census_report.run(asked, screen.db, quiet=quiet)
    if not screen.json:
        census_report.show(report, terminal.out())
    code = (1 if report.failed else 0) if report.is_of_use else 2
    listed = None
    if order.ways:
        listed = listing_report.run(replace(order, sources=(), everything=True), screen.db, quiet=quiet)
        code = max(code, _code(listed))
        if not screen.json:
            listing_report.show(listed, quiet=screen.quiet, verbose=screen.verbose)
    if screen.json:
        terminal.print_json(report if listed is None else {"census": report, "listings": listed})
    return code


def _endpoints(path: Path) -> dict[str, str]:
    from crawler.endpoints import read_endpoints
    from toolcensus.errors import InputError

    try:
        return read_endpoints(path.read_bytes())
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}", advice="name an endpoints file"
        ) from error
