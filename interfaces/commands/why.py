"""`toolcensus why`: why a server is one thing."""

from typing import TYPE_CHECKING, Annotated

import typer

from interfaces import options

if TYPE_CHECKING:
    from interfaces.flows.why import Why

NAME = "why"
PANEL = "Ask the index"
SHOWN = 12
VALUE_WIDTH = 80


def command(
    server: Annotated[str, typer.Argument(metavar="SERVER", help="A key, alias, slug, package, repository or remote.")],
    *,
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Say which sightings were merged into a server by what evidence, where its fields are from, what was kept apart.

    Example: toolcensus why mcp-server-git
    """
    from interfaces import terminal
    from interfaces.flows import why
    from toolcensus import database

    with database.reading(db) as connection:
        answer = why.why(connection, server)
    if json:
        terminal.print_json(answer)
    else:
        _show(answer, quiet=quiet, verbose=verbose)


def _show(answer: "Why", *, quiet: bool, verbose: bool) -> None:
    from interfaces import terminal

    console = terminal.out()
    console.print(f"[bold]{terminal.clean(answer.server)}[/]  {terminal.clean(answer.name)}")
    if answer.aliases:
        console.print(f"also known as {terminal.clean(', '.join(answer.aliases))}")
    if answer.doubt:
        console.print(f"[yellow]only a candidate:[/] {terminal.clean(answer.doubt)}")
    if answer.retired:
        console.print(f"retired on {answer.retired}: no source shows it any more")
    merged = terminal.table("source", "its id", "belongs here because", title="\nSightings")
    for seen in answer.sightings:
        gone = f" (gone since {seen.gone})" if seen.gone else ""
        merged.add_row(seen.source, terminal.clean(seen.source_id), terminal.clean(f"{seen.evidence or ''}{gone}"))
    console.print(merged)
    fields = terminal.table("field", "value", "from", title="\nFields")
    for field in answer.fields:
        value = field.value if verbose else field.value[:VALUE_WIDTH]
        fields.add_row(field.field, terminal.clean(value), terminal.clean(f"{field.source} {field.source_id}"))
    console.print(fields)
    shown = answer.apart if verbose else answer.apart[:SHOWN]
    if shown:
        apart = terminal.table("server", "is another one because", title="\nKept apart")
        for other in shown:
            apart.add_row(terminal.clean(other.server), terminal.clean(other.reason))
        console.print(apart)
    if len(shown) < len(answer.apart) and not quiet:
        terminal.err().print(f"{len(answer.apart) - len(shown)} more are kept apart: -v shows them")
