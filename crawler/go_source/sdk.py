"""What the MCP SDKs for Go do: make tools from options, structs or types, and register them with a server.

The official SDK (`github.com/modelcontextprotocol/go-sdk`), `github.com/mark3labs/mcp-go`, and those with their names.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tree_sitter import Node

from crawler.go_source import schemas
from crawler.go_source.standard import of_document
from crawler.go_source.values import (
    NIL,
    Cell,
    Choice,
    External,
    Function,
    Item,
    MapValue,
    Native,
    Pointer,
    RawJson,
    Slice,
    Struct,
    Tuple,
    TypeRef,
    Unknown,
    Value,
    plain,
    target,
)

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine

SDK: Final = re.compile(r"(?i)mcp|modelcontext")
SCHEMA_LIBRARY: Final = re.compile(r"jsonschema")
ONE: Final = {"AddTool", "RegisterTool", "AddSessionTool"}
MANY: Final = {"AddTools", "SetTools", "RegisterTools", "AddSessionTools"}
KINDS: Final[dict[str, dict[str, Any]]] = {
    "WithString": {"type": "string"},
    "WithNumber": {"type": "number"},
    "WithInteger": {"type": "integer"},
    "WithBoolean": {"type": "boolean"},
    "WithObject": {"type": "object", "properties": {}},
    "WithArray": {"type": "array"},
    "WithAny": {},
}
KEYWORDS: Final = {
    **{name: name[:1].lower() + name[1:] for name in ("Description", "Title", "Pattern", "MaxLength", "MinLength")},
    **{name: name[:1].lower() + name[1:] for name in ("MultipleOf", "MaxItems", "MinItems", "UniqueItems", "Items")},
    **{name: name[:1].lower() + name[1:] for name in ("Properties", "AdditionalProperties", "PropertyNames")},
    **{name: name[:1].lower() + name[1:] for name in ("MinProperties", "MaxProperties")},
    **dict.fromkeys(("DefaultString", "DefaultNumber", "DefaultBool", "DefaultArray", "DefaultInteger"), "default"),
    "Max": "maximum",
    "Min": "minimum",
}
ITEM_KINDS: Final = {
    "WithStringItems": "string",
    "WithNumberItems": "number",
    "WithBooleanItems": "boolean",
}
HINTS: Final = {
    "WithTitleAnnotation": "Title",
    "WithReadOnlyHintAnnotation": "ReadOnlyHint",
    "WithDestructiveHintAnnotation": "DestructiveHint",
    "WithIdempotentHintAnnotation": "IdempotentHint",
    "WithOpenWorldHintAnnotation": "OpenWorldHint",
}
USUAL_HINTS: Final = {"ReadOnlyHint": False, "DestructiveHint": True, "IdempotentHint": False, "OpenWorldHint": True}
"""What mcp-go tells of a tool whose author says nothing."""
NAMED: Final = 2
Act = Callable[["Machine", Struct], None]


def call(machine: "Machine", callee: External, arguments: list[Value], node: Node, kinds: list[TypeRef]) -> Value:
    """Return what a function of an SDK or schema library gives, None where it is neither."""
    name = callee.name.rpartition(".")[2]
    if name in {"For", "ForType", "Reflect"} and SCHEMA_LIBRARY.search(callee.module) and kinds:
        schema = schemas.of_type(machine, kinds[0], ())
        return Tuple((of_document(schema), NIL)) if schema is not None else None
    if not SDK.search(callee.module):
        return None
    if name in ONE and len(arguments) > NAMED and not isinstance(plain(arguments[0]), str):
        machine.registrations.note(machine, arguments[1], arguments[2], node)
        return NIL
    return make(machine, callee, name, arguments, node) or option(machine, name, arguments, kinds, node)


def make(machine: "Machine", callee: External, name: str, arguments: list[Value], node: Node) -> Value:
    """Return the tool that a constructor of an SDK makes, None where it makes none."""
    if name not in {"NewTool", "NewToolWithRawSchema", "NewServerTool"} or not arguments:
        return None
    tool = Struct(External(callee.module, "Tool"), where=machine.place(node), conditions=machine.conditions)
    tool.fields["Name"] = Cell(arguments[0])
    machine.registrations.made.append(tool)
    if name == "NewToolWithRawSchema":
        tool.fields["Description"] = Cell(arguments[1] if len(arguments) > 1 else NIL)
        tool.fields["RawInputSchema"] = Cell(as_json(arguments[2]) if len(arguments) > NAMED else NIL)
        return tool
    if len(arguments) > 1 and isinstance(plain(arguments[1]), str):
        described(machine, tool, arguments, typed=name == "NewServerTool")
        return tool
    tool.fields["InputSchema"] = Cell(MapValue({"type": Item("object"), "properties": Item(MapValue())}))
    hints = Struct(External(callee.module, "ToolAnnotation"), {key: Cell(value) for key, value in USUAL_HINTS.items()})
    tool.fields["Annotations"] = Cell(hints)
    for given in arguments[1:]:
        apply(machine, given, tool, node)
    return tool


def described(machine: "Machine", tool: Struct, arguments: list[Value], *, typed: bool) -> None:
    """Fill a tool that is made from its name, its description, and a struct or a typed handler."""
    tool.fields["Description"] = Cell(arguments[1])
    last = arguments[2] if len(arguments) > NAMED else NIL
    known = target(last)
    if typed or isinstance(known, Function):
        tool.fields["InputSchema"] = Cell(of_document(schemas.of_handler(machine, last)))
    elif isinstance(known, Struct):
        tool.fields["InputSchema"] = Cell(of_document(schemas.of_named(machine, known.type)))


def as_json(value: Value) -> Value:
    """Return a text or bytes as the JSON document that they are."""
    known = target(value)
    return RawJson(known) if isinstance(known, str) else value


def apply(machine: "Machine", given: Value, tool: Struct, node: Node) -> None:
    """Apply an option to a tool; one that holds under a condition only is applied all the same."""
    options = given.options if isinstance(given, Choice) else ((given, ()),)
    for value, _ in options[:1]:
        machine.call(value, [Pointer(Cell(tool))], node)


def option(machine: "Machine", name: str, arguments: list[Value], kinds: list[TypeRef], node: Node) -> Value:
    """Return the option that a function of an SDK makes, None where it makes none."""
    first = arguments[0] if arguments else NIL
    if name in KINDS:
        return parameter(machine, KINDS[name], arguments, node)
    if name in KEYWORDS:
        return keyword(KEYWORDS[name], first)
    if name in {"Required", "Enum"}:
        return keyword(name.lower(), True if name == "Required" else Slice([Item(value) for value in arguments]))
    if name == "WithStringEnumItems":
        return keyword("items", MapValue({"type": Item("string"), "enum": Item(first)}))
    if name in ITEM_KINDS:
        return keyword("items", part(machine, {"type": ITEM_KINDS[name]}, arguments, node))
    return tool_option(name, first, kinds, machine)


def tool_option(name: str, first: Value, kinds: list[TypeRef], machine: "Machine") -> Value:
    """Return the option that says something of the tool as a whole, None where it is none."""
    if name == "WithDescription":
        return on_tool(name, lambda _machine, tool: setattr_cell(tool, "Description", first))
    if name in HINTS:
        return on_tool(name, lambda _machine, tool: setattr_cell(target(tool.get("Annotations")), HINTS[name], first))
    if name == "WithToolAnnotation":
        return on_tool(name, lambda _machine, tool: setattr_cell(tool, "Annotations", first))
    if name in {"WithRawInputSchema", "WithRawOutputSchema"}:
        return on_tool(name, lambda _machine, tool: setattr_cell(tool, name.removeprefix("With"), as_json(first)))
    if name in {"WithInputSchema", "WithOutputSchema"} and kinds:
        made = of_document(schemas.of_type(machine, kinds[0], ()))
        return on_tool(name, lambda _machine, tool: setattr_cell(tool, name.removeprefix("With"), made))
    return None


def setattr_cell(struct: Value, name: str, value: Value) -> None:
    """Set a field of a struct that is known."""
    if isinstance(struct, Struct):
        struct.fields[name] = Cell(value)


def on_tool(name: str, act: Act) -> Native:
    """Return an option that does something to a tool."""

    def run(machine: "Machine", arguments: list[Value], _node: Node) -> Value:
        tool = target(arguments[0]) if arguments else NIL
        if isinstance(tool, Struct):
            act(machine, tool)
        return NIL

    return Native(name, run)


def parameter(machine: "Machine", kind: dict[str, Any], arguments: list[Value], node: Node) -> Native:
    """Return the option that adds a parameter."""
    name = arguments[0] if arguments else NIL
    made = part(machine, kind, arguments[1:], node)
    needed = made.entries.pop("required", None)

    def add(_machine: "Machine", tool: Struct) -> None:
        schema, key = target(tool.get("InputSchema")), plain(name)
        if not isinstance(schema, MapValue) or not isinstance(key, str):
            return
        properties = schema.entries.setdefault("properties", Item(MapValue())).value
        properties.entries[key] = Item(made)
        if needed is not None:
            required = schema.entries.setdefault("required", Item(Slice())).value
            required.items.append(Item(key))

    return on_tool("parameter", add)


def part(machine: "Machine", kind: dict[str, Any], given: list[Value], node: Node) -> MapValue:
    """Return a parameter's schema with what its options say."""
    made = of_document(kind)
    for value in given:
        known = plain(value)
        if isinstance(known, Native):
            known.run(machine, [made], node)
    return made if isinstance(made, MapValue) else MapValue()


