"""What a program registers: calls that give a tool to a server, and handlers that answer `tools/list`."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.javascript_source import frameworks
from crawler.javascript_source.definitions import FUNCTIONS, definition_from_arguments, definition_of, is_config
from crawler.javascript_source.iteration import entries, since, unpacked
from crawler.javascript_source.native import argument
from crawler.javascript_source.syntax import parts, summary_of, text_of
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    Choice,
    NativeFunction,
    ObjectValue,
    Opaque,
    Path,
    Schema,
    Setting,
    Value,
)
from toolcensus.records import Tool, Unresolved

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

LIST_METHOD: Final = "tools/list"
ONE: Final = frozenset({"tool", "registerTool", "addTool", "registerToolTask"})
MANY: Final = frozenset({"addTools", "registerTools"})
WITH_SERVER: Final = frozenset({"registerAppTool"})
"""Exported functions that take the server first."""
HANDLERS: Final = frozenset({"setRequestHandler"})
LIST_CONDITION: Final = 80
NAME_LENGTH: Final = 200
SWITCHED_OFF: Final = "it is switched on while the server runs"


@dataclass(slots=True)
class Handler:
    """A function that answers `tools/list`, and the conditions under which it does."""

    function: Value
    path: Path
    where: str


@dataclass(slots=True)
class Registration:
    """A tool, and the conditions under which it is served."""

    tool: Tool
    path: Path
    disabled: Path | None = None


@dataclass
class Registrations:
    """All that was found so far: tools with their conditions, handlers to ask, and what could not be read."""

    tools: list[Registration] = field(default_factory=list)
    handlers: list[Handler] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)

    def on_call(
        self, machine: "Machine", callee: Opaque, this: Value, arguments: ArrayValue, node: Node | None
    ) -> Value:
        """Note what a call of something outside registers; return its value, or None if it registers nothing."""
        name = callee.name
        if name in HANDLERS:
            return self.note_handler(machine, callee, arguments, node)
        if name in WITH_SERVER:
            return self.note_tool(machine, callee, ArrayValue(arguments.items[1:], arguments.open), node)
        if name in ONE and takes_tools(callee):
            return self.note_tool(machine, callee, arguments, node)
        if name in MANY and takes_tools(callee):
            return self.note_tools(machine, callee, arguments, node)
        del this
        return frameworks.on_call(machine, callee, arguments, node)

    def on_construct(self, machine: "Machine", maker: Opaque, arguments: ArrayValue, node: Node | None) -> None:
        """Note what an outside class's constructor is given."""
        frameworks.on_construct(machine, maker, arguments, node)

    def on_literal(self, machine: "Machine", made: ObjectValue) -> None:
        """Note an answer `{tools: […]}` that stands where the program compares a method with `tools/list`."""
        position = next((at for at, words in enumerate(machine.path) if answers_list(words)), None)
        if position is None:
            return
        for item, conditions in machine.items(machine.get(made, "tools")):
            known = usual(item)
            if isinstance(known, ObjectValue) and "name" in known.properties:
                self.note_object(machine, item, machine.path[position + 1 :] + conditions, made.where)

    def note_handler(self, machine: "Machine", callee: Opaque, arguments: ArrayValue, node: Node | None) -> Value:
        """Keep a handler if it answers `tools/list`."""
        if lists_tools(machine, argument(arguments, 0), node):
            path = since(machine.path, callee.path)
            self.handlers.append(Handler(argument(arguments, 1), path, machine.place(node)))
        return UNDEFINED

    def note_tool(self, machine: "Machine", callee: Opaque, arguments: ArrayValue, node: Node | None) -> Value:
        """Note one tool; the answer is what the SDK returns for it."""
        first = argument(arguments, 0, "the tool")
        before = len(self.tools)
        path = since(machine.path, callee.path)
        rest = [unpacked(item)[0] for item in arguments.items[1:]]
        where = machine.place(node)
        if isinstance(usual(first), ObjectValue):
            self.note_object(machine, first, path, where)
        elif (
            callee.name != "tool"
            or arguments.open
            or any(isinstance(usual(item), (*FUNCTIONS, Opaque)) for item in rest)
        ):
            for name, conditions in self.names(first, where):
                if rest and is_config(machine, rest[0]):
                    tool = definition_of(machine, name, rest[0], where)
                else:
                    tool = definition_from_arguments(machine, name, rest, where)
                self.add(machine, tool, path + conditions)
        else:
            return None
        return handle(machine, self.tools[before:])

    def note_tools(self, machine: "Machine", callee: Opaque, arguments: ArrayValue, node: Node | None) -> Value:
        """Note the tools of an array, or of an object whose keys are their names."""
        path, where = since(machine.path, callee.path), machine.place(node)
        source = usual(argument(arguments, 0))
        if isinstance(source, ObjectValue):
            self.note_record(machine, source, path, where)
        else:
            for item, conditions in machine.items(argument(arguments, 0)):
                self.note_object(machine, item, path + conditions, where)
        return UNDEFINED

    def note_record(self, machine: "Machine", source: ObjectValue, path: Path, where: str) -> None:
        """Note the tools of an object whose keys are their names, unless they have their own."""
        for key, value, conditions in entries(machine, source):
            own = usual(machine.get(value, "name")) if isinstance(usual(value), ObjectValue) else UNDEFINED
            name = own if isinstance(own, str) else key
            self.add(machine, definition_of(machine, name, value, where), path + conditions)

    def note_object(self, machine: "Machine", item: Value, path: Path, where: str) -> None:
        """Note a tool that is given as an object with its name."""
        if isinstance(item, Choice):
            for conditions, option in item.options:
                self.note_object(machine, option, path + conditions, where)
            return
        known = usual(item)
        if isinstance(known, Opaque):
            self.unresolved.append(Unresolved(where=where, reason=f"a tool comes from {known.described()}"))
        elif isinstance(known, ObjectValue):
            name_value = machine.get(known, "name")
            for name, conditions in self.names(name_value, known.where or where):
                self.add(machine, definition_of(machine, name, known, where), path + conditions)

    def names(self, value: Value, where: str) -> list[tuple[str, Path]]:
        """Return the names that a value may be, noting those that are not known."""
        if isinstance(value, Choice):
            return [(name, path + inner) for path, option in value.options for name, inner in self.names(option, where)]
        known = usual(value) if isinstance(value, Setting) else value
        if isinstance(known, str) and 0 < len(known) <= NAME_LENGTH:
            return [(known, ())]
        words = known.described() if isinstance(known, Opaque) else "no text"
        self.unresolved.append(Unresolved(where=where, reason=f"the tool's name is {words}"))
        return []

    def add(self, machine: "Machine", tool: Tool, path: Path) -> None:
        """Keep a tool."""
        self.tools.append(Registration(tool, path))
        machine.reward()

    def count(self) -> int:
        """Return how many tools and handlers were noted."""
        return len(self.tools) + len(self.handlers)


