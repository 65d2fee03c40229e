"""`toolcensus extract`: the tools of one package, folder or file, read without running it."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from interfaces import options

NAME = "extract"
PANEL = "Fill the index"


def command(
    subject: Annotated[str, typer.Argument(metavar="PATH|PURL", help="A tarball, wheel, sdist, folder or file.")],
    json: options.Json = False,
) -> None:
    """Read the tools that one package serves, without running it and without an index.

    Example: toolcensus extract pkg:pypi/mcp-server-git --json
    """
    from crawler import confined
    from interfaces import terminal
    from toolcensus.errors import InputError

    reading = asyncio.run(confined.read(Path(subject)))
    if isinstance(reading, confined.Failure):
        raise InputError(reading.reason, advice=reading.advice)
    if not reading.tools:
        terminal.err().print(f"no tool found in {reading.files} files, {len(reading.unresolved)} unresolved")
    if json:
        terminal.print_json({"tools": reading.tools, "unresolved": reading.unresolved})
        return
    rows = terminal.table("tool", "where", "what it says")
    for tool in reading.tools:
        rows.add_row(tool.name, tool.where, terminal.clean((tool.description or "").split("\n")[0][:120]))
    terminal.out().print(rows)