def keyword(name: str, value: Value) -> Native:
    """Return the option that sets one keyword of a parameter's schema."""

    def run(_machine: "Machine", arguments: list[Value], _node: Node) -> Value:
        schema = target(arguments[0]) if arguments else NIL
        if isinstance(schema, MapValue):
            schema.entries[name] = Item(value)
        return NIL

    return Native(name, run)


def register(machine: "Machine", holder: Value, name: str, arguments: list[Value], node: Node) -> bool:
    """Note what a method registers with a server; say whether it registers anything."""
    if name in MANY:
        for argument in arguments:
            note_many(machine, argument, node)
        return True
    if name not in ONE or not arguments:
        return False
    if name == "AddSessionTool":
        arguments = arguments[1:]
    first = arguments[0] if arguments else NIL
    if isinstance(plain(first), str) and len(arguments) > 1:
        tool = Struct(None, where=machine.place(node), conditions=machine.conditions)
        tool.fields["Name"] = Cell(first)
        described(machine, tool, arguments if len(arguments) > NAMED else [first, NIL, arguments[1]], typed=True)
        machine.registrations.note(machine, tool, arguments[-1], node)
        return True
    if is_tool(first) or is_of_sdk(holder):
        machine.registrations.note(machine, first, arguments[1] if len(arguments) > 1 else NIL, node)
        return True
    return isinstance(plain(first), Unknown)


def is_tool(value: Value) -> bool:
    """Say whether a value is a struct with a name, or holds one that is a tool."""
    known = target(value)
    return isinstance(known, Struct) and ("Name" in known.fields or "Tool" in known.fields)


def is_of_sdk(value: Value) -> bool:
    """Say whether a value comes from an SDK."""
    known = target(value)
    if isinstance(known, Unknown):
        return "erver" in known.why or "mcp" in known.why.lower()
    kind = known.type if isinstance(known, Struct) else known
    return isinstance(kind, External) and SDK.search(kind.module) is not None


def note_many(machine: "Machine", argument: Value, node: Node) -> None:
    """Note the tools of an argument: one, or a slice of them."""
    if isinstance(target(argument), Slice):
        for item in machine.items(argument):
            with machine.under(item.conditions):
                machine.registrations.note(machine, item.value, NIL, node)
    else:
        machine.registrations.note(machine, argument, NIL, node)
