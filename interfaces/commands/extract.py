"""`toolcensus extract`: the tools of one package, repository, folder or file, read without running it."""

from typing import TYPE_CHECKING, Annotated

import typer

from interfaces import options

if TYPE_CHECKING:
    from crawler.confined import Failure, Reading

NAME = "extract"
PANEL = "Fill the index"


def command(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="PATH|PURL", help="An archive, a folder (of one too), a source file, a package, a repository."
        ),
    ],
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Read the tools that one package serves, without running it and without an index.

    Example: toolcensus extract pkg:pypi/mcp-server-git --json
    """
    del db, verbose  # taken everywhere: no index is needed, and nothing is left out
    import asyncio

    from crawler.confined import Failure
    from interfaces import terminal
    from toolcensus.errors import InputError

    reading = asyncio.run(_read(subject))
    if isinstance(reading, Failure):
        raise InputError(reading.reason, advice=reading.advice)
    if not reading.tools and not quiet:
        unresolved = f"; {len(reading.unresolved)} registrations cannot be read" if reading.unresolved else ""
        terminal.err().print(f"No tool found in {reading.files} source files{unresolved}.")
    if json:
        terminal.print_json({"tools": reading.tools, "unresolved": reading.unresolved})
    else:
        _show(reading)


async def _read(subject: str) -> "Reading | Failure":
    from pathlib import Path

    from crawler import confined
    from crawler.listings import static
    from crawler.purl import parse_purl
    from crawler.repository_source import TYPE, parse_repository
    from interfaces.flows.reach import Reach, open_means

    if not subject.startswith("pkg:"):
        return await confined.read(Path(subject))
    purl = parse_repository(subject) if subject.startswith(TYPE) else parse_purl(subject)
    async with open_means([subject], Reach()) as means:
        return await static.read_package(purl, means)


def _show(reading: "Reading") -> None:
    from interfaces import terminal

    rows = terminal.table("tool", "description", "where", "only if")
    for tool in reading.tools:
        description = (tool.description or "").strip().partition("\n")[0]
        rows.add_row(*(terminal.clean(text or "") for text in (tool.name, description, tool.where, tool.conditional)))
    if reading.tools:
        terminal.out().print(rows)
    if reading.unresolved:
        rows = terminal.table("cannot be read", "why")
        for entry in reading.unresolved:
            rows.add_row(terminal.clean(entry.where), terminal.clean(entry.reason))
        terminal.out().print(rows)
