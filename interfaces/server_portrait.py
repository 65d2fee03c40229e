"""One server, whole: what is known of it, how its tools were got or why not, and what they can do, worst first."""

import sqlalchemy
from rich.console import Console

from interfaces import terminal, tool_table
from toolcensus.lookup import LastAnswer, ServerFacts, server_facts
from toolcensus.records import Record
from toolcensus.search import Query, Row, search

MOST_TOOLS = 10_000
SHOWN_UNRESOLVED = 5


class Portrait(Record, frozen=True, omit_defaults=False):
    """A server's facts and its rows of the catalogue."""

    server: ServerFacts
    tools: tuple[Row, ...]

    def next_step(self) -> str:
        """Say what a person may want to do next."""
        if not self.server.listings:
            return f"Its tools were not asked for yet: toolcensus crawl --server {self.server.key}"
        if not self.tools:
            listed = any(answer.outcome == "listed" for answer in self.server.listings)
            return "It lists no tools." if listed else "What it can do is unknown, which is not the same as safe."
        if any(tool.category is None for tool in self.tools):
            return "Not labelled yet: toolcensus classify"
        return f"One tool whole: toolcensus show {self.server.slug} {self.tools[0].tool}"


def read(connection: sqlalchemy.Connection, key: str) -> Portrait:
    """Read the server `key`; raise InputError where it is unknown."""
    tools = search(connection, Query(server=key, limit=MOST_TOOLS)).rows
    return Portrait(server=server_facts(connection, key), tools=tools)


def show(portrait: Portrait, console: Console) -> None:
    """Print the server."""
    server = portrait.server
    console.print(f"[bold]{terminal.clean(server.title or server.name)}[/]  [dim]{terminal.clean(server.key)}[/]")
    if server.description:
        console.print(terminal.clean(server.description))
    for name, value in _facts(server).items():
        console.print(f"[dim]{name:<11}[/]{terminal.clean(value)}", soft_wrap=True)
    for answer in server.listings:
        _show_answer(answer, console)
    if portrait.tools:
        console.print()
        console.print(tool_table.make(portrait.tools, console, server=False))


def _facts(server: ServerFacts) -> dict[str, str]:
    facts = {
        "slug": server.slug,
        "repository": server.repository or "",
        "packages": ", ".join(server.packages),
        "remotes": ", ".join(server.remotes),
        "aliases": ", ".join(server.aliases),
        "shown by": ", ".join(server.sources),
        "seen": f"{(server.first_seen or '')[:10]} to {(server.last_seen or '')[:10]}",
        "retired": (server.retired or "")[:10],
        "candidate": "nothing shows yet that it serves tools" if server.candidate else "",
    }
    return {name: value for name, value in facts.items() if value}


def _show_answer(answer: LastAnswer, console: Console) -> None:
    came = f"{answer.tools} tools" if answer.outcome == "listed" else f"{answer.outcome}: {answer.reason}"
    subject = f" from {answer.subject}" if answer.subject else ""
    console.print(f"[dim]{answer.way:<11}[/]{terminal.clean(f'{came}{subject}, {answer.at[:10]}')}", soft_wrap=True)
    for where, reason in answer.unresolved[:SHOWN_UNRESOLVED]:
        console.print(f"[dim]{'not read':<11}[/]{terminal.clean(f'{where}: {reason}')}", soft_wrap=True)
    if (more := len(answer.unresolved) - SHOWN_UNRESOLVED) > 0:
        console.print(f"[dim]{'not read':<11}and {more} more places[/]")
