"""How one definition is put to a reader in the terminal, and how the answer is read: a key, and a line for why."""

from collections.abc import Callable
from typing import Any, Literal

from interfaces import terminal
from interfaces.clock import now
from interfaces.flows import review as flow
from toolcensus.errors import InputError
from toolcensus.records import Category, Review
from toolcensus.reviews import Waiting

CATEGORY_OF: dict[str, Category] = {"r": "Read", "w": "Write", "x": "Execute"}
MOST_TEXT = 1_500
MOST_PARAMETERS = 25
HELP = "[bold]Enter[/] right · [bold]r w x[/] it is Read, Write, Execute · [bold]s[/] skip · [bold]q[/] stop"
SAID_RIGHT = "The label is right as it was given"

Line = Callable[[], str]
"""Returns the next line that the reader types, with its end; nothing where there is none any more."""


def show(one: Waiting, number: int, of: int) -> None:
    """Print the definition and the label that it has."""
    console = terminal.out()
    more = f" and {one.servers - 1:,} other servers" if one.servers > 1 else ""
    console.rule(f"{number} of {of}", align="left")
    console.print(f"[bold]{terminal.clean(one.tool.name)}[/]  [dim]{terminal.clean(one.server)}{more}[/]")
    if one.tool.title:
        console.print(terminal.clean(one.tool.title))
    described = (one.tool.description or "").strip()
    console.print(terminal.clean(described[:MOST_TEXT]) or "[dim]no description[/]")
    for line in _parameters(one.tool.input_schema):
        console.print(f"  {terminal.clean(line)}")
    label = one.label
    told = " ".join((*label.effects, *label.bounds))
    console.print(f"\n[bold]{label.category}[/], {terminal.risk(label.risk)} ({label.confidence:.2f})  {told}")
    console.print(f"[dim]{terminal.clean(label.rationale)}[/]")


def ask(one: Waiting, reader: str, line: Line) -> Review | Literal["skip", "stop"]:
    """Ask until there is an answer; the end of the input stops."""
    while True:
        key = _read(HELP, line)
        if key is None or key == "q":
            return "stop"
        if key == "s":
            return "skip"
        if key == "":
            return _review(one, reader, one.label.category, SAID_RIGHT)
        if key in CATEGORY_OF:
            return _details(one, reader, CATEGORY_OF[key], line)
        terminal.err().print(f"{terminal.clean(key[:20])!r} is none of the keys")


def _details(one: Waiting, reader: str, category: Category, line: Line) -> Review | Literal["stop"]:
    """Ask for effects, bounds and the reason; the risk is the taxonomy's."""
    given = _review(one, reader, category, "")
    effects = _words("effects", given.effects, flow.effects_in, line)
    bounds = _words("bounds", given.bounds, flow.bounds_in, line) if effects is not None else None
    if effects is None or bounds is None:
        return "stop"
    risk = flow.risk_of(category, effects, bounds)
    reason = ""
    while not reason:
        told = _read(f"{category}, {terminal.risk(risk)}. Why, in a sentence?", line)
        if told is None:
            return "stop"
        reason = told
    return Review(
        server=one.server, tool=one.tool.name, digest=one.digest, category=category, effects=effects, bounds=bounds,
        risk=risk, reason=reason, reader=reader, at=now(),
    )  # fmt: skip


def _words(name: str, known: tuple[Any, ...], read: Callable[[str], tuple[Any, ...]], line: Line) -> Any:
    while True:
        told = _read(f"{name} (Enter keeps: {' '.join(known) or 'none'}; - for none)", line)
        if told is None or told == "":
            return None if told is None else known
        try:
            return read(told)
        except InputError as error:
            terminal.err().print(f"{terminal.clean(error.message)}: {error.advice}")


def _review(one: Waiting, reader: str, category: Category, reason: str) -> Review:
    return Review(
        server=one.server,
        tool=one.tool.name,
        digest=one.digest,
        category=category,
        effects=one.label.effects,
        bounds=one.label.bounds,
        risk=one.label.risk,
        reason=reason,
        reader=reader,
        at=now(),
    )


def _read(question: str, line: Line) -> str | None:
    terminal.err().print(f"{question} > ", end="")
    told = line()
    return told.strip() if told else None


def _parameters(schema: Any) -> list[str]:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(properties, dict):
        return []
    lines = []
    for name, about in list(properties.items())[:MOST_PARAMETERS]:
        described = about if isinstance(about, dict) else {}
        choices = f" one of {described['enum']}" if "enum" in described else ""
        lines.append(f"{name}: {described.get('type', 'any')}{choices} {described.get('description') or ''}"[:200])
    if len(properties) > MOST_PARAMETERS:
        lines.append(f"and {len(properties) - MOST_PARAMETERS} more parameters")
    return lines
