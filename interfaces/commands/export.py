"""`toolcensus export`: the catalogue as a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, cast

import typer

from interfaces import options

if TYPE_CHECKING:
    import sqlalchemy

    from toolcensus.exporter import Exporter

NAME = "export"
PANEL = "Use the labels"
PATIENCE = 2.0
"""Seconds after which progress is shown."""


def command(
    *,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="json (one document) or jsonl (a tool a line).")
    ] = "json",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to; else standard output.")] = None,
    db: options.Database = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Write the catalogue; the same index always gives the same bytes, and a file is replaced only when it is whole.

    With --out, --json prints what was written. Example: toolcensus export --format jsonl --out catalogue.jsonl
    """
    import sys

    from interfaces import terminal
    from toolcensus import catalogue, database
    from toolcensus.whole_file import replacing

    del verbose  # read by main, which prints the traceback
    exporter = _exporter(form)
    with database.reading(db) as connection:
        generated = catalogue.newest(connection)
        if out is None:
            _write(connection, exporter, sys.stdout.buffer, generated, quiet=quiet)
            sys.stdout.flush()
            return
        with replacing(out) as file:
            tools = _write(connection, exporter, file, generated, quiet=quiet)
    if json:
        terminal.print_json({"out": str(out), "format": form, "tools": tools, "generated": generated})
    elif not quiet:
        terminal.err().print(f"{tools:,} tools in {terminal.clean(str(out))}", soft_wrap=True)


def _exporter(form: str) -> "Exporter":
    from toolcensus import exporters, shelf
    from toolcensus.errors import InputError

    known = {module.FORMAT: module for module in shelf.modules(exporters)}
    if form not in known:
        raise InputError(f"--format does not know {form}", advice=f"choose from {', '.join(known)}")
    return cast("Exporter", known[form])


def _write(
    connection: "sqlalchemy.Connection", exporter: "Exporter", out: BinaryIO, generated: str, *, quiet: bool
) -> int:
    """Write everything and return how many tools; show how far it is once that takes longer than PATIENCE."""
    import time
    from contextlib import ExitStack

    from interfaces import terminal

    begun = time.monotonic()
    written = 0
    with ExitStack() as stack:
        bars = task = None
        for written in exporter.export(connection, out, generated=generated):
            if bars is None and time.monotonic() - begun > PATIENCE:
                bars = stack.enter_context(terminal.progress(quiet))
                task = bars.add_task("Writing tools", total=None, note="")
            if bars is not None and task is not None:
                bars.update(task, completed=written)
    return written
