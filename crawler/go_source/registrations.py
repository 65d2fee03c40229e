"""What was registered: tools that reached a server, tools that were only made, and what cannot be read."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tree_sitter import Node

from crawler.go_source import documents, schemas
from crawler.go_source.limits import CONDITION, NAME
from crawler.go_source.values import (
    Choice,
    Conditions,
    Function,
    Nil,
    RawJson,
    Struct,
    Value,
    described,
    options,
    plain,
    target,
)
from toolcensus.records import Tool, Unresolved

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine

REGISTERED: Final = "registered"
NOT_SEEN: Final = "it is made, and nothing that registers it was found"
HINTS: Final = ("title", "readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")
CONDITION_LIMIT: Final = 300


@dataclass(slots=True)
class Registration:
    """A tool and the conditions under which it is served."""

    tool: Tool
    conditions: Conditions


@dataclass
class Registrations:
    """All that was found so far."""

    tools: list[Registration] = field(default_factory=list)
    made: list[Struct] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    handlers: dict[int, tuple[list[str], Value]] = field(default_factory=dict)
    lost: bool = False
    """Whether a server was given tools that are not known."""

    def remember(self, tool: Struct, handler: Value) -> None:
        """Keep the handler that was handed to the function which makes a tool: its types may tell the parameters."""
        self.handlers[id(tool.origin)] = (tool.origin, handler)

    def note(self, machine: "Machine", value: Value, handler: Value, node: Node) -> None:
        """Note a tool that is given to a server, with the function that answers its calls."""
        for option, conditions in options(value):
            known = target(option)
            if isinstance(known, Struct) and "Name" not in known.fields and "Tool" in known.fields:
                with machine.under(conditions):
                    self.note(machine, known.get("Tool"), known.get("Handler"), node)
            elif isinstance(known, Struct):
                self.note_struct(machine, known, conditions, handler, node)
            elif not isinstance(known, Nil):
                reason = f"a tool comes from {described(known)}"
                self.unresolved.append(Unresolved(where=machine.place(node), reason=reason))
                self.lost = True

    def note_struct(self, machine: "Machine", tool: Struct, conditions: Conditions, handler: Value, node: Node) -> None:
        """Note a tool that is known, under each name that it may have."""
        tool.origin.append(REGISTERED)
        where = tool.where or machine.place(node)
        held = (*machine.conditions, *(text for text in conditions if text not in machine.conditions))
        for name, more in names(tool.get("Name")):
            if name is None:
                reason = f"the tool's name is {described(tool.get('Name'))}"
                self.unresolved.append(Unresolved(where=where, reason=reason))
            else:
                self.tools.append(Registration(definition(machine, tool, name, handler, where), held + more))

    def unregistered(self, machine: "Machine") -> list[Registration]:
        """Return the tools that were made and never seen to reach a server."""
        found: list[Registration] = []
        for tool in self.made:
            if REGISTERED in tool.origin:
                continue
            for name, more in names(tool.get("Name")):
                if name is not None:
                    made = definition(machine, tool, name, None, tool.where)
                    found.append(Registration(made, tool.conditions + more))
        return found


def names(value: Value) -> list[tuple[str | None, Conditions]]:
    """Return the names that a tool may have, None for one that is not known."""
    if isinstance(value, Choice):
        return [(name, more + inner) for option, more in options(value) for name, inner in names(option)]
    known = plain(value)
    return [(known if isinstance(known, str) and 0 < len(known) <= NAME else None, ())]


def definition(machine: "Machine", tool: Struct, name: str, handler: Value, where: str) -> Tool:
    """Return a tool's definition in the protocol's own terms."""
    schema = document_of(tool, "InputSchema", "RawInputSchema", "Parameters", "Input")
    if not schema or (schema.get("type", "object") == "object" and not schema.get("properties")):
        _, made_for = machine.registrations.handlers.get(id(tool.origin), (None, None))
        typed = (schemas.of_handler(machine, each) for each in (handler, made_for))
        schema = next((each for each in typed if each is not None), schema)
    annotations = target(tool.get("Annotations"))
    given = documents.of_value(annotations) if isinstance(annotations, Struct) else None
    kept = {key: given[key] for key in HINTS if key in given} if isinstance(given, dict) else None
    return Tool(
        name=name,
        title=text_or_none(tool.get("Title")),
        description=text_or_none(tool.get("Description")),
        input_schema=schema,
        output_schema=document_of(tool, "OutputSchema", "RawOutputSchema"),
        annotations=kept or None,
        where=where,
    )


def document_of(tool: Struct, *fields: str) -> dict[str, Any] | None:
    """Return the first of these fields that holds a schema."""
    for field_name in fields:
        value = target(tool.get(field_name))
        if isinstance(value, str | RawJson | Struct) or hasattr(value, "entries"):
            document = documents.of_json(value) if isinstance(value, str) else documents.of_value(value)
            if isinstance(document, dict) and document:
                return document
    return None


def text_or_none(value: Value) -> str | None:
    """Return a text that is known and not empty."""
    known = plain(value)
    return known if isinstance(known, str) and known else None


def condition(conditions: Conditions) -> str | None:
    """Return conditions as one sentence, or None where there is none."""
    texts = [text if len(text) <= CONDITION else text[: CONDITION - 1] + "…" for text in dict.fromkeys(conditions)]
    whole = " and ".join(texts)
    return (whole if len(whole) <= CONDITION_LIMIT else whole[: CONDITION_LIMIT - 1] + "…") or None


def is_handler(value: Value) -> bool:
    """Say whether a value is a function of the program."""
    return isinstance(target(value), Function)
