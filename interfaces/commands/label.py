"""The command `label`: definitions in, labels out, a line each."""

import sys
from typing import Annotated

import typer

from interfaces.options import Database, Json, Quiet, Verbose

NAME = "label"
PANEL = "Judge"


def command(
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, help="Label in this many processes.")] = 1,
    db: Database = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Label tool definitions from standard input, one JSON document a line, without an index.

    A definition is answered by its category, effects, bounds, risk, confidence, rationale, evidence and findings; a
    whole tools/list result by {"labels": […]}; a line that cannot be read by {"error": …}. The order is kept, and every
    line is answered as soon as it is read, so a program can ask and wait.

    Example: [bold]echo '{"name": "delete_bucket", "description": "Deletes a bucket."}' | toolcensus label[/]
    """
    del db, json  # taken everywhere: the answer is JSON in any case, and rests on no index
    from classifier.model import model
    from interfaces import terminal
    from interfaces.flows.label import from_descriptor, label_lines, to_descriptor

    if model() is None and not quiet:
        terminal.err().print("No model is here: the rules alone label. To make one: toolcensus train")
    if sys.stdin.isatty() and not quiet:
        terminal.err().print("Reading definitions from the keyboard, one JSON document a line; end with Ctrl-D.")
    count = label_lines(from_descriptor(sys.stdin.fileno()), to_descriptor(sys.stdout.fileno()), jobs=jobs)
    if verbose:
        terminal.err().print(f"Answered {count:,} lines.")
