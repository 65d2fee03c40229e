"""`toolcensus agreement`: how far two ways of listing the same servers tell the same."""

from typing import TYPE_CHECKING, Annotated

import typer

from interfaces import options

if TYPE_CHECKING:
    from toolcensus.agreement import Agreement, Comparison

NAME = "agreement"
PANEL = "Ask the index"
NAMES_SHOWN = 20


def command(
    *,
    server: Annotated[
        str | None, typer.Option(metavar="SERVER", help="Of this server only, with the names that differ.")
    ] = None,
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Compare the tool lists of servers that were listed in two ways: names, descriptions and parameters.

    The better founded way stands for the truth: live, sandbox, static, registry, card.
    Example: toolcensus agreement
    """
    from interfaces import terminal
    from toolcensus import agreement, database, lookup

    with database.reading(db) as connection:
        if server:
            compared = list(agreement.compare(connection, lookup.find_server(connection, server)))
        else:
            compared = list(agreement.compare_all(connection))
    summed = agreement.add_up(iter(compared))
    if json:
        terminal.print_json({"agreement": summed, "servers": compared if server or verbose else []})
        return
    if summed:
        _show(summed)
    if server or verbose:
        _show_names(compared, whole=verbose)
    if not quiet and not summed:
        terminal.err().print("No server is listed in two ways yet. Next: toolcensus crawl --listings live,static")


def _show(summed: "tuple[Agreement, ...]") -> None:
    from interfaces import terminal

    rows = terminal.table(
        *("way", "against", "language", "servers", "tools", "found", "missing", "extra", "conditional"),
        *("descriptions equal", "parameters equal"),
    )
    for one in summed:
        rows.add_row(
            *(one.way, one.against, one.language or "-", f"{one.servers:,}", f"{one.tools:,}"),
            *(_share(one.found, one.tools), f"{one.missing:,}", f"{one.extra:,}", f"{one.conditional:,}"),
            *(_share(one.descriptions, one.found), _share(one.parameters, one.found)),
        )
    terminal.out().print(rows)


def _share(part: int, whole: int) -> str:
    return f"{part:,} ({part / whole:.1%})" if whole else "0"


def _show_names(compared: "list[Comparison]", *, whole: bool) -> None:
    from interfaces import terminal

    rows = terminal.table("server", "way", "missing", "extra", title="\nNames that differ")
    for one in compared:
        if one.missing or one.extra:
            rows.add_row(
                terminal.clean(one.server), one.way, _names(one.missing, whole=whole), _names(one.extra, whole=whole)
            )
    if rows.row_count:
        terminal.out().print(rows)


def _names(names: tuple[str, ...], *, whole: bool) -> str:
    from interfaces import terminal

    shown = names if whole else names[:NAMES_SHOWN]
    more = f" and {len(names) - len(shown):,} more" if len(shown) < len(names) else ""
    return terminal.clean(", ".join(shown)) + more
