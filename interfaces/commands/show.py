"""`toolcensus show`: one server, or one of its tools, whole."""

from typing import Annotated

import typer

from interfaces import options

NAME = "show"
PANEL = "Ask the index"


def command(
    server: Annotated[str, typer.Argument(metavar="SERVER", help="A key, alias, slug or package.")],
    tool: Annotated[str | None, typer.Argument(metavar="TOOL", help="One of its tools, by its name.")] = None,
    *,
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show what a server's tools can do, worst first; or one tool: what it does, how risky, why, and its policy.

    Example: toolcensus show mcp-server-git git_reset
    """
    from interfaces import server_portrait, terminal, tool_portrait
    from toolcensus import database, lookup

    del verbose  # read by main, which prints the traceback
    with database.reading(db) as connection:
        key = lookup.find_server(connection, server)
        portrait = server_portrait.read(connection, key) if tool is None else tool_portrait.read(connection, key, tool)
    if json:
        terminal.print_json(portrait)
        return
    console = terminal.out()
    if isinstance(portrait, server_portrait.Portrait):
        server_portrait.show(portrait, console)
    else:
        tool_portrait.show(portrait, console)
    if not quiet:
        terminal.err().print(portrait.next_step())
