"""`toolcensus query`: ask the index, by words, filters or SQL."""

from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from interfaces import options
from toolcensus.records import CATEGORIES, EFFECTS, RISKS

if TYPE_CHECKING:
    import sqlalchemy

    from toolcensus.search import Found, Query

NAME = "query"
PANEL = "Ask the index"
Choice = TypeVar("Choice", bound=str)


def command(
    words: Annotated[list[str] | None, typer.Argument(help="Every word must fit; delet* is a prefix.")] = None,
    *,
    risk: Annotated[list[str] | None, typer.Option(metavar="RISK", help=f"Repeatable: {', '.join(RISKS)}.")] = None,
    category: Annotated[list[str] | None, typer.Option(metavar="CATEGORY", help=f"{', '.join(CATEGORIES)}.")] = None,
    effect: Annotated[list[str] | None, typer.Option(metavar="EFFECT", help=f"{', '.join(EFFECTS)}.")] = None,
    server: Annotated[str | None, typer.Option(help="Only this server: a key, alias, slug or package.")] = None,
    source: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only servers that this source shows.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Rows a page.")] = 20,
    page: Annotated[int, typer.Option(min=1, max=1_000_000, help="Which page.")] = 1,
    sql: Annotated[
        str | None, typer.Option(metavar="SELECT…", help="One reading statement of your own instead.")
    ] = None,
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Find tools: the best match first, and without words the worst risk first.

    The views for --sql are catalogue, servers, candidates, sightings, aliases, funnel, failures and changes.
    Example: toolcensus query delete --risk high --risk critical
    """
    from toolcensus import database
    from toolcensus.errors import InputError
    from toolcensus.search import Query

    del verbose  # read by main, which prints the traceback
    query = Query(
        words=" ".join(words or ()),
        risk=_among(risk, RISKS, "--risk"),
        category=_among(category, CATEGORIES, "--category"),
        effect=_among(effect, EFFECTS, "--effect"),
        server=server,
        source=frozenset(source or ()),
        limit=limit,
        offset=(page - 1) * limit,
    )
    if sql is not None and query != Query(limit=limit, offset=query.offset):
        raise InputError("--sql stands alone", advice="put the words and filters into its WHERE")
    with database.reading(db) as connection:
        if sql is not None:
            _select(connection, sql, json=json)
        else:
            _search(connection, query, json=json, quiet=quiet)


def _among(given: list[str] | None, choices: tuple[Choice, ...], option: str) -> frozenset[Choice]:
    """Return the choices that were given, whatever their case; raise InputError where one is none."""
    from toolcensus.errors import InputError

    by_word = {choice.lower(): choice for choice in choices}
    for word in given or ():
        if word.lower() not in by_word:
            raise InputError(f"{option} does not know {word}", advice=f"choose from {', '.join(choices)}")
    return frozenset(by_word[word.lower()] for word in given or ())


def _select(connection: "sqlalchemy.Connection", sql: str, *, json: bool) -> None:
    from interfaces import terminal
    from toolcensus import selection

    made = selection.select(connection, sql)
    if json:
        terminal.print_json([dict(zip(made.columns, row, strict=True)) for row in made.rows])
    else:
        table = terminal.table(*(terminal.clean(column) for column in made.columns))
        for row in made.rows:
            table.add_row(*("[dim]null[/]" if value is None else terminal.clean(str(value)) for value in row))
        terminal.out().print(table)
    if made.capped:
        terminal.err().print(f"The first {len(made.rows):,} rows; there are more: add LIMIT and OFFSET.")


def _search(connection: "sqlalchemy.Connection", query: "Query", *, json: bool, quiet: bool) -> None:
    from interfaces import terminal, tool_table
    from toolcensus.search import search

    found = search(connection, query)
    if json:
        terminal.print_json(found.rows)
    elif found.rows:
        console = terminal.out()
        console.print(tool_table.make(found.rows, console, server=True))
    if not quiet:
        terminal.err().print(_remark(connection, query, found), highlight=False)


def _remark(connection: "sqlalchemy.Connection", query: "Query", found: "Found") -> str:
    """Return what to do next: the next page, a label, or a crawl."""
    from toolcensus.tally import has_tools

    if not found.total:
        return "No tool fits." if has_tools(connection) else "The index has no tools yet. Next: toolcensus crawl"
    last = query.offset + len(found.rows)
    if not found.rows:
        return f"There are {found.total:,} tools, and no such page."
    number = (
        f"{query.offset + 1:,} to {last:,} of {found.total:,}" if found.total > len(found.rows) else f"{found.total:,}"
    )
    remark = f"{number} {'tool' if found.total == 1 else 'tools'}."
    if last < found.total:
        remark += f" More: --page {query.offset // query.limit + 2}"
    if any(row.category is None for row in found.rows):
        remark += "\nNot labelled yet: toolcensus classify"
    return remark