def answers_list(condition: str) -> bool:
    """Say whether a condition is that a message's method is `tools/list`."""
    return LIST_METHOD in condition and not condition.startswith("!") and len(condition) <= LIST_CONDITION


def handle(machine: "Machine", registered: list[Registration]) -> Opaque:
    """Return what the SDK gives for a registered tool, with which the program may switch it off and on again."""
    made_under = machine.path

    def switch(inner: "Machine", *, on: bool) -> Value:
        if not since(inner.path, made_under):
            for registration in registered:
                registration.disabled = None if on else (SWITCHED_OFF,)
        return UNDEFINED

    off = NativeFunction("disable", lambda inner, _this, _given: switch(inner, on=False))
    on = NativeFunction("enable", lambda inner, _this, _given: switch(inner, on=True))
    properties: dict[str, Value] = {"disable": off, "remove": off, "enable": on}
    return Opaque("registeredTool", path=made_under, properties=properties)


def takes_tools(callee: Opaque) -> bool:
    """Say whether a call is a method of an instance, not a function that a package exports."""
    return callee.parent is None or bool(callee.parent.name) or callee.parent.made


def lists_tools(machine: "Machine", request: Value, node: Node | None) -> bool:
    """Say whether a request schema or method is `tools/list`, whatever a bundler has called it."""
    known = usual(request)
    if isinstance(known, str):
        return known == LIST_METHOD
    if isinstance(known, Opaque) and known.name.startswith("ListTools"):
        return True
    if isinstance(known, Schema):
        return bool(known.json.get("properties", {}).get("method", {}).get("const") == LIST_METHOD)
    return LIST_METHOD in written_request(machine, node)


def written_request(machine: "Machine", node: Node | None) -> str:
    """Return how the first argument of a call is written where it is declared."""
    arguments = node.child_by_field_name("arguments") if node is not None else None
    first = next(iter(parts(arguments)), None) if arguments is not None else None
    if first is None or machine.site is None:
        return ""
    if text_of(first).startswith("ListTools"):
        return LIST_METHOD
    cell = machine.site[1].find(text_of(first))
    return text_of(cell.node) if cell is not None and cell.node is not None else summary_of(first)
