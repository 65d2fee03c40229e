"""The options that every command takes, spelt once."""

from typing import Annotated

import typer

Database = Annotated[
    str | None,
    typer.Option("--db", metavar="URL", envvar="TOOLCENSUS_DB", help="The index: an SQLAlchemy URL or a file's path."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON, for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the answer and errors only.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print details and, on a failure, the traceback.")]
