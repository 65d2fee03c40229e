"""Calls that leave the program: Go's library, the MCP SDKs, and everything else, which may call functions back."""

import re
from typing import TYPE_CHECKING, Any, Final

from tree_sitter import Node

from crawler.go_source import sdk, standard, types
from crawler.go_source.documents import TAG
from crawler.go_source.expressions import shown
from crawler.go_source.syntax import fields_of
from crawler.go_source.values import (
    NIL,
    Assumed,
    Cell,
    External,
    Function,
    Item,
    Pointer,
    Slice,
    Struct,
    TypeRef,
    Unknown,
    Value,
    plain,
    target,
    text_of,
)

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine

AS_IT_IS: Final = re.compile(r"(?:Ptr|Pointer|^Ptr|^To|^Ref|^Of|^Bool|^String|^Must\w*)$")
FILLS: Final = re.compile(r"(?i)unmarshal|decode|parse|process|scan|load|bind|read|fill|populate")
DEFAULTS: Final = ("default", "envDefault", "env-default")
BUILDERS: Final = {"strings.Builder", "bytes.Buffer"}
WRITES: Final = {"WriteString", "WriteByte", "WriteRune", "Write"}
TEXT_FIELD: Final = "\0text"


def call_external(
    machine: "Machine", callee: External, arguments: list[Value], node: Node, kinds: list[TypeRef] | None = None
) -> Value:
    """Return what a function of another module gives."""
    run = standard.FUNCTIONS.get(f"{callee.module}.{callee.name}")
    if run is not None:
        return run(machine, arguments, node)
    found = sdk.call(machine, callee, arguments, node, kinds or [])
    if found is not None:
        return found
    name = callee.name.rpartition(".")[2]
    found = settings(machine, name, arguments)
    if found is not None:
        return found
    if len(arguments) == 1 and AS_IT_IS.search(name) and not isinstance(target(arguments[0]), Function):
        return arguments[0]
    if FILLS.search(name) or FILLS.search(callee.module):
        fill(machine, arguments)
    if callee.module == "fmt" and name.startswith("Fprint"):
        write(machine, arguments, node)
    return unknown_call(machine, arguments, node)


def settings(machine: "Machine", name: str, arguments: list[Value]) -> Value:
    """Return what declares, sets a default for, or reads a setting; None where a call does none of it."""
    if name == "SetDefault" and len(arguments) == 2 and isinstance(plain(arguments[0]), str):  # noqa: PLR2004  # key, value
        machine.flags[plain(arguments[0])] = Assumed(plain(arguments[1]))
        return NIL
    if name == "UnmarshalKey" and len(arguments) > 1 and isinstance(plain(arguments[1]), Pointer):
        key = plain(arguments[0])
        machine.set(plain(arguments[1]).cell, machine.flags.get(key, Unknown(f"the setting {key}")))
        return NIL
    declared = standard.flag(machine, name, arguments)
    if declared is None and len(arguments) == 1:
        declared = standard.setting(machine, name, arguments)
    return declared


def call_method(machine: "Machine", holder: Value, name: str, arguments: list[Value], node: Node) -> Value:
    """Return what a method of something outside gives: a registration, a text that is built, a setting."""
    if sdk.register(machine, holder, name, arguments, node):
        return Unknown(shown(node))
    known = target(holder)
    if isinstance(known, Struct) and isinstance(known.type, External) and known.type.described() in BUILDERS:
        if name in WRITES:
            write(machine, [holder, *arguments], node)
            return NIL
        return (
            known.get(TEXT_FIELD)
            if TEXT_FIELD in known.fields and name == "String"
            else ""
            if name == "String"
            else NIL
        )
    found = settings(machine, name, arguments)
    if found is not None:
        return found
    if FILLS.search(name):
        fill(machine, arguments)
    return unknown_call(machine, arguments, node)


def write(machine: "Machine", arguments: list[Value], node: Node) -> None:
    """Add to a text that is being built."""
    builder = target(arguments[0]) if arguments else NIL
    if not isinstance(builder, Struct):
        return
    given = arguments[1:]
    text = standard.formatted(machine, given, node) if "Fprintf" in shown(node) else plain(given[0]) if given else NIL
    if isinstance(text, int) and not isinstance(text, bool):
        text = chr(text) if 0 <= text < 0x110000 else ""  # noqa: PLR2004  # the last code point
    cell = builder.fields.setdefault(TEXT_FIELD, Cell(""))
    before = plain(cell.value)
    known = isinstance(before, str) and isinstance(text, str)
    machine.set(cell, before + text if known else Unknown("a text"))


def unknown_call(machine: "Machine", arguments: list[Value], node: Node) -> Value:
    """Run the functions that are handed over, and say that the result is not known."""
    for argument in arguments:
        if isinstance(target(argument), Function):
            machine.parts.run_callback(machine, argument, node)
    return Unknown(f"the result of {shown(node)}")


def fill(machine: "Machine", arguments: list[Value]) -> None:
    """Let what something outside reads be unknown, apart from the defaults that a struct's tags declare."""
    for argument in arguments:
        pointer = plain(argument)
        if isinstance(pointer, Pointer):
            known = target(pointer)
            if isinstance(known, Struct):
                fill_struct(machine, known)
            else:
                standard.opened(machine, pointer)


def fill_struct(machine: "Machine", struct: Struct) -> None:
    """Open a struct's fields; those whose tags declare a default have it as long as nobody sets them."""
    struct.open = True
    literal = types.underlying(machine, struct.type)
    if not isinstance(literal, TypeRef) or literal.node.type != "struct_type":
        return
    for declaration in fields_of(literal.node):
        tags = dict(TAG.findall(text_of(declaration.child_by_field_name("tag"))))
        default = next((tags[name] for name in DEFAULTS if name in tags), None)
        kind = text_of(declaration.child_by_field_name("type"))
        for name in declaration.children_by_field_name("name"):
            if text_of(name) in struct.fields:
                continue
            if default is not None:
                struct.fields[text_of(name)] = Cell(Assumed(of_tag(default, kind)))
            elif kind == "bool" and any(key in tags for key in ("env", "envconfig", "arg", "long", "help")):
                struct.fields[text_of(name)] = Cell(Assumed(value=False))


def of_tag(text: str, kind: str) -> Any:
    """Return a default in a tag as a value of the field's type."""
    if kind == "bool":
        return text.lower() in {"true", "1"}
    if kind.startswith(("int", "uint")) and text.lstrip("-").isdecimal():
        return int(text)
    if kind == "[]string":
        return Slice([Item(part) for part in text.split(",") if part])
    return text
