"""`toolcensus changes`: what is not as it was."""

from typing import TYPE_CHECKING, Annotated

import typer

from interfaces import options

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from toolcensus.history import ChangeRow

NAME = "changes"
PANEL = "Ask the index"
FIELD_WIDTH = 600


def command(
    *,
    since: Annotated[str, typer.Option(metavar="AGE|TIME", help="From when on: 7d, 12h, 2026-01-31…")],
    server: Annotated[str | None, typer.Option(metavar="SERVER", help="Of this server only.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show the tools that appeared, vanished or changed, the worst first: a risk that rose, then the highest risk.

    With -v each shows what its definition said before and says now. Example: toolcensus changes --since 7d
    """
    from datetime import UTC, datetime

    from interfaces import terminal
    from interfaces.age import read_moment
    from toolcensus import database, history, lookup

    moment = read_moment(since, datetime.now(UTC))
    with database.reading(db) as connection:
        key = lookup.find_server(connection, server) if server else None
        found = list(history.changes_since(connection, moment, server=key, limit=limit))
        number = history.count_since(connection, moment, server=key)
        if json:
            terminal.print_json(found)
            return
        if found:
            _show(connection, found, verbose=verbose)
    if not quiet and not found:
        terminal.err().print(f"Nothing changed since {moment}.")
    elif not quiet and number > len(found):
        terminal.err().print(f"{number - len(found):,} more changes since {moment}: a higher --limit shows them")


def _show(connection: "Connection", found: "list[ChangeRow]", *, verbose: bool) -> None:
    from interfaces import terminal

    rows = terminal.table("when", "change", "risk", "server", "tool", "way")
    for change in found:
        rows.add_row(*_row(change))
    console = terminal.out()
    console.print(rows)
    for change in found if verbose else ():
        _show_wording(connection, change)


def _row(change: "ChangeRow") -> tuple[str, ...]:
    from interfaces import terminal

    if change.kind == "removed":
        risk = terminal.risk(change.risk_before)
    elif change.risk_before in {None, change.risk_after}:
        risk = terminal.risk(change.risk_after)
    else:
        risk = f"{terminal.risk(change.risk_before)} → {terminal.risk(change.risk_after)}"
    return change.at, change.kind, risk, terminal.clean(change.server), terminal.clean(change.tool), change.way


def _show_wording(connection: "Connection", change: "ChangeRow") -> None:
    from interfaces import terminal
    from toolcensus import history

    console = terminal.out()
    said = history.wording(connection, change)
    console.print(f"\n[bold]{terminal.clean(change.server)} {terminal.clean(change.tool)}[/] {change.kind}")
    for name in sorted({*said.before, *said.after}):
        before, after = said.before.get(name), said.after.get(name)
        if before == after:
            continue
        for mark, style, value in (("-", "red", before), ("+", "green", after)):
            if value is not None:
                shown = value if len(value) <= FIELD_WIDTH else f"{value[:FIELD_WIDTH]}…"
                console.print(f"  [{style}]{mark} {name}:[/] {terminal.clean(' '.join(shown.split()))}")
