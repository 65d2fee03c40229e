"""`toolcensus review`: a person looks at the labels that are least certain, and the answer is kept."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interfaces import options

if TYPE_CHECKING:
    from toolcensus.reviews import Waiting

NAME = "review"
PANEL = "Judge"


def command(
    *,
    server: Annotated[str | None, typer.Option(metavar="SERVER", help="Of this server only.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many definitions.")] = 200,
    reader: Annotated[str, typer.Option(metavar="NAME", help="Who is reading, as the answers will say.")] = "a person",
    export: Annotated[Path | None, typer.Option(metavar="FILE", help="Write all answers to FILE instead.")] = None,
    bring: Annotated[
        Path | None, typer.Option("--import", metavar="FILE", help="Take over the answers in FILE instead.")
    ] = None,
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Go through the tools whose label is uncertain, the least certain first; your answer stands above the classifier.

    Each answer is kept at once, so stop whenever you like. With --json they are listed, and nothing is asked.
    Example: toolcensus review --limit 20
    """
    from interfaces import terminal

    del verbose  # read by main, which prints the traceback
    if export:
        _export(export, db, quiet=quiet)
    elif bring:
        _bring(bring, db, quiet=quiet)
    elif json:
        terminal.print_json(_waiting(db, server, limit))
    else:
        _ask_all(db, server, limit, reader)


def _waiting(db: str | None, server: str | None, limit: int) -> "list[Waiting]":
    from toolcensus import database, lookup, reviews

    with database.reading(db) as connection:
        key = lookup.find_server(connection, server) if server else None
        return reviews.waiting(connection, limit=limit, server=key)


def _ask_all(db: str | None, server: str | None, limit: int, reader: str) -> None:
    from interfaces import questions, terminal
    from interfaces.flows import review as flow
    from toolcensus.database import open_index

    found = _waiting(db, server, limit)
    if not found:
        terminal.err().print("No label waits for a reader. Next: toolcensus stats")
        return
    engine = open_index(db)
    kept = 0
    try:
        for number, one in enumerate(found, 1):
            questions.show(one, number, len(found))
            given = questions.ask(one, reader, sys.stdin.readline)
            if given == "stop":
                break
            if given != "skip":
                flow.answer(engine, one, given)
                kept += 1
    finally:
        engine.dispose()
    terminal.out().print(f"{kept} answers kept. To share them: toolcensus review --export reviews.jsonl")


def _export(path: Path, db: str | None, *, quiet: bool) -> None:
    from interfaces import terminal
    from interfaces.flows import review as flow
    from toolcensus import database
    from toolcensus.whole_file import replacing

    number = 0
    with database.reading(db) as connection, replacing(path) as file:
        for line in flow.write_reviews(connection):
            file.write(line)
            number += 1
    if not quiet:
        terminal.out().print(f"{number} answers written to {path}", soft_wrap=True)


def _bring(path: Path, db: str | None, *, quiet: bool) -> None:
    from interfaces import terminal
    from interfaces.flows import review as flow
    from toolcensus.database import open_index

    engine = open_index(db)
    try:
        number = flow.read_reviews(engine, path)
    finally:
        engine.dispose()
    if not quiet:
        terminal.out().print(f"{number} answers taken over. Next: toolcensus classify --all")
