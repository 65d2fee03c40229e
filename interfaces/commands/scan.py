"""`toolcensus scan`: what the servers in your own MCP configurations can do."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interfaces import options
from toolcensus.records import Risk

if TYPE_CHECKING:
    import sqlalchemy

    from interfaces.flows.scan import Order, Scan

NAME = "scan"
PANEL = "Look"


def command(
    *,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Configurations, or folders to look in; without one, the usual places."),
    ] = None,
    fail_on: Annotated[
        Risk | None, typer.Option(metavar="RISK", help="Exit 1 where a tool has this risk or more, or is unknown.")
    ] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch/--no-fetch", help="Read packages that the index lacks, or ask no registry at all.")
    ] = True,
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Find the MCP servers that your clients are configured to start, and say what each can do, worst first.

    Nothing is started, and no server is asked. Tools come from the index where it has them, else from the server's npm
    or PyPI package or its local source, which is read and not run. Of a configuration, only the names and versions of
    packages leave this machine, for the registries that your own npm and pip use. A server that cannot be read is
    unknown, with the reason; never clean. Exits 0; 1 only where --fail-on is given and something is that bad, or is
    unknown, or could not be read.

    Example: toolcensus scan ~/work --fail-on critical
    """
    from gateway.discovery import this_machine
    from interfaces import scan_report, terminal
    from interfaces.flows import scan

    order = scan.Order(machine=this_machine(), folder=Path.cwd(), paths=tuple(paths or ()), fetch=fetch)
    found = _scan(order, db, quiet=quiet or json)
    if json:
        terminal.print_json(found)
    else:
        scan_report.show(found, order, verbose=verbose)
    if fail_on and scan.reaches(found, fail_on):
        raise typer.Exit(1)


def _scan(order: "Order", db: str | None, *, quiet: bool) -> "Scan":
    from interfaces import terminal
    from interfaces.clock import now
    from interfaces.flows import scan

    at = now()
    with terminal.progress(quiet) as bars, _index(db) as index:
        task = bars.add_task("Reading what the servers can do", total=None, note="")
        return asyncio.run(
            scan.scan(order, index, at, lambda done, count: bars.update(task, completed=done, total=count))
        )


@contextmanager
def _index(db: str | None) -> Iterator["sqlalchemy.Connection | None"]:
    """Open the index where there is one: a first scan has none, and needs none."""
    from toolcensus import database

    where = database.location(db)
    if where.get_backend_name() == "sqlite" and not Path(where.database or "").is_file():
        yield None
        return
    with database.reading(db) as connection:
        yield connection
