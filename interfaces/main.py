"""The command `toolcensus`: the shelf of commands, one overview, and one line for every error."""

import os
import sys
from typing import Annotated, cast

import typer

from interfaces import commands, terminal
from interfaces.command import Command
from toolcensus import __version__, shelf
from toolcensus.errors import ToolcensusError

FIRST_STEPS = """\
[bold]Toolcensus[/] reads MCP servers' tool definitions and says what each tool can do, and how bad that could be.

Start here:
  [bold]toolcensus scan[/]                  what can the servers in your own MCP configurations do?
  [bold]toolcensus crawl[/]                 list the tools of about a hundred well-known servers into your index
  [bold]toolcensus classify[/]              label each tool Read, Write or Execute, with a risk and the reason
  [bold]toolcensus query delete[/]          ask the index
  [bold]toolcensus show SERVER TOOL[/]      one tool whole: what, how risky, why, and the policy to apply

All commands: [bold]toolcensus --help[/]; one command, with an example: [bold]toolcensus query --help[/]"""


def build() -> typer.Typer:
    """Put every command of the shelf into one application."""
    app = typer.Typer(
        name="toolcensus",
        help="A census of what AI agents can be made to do.",
        no_args_is_help=False,
        invoke_without_command=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def overview(
        context: typer.Context,
        version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    ) -> None:
        """Say what to do first."""
        if version:
            sys.stdout.write(f"toolcensus {__version__}\n")
        elif context.invoked_subcommand is None:
            terminal.out().print(FIRST_STEPS)

    for module in shelf.modules(commands):
        entry = cast("Command", module)
        app.command(entry.NAME, rich_help_panel=entry.PANEL)(entry.command)
    return app


def main() -> None:
    """Run the command line; exit 2 with one line and a next step where something given to us cannot be used."""
    try:
        build()()
    except ToolcensusError as error:
        console = terminal.err()
        console.print(f"[bold red]toolcensus:[/] {terminal.clean(error.message)}", soft_wrap=True)
        if error.advice:
            console.print(f"  → {terminal.clean(error.advice)}", soft_wrap=True)
        if {"-v", "--verbose"} & set(sys.argv):
            console.print_exception()
        sys.exit(2)
    except BrokenPipeError:
        # The reader (head, less) has left; say nothing, also not at interpreter shutdown.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
