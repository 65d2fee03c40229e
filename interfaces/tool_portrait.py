"""One tool, whole: what it does, its category and risk, why, the words that it rests on, and the policy to apply."""

import difflib
from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy
from rich.console import Console
from rich.padding import Padding

from gateway.policy import Entry
from gateway.recommend import recommend
from interfaces import terminal
from toolcensus.errors import InputError
from toolcensus.listings import StoredTool, load_tools
from toolcensus.records import Label, Record
from toolcensus.search import Query, Row, search

MOST_TEXT = 4_000
MOST_TOOLS = 10_000
NEAREST = 5


class Quote(Record, frozen=True, omit_defaults=False):
    """Words of the definition, where they stand, and what they show."""

    field: str
    words: str
    shows: str


class Portrait(Record, frozen=True, omit_defaults=False):
    """A tool's row of the catalogue with its definition, the words that its label rests on, and its policy.json."""

    row: Row
    stored: StoredTool
    quotes: tuple[Quote, ...]
    policy: dict[str, Any] | None
    policy_reason: str

    def next_step(self) -> str:
        """Say what a person may want to do next."""
        if self.row.category is None:
            return "Not labelled yet: toolcensus classify"
        return f"All tools of this server: toolcensus show {self.row.slug}"


def read(connection: sqlalchemy.Connection, key: str, tool: str) -> Portrait:
    """Read a tool of the server `key`; raise InputError, with the nearest names, where it has none such."""
    stored = {entry.tool.name: entry for entry in load_tools(connection, key)}
    if tool not in stored:
        raise _unknown(key, tool, stored)
    rows = search(connection, Query(server=key, limit=MOST_TOOLS)).rows
    row = next(row for row in rows if row.tool == tool)
    document = None if row.policy is None else {"version": "1", "default": "deny", "tools": {tool: row.policy}}
    return Portrait(
        row=row,
        stored=stored[tool],
        quotes=tuple(_quote(stored[tool], span) for span in row.evidence or ()),
        policy=document,
        policy_reason=_policy_reason(stored[tool], row),
    )


def show(portrait: Portrait, console: Console) -> None:
    """Print the tool."""
    row, stored = portrait.row, portrait.stored
    console.print(f"[bold]{terminal.clean(row.tool)}[/]  [dim]{terminal.clean(row.server)}[/]")
    if row.category is None:
        console.print("not labelled yet: unknown, not safe")
    else:
        console.print(f"{row.category}, {terminal.risk(row.risk)} risk, confidence {row.confidence:.2f}")
        for name, words in (("effects", row.effects), ("bounds", row.bounds)):
            if words:
                console.print(f"{name}: {', '.join(words)}")
    described = (row.description or "").strip()
    _section(console, "What it says of itself", described[:MOST_TEXT] or "nothing: it has no description")
    if len(described) > MOST_TEXT:
        console.print(f"  [dim]… and {len(described) - MOST_TEXT:,} more characters[/]")
    if stored.tool.conditional:
        _section(console, "Served only if", stored.tool.conditional)
    if row.rationale:
        _section(console, "Why", row.rationale)
    _show_quotes(portrait.quotes, console)
    _show_findings(portrait, console)
    if portrait.policy is not None:
        _section(console, "Recommended policy.json", portrait.policy_reason)
        document = msgspec.json.format(msgspec.json.encode(portrait.policy), indent=2).decode()
        console.print(terminal.clean(document), soft_wrap=True)
    console.print()
    seen = f"{row.way} listing, first seen {row.first_seen[:10]}, last {row.last_seen[:10]}"
    console.print(f"[dim]{terminal.clean(seen)}\n{stored.digest}[/]", soft_wrap=True)
    if stored.tool.where:
        console.print(f"[dim]defined in {terminal.clean(stored.tool.where)}[/]")


def quoted(definition: Mapping[str, Any], field: str, start: int, end: int) -> str:
    """Return the words of a definition that a span names; empty where the definition has no such field."""
    text = definition.get(field) if not field.startswith("/") else _pointed(definition, field)
    return text[start:end] if isinstance(text, str) else ""


def _pointed(definition: Mapping[str, Any], pointer: str) -> Any:
    """Return the string at a JSON pointer; where something else is there, its name is what was meant (RFC 6901)."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    place: Any = definition
    for step in steps:
        if isinstance(place, dict) and step in place:
            place = place[step]
        elif isinstance(place, list) and step.isdecimal() and int(step) < len(place):
            place = place[int(step)]
        else:
            return None
    return place if isinstance(place, str) else steps[-1]


def _quote(stored: StoredTool, span: Mapping[str, Any]) -> Quote:
    definition = msgspec.to_builtins(stored.tool)
    words = quoted(definition, span["field"], span["start"], span["end"])
    return Quote(field=span["field"], words=words, shows=span["shows"])


def _policy_reason(stored: StoredTool, row: Row) -> str:
    """Return why the stored policy is this one, where it is what is recommended today."""
    if row.policy is None or row.category is None:
        return ""
    fields = {name: getattr(row, name) for name in Label.__struct_fields__ if hasattr(row, name)}
    made = recommend(stored.tool, msgspec.convert(msgspec.to_builtins(fields), Label))
    return made.reason if msgspec.convert(row.policy, Entry) == made.entry else ""


def _section(console: Console, title: str, text: str) -> None:
    console.print(f"\n[bold]{title}[/]")
    if text:
        console.print(Padding(terminal.clean(text), (0, 0, 0, 2)))


def _show_quotes(quotes: tuple[Quote, ...], console: Console) -> None:
    if quotes:
        _section(console, "The words it rests on", "")
        table = terminal.table("where", "words", "shows")
        for quote in quotes:
            table.add_row(terminal.clean(quote.field), terminal.clean(f"“{quote.words}”"), terminal.clean(quote.shows))
        console.print(Padding(table, (0, 0, 0, 2)))


def _show_findings(portrait: Portrait, console: Console) -> None:
    if portrait.row.findings:
        _section(console, "Findings", "")
        table = terminal.table("severity", "kind", "where", "what")
        for finding in portrait.row.findings:
            cells = (terminal.clean(finding[name]) for name in ("kind", "field", "message"))
            table.add_row(terminal.risk(finding["severity"]), *cells)
        console.print(Padding(table, (0, 0, 0, 2)))


def _unknown(key: str, tool: str, stored: Mapping[str, StoredTool]) -> InputError:
    nearest = difflib.get_close_matches(tool, stored, NEAREST, 0.4)
    advice = f"did you mean {', '.join(nearest)}?" if nearest else f"list its tools: toolcensus show {key}"
    return InputError(f"{key} has no tool called {tool}", advice=advice)
