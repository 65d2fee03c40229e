"""Frameworks above the SDK that have registrations of their own."""

import re
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.javascript_source.definitions import definition_of
from crawler.javascript_source.iteration import since
from crawler.javascript_source.native import argument
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    ClassValue,
    FunctionValue,
    Namespace,
    NativeFunction,
    ObjectValue,
    Opaque,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

DECORATOR_PACKAGES: Final = ("@rekog/mcp-nest", "@nestjs-mcp", "@leanmcp", "nestjs-mcp", "@modelcontextprotocol/nest")
DEFINERS: Final = frozenset({"tool", "defineTool", "createTool", "makeApi", "makeEndpoint"})
"""Exported functions that give the definition back that they are given."""
SERVER_MAKER: Final = re.compile(r"(?i)mcp.*server|server.*mcp|mcp.*app$")
FOLDERS: Final = frozenset({"mcp-framework", "xmcp"})
"""Packages that serve every tool of the folder `tools`."""


def on_call(machine: "Machine", callee: Opaque, arguments: ArrayValue, node: Node | None) -> Value:
    """Return what a framework's own registration gives, or None if the call is none."""
    if callee.name == "Tool" and callee.module.startswith(DECORATOR_PACKAGES):
        return decorator(machine, argument(arguments, 0), node)
    if callee.name in DEFINERS and isinstance(usual(argument(arguments, 0)), ObjectValue | ArrayValue):
        return argument(arguments, 0)
    note_server(machine, callee, arguments, node)
    return None


def decorator(machine: "Machine", config: Value, node: Node | None) -> Value:
    """Return a decorator `@Tool({…})` that registers the method it is put on."""
    where = machine.place(node)

    def run(inner: "Machine", _this: Value, arguments: ArrayValue) -> Value:
        method = argument(arguments, 1)
        known = usual(config)
        given = usual(inner.get(known, "name")) if isinstance(known, ObjectValue) else UNDEFINED
        name = given if isinstance(given, str) else method
        if isinstance(name, str):
            inner.registrations.add(inner, definition_of(inner, name, known, where), ())
        return UNDEFINED

    return NativeFunction("Tool", run)


def on_construct(machine: "Machine", maker: Opaque, arguments: ArrayValue, node: Node | None) -> None:
    """Note the tools that a framework's server is made with."""
    if maker.name == "MCPServer" and maker.module in FOLDERS:
        folder_tools(machine)
        return
    note_server(machine, maker, arguments, node)


def note_server(machine: "Machine", maker: Opaque, arguments: ArrayValue, node: Node | None) -> None:
    """Note the tools of `new MCPServer({tools})` or `createMcpServer({tools})`: an array, a record, or a function."""
    config = usual(argument(arguments, 0))
    if not isinstance(config, ObjectValue) or not SERVER_MAKER.search(maker.name):
        return
    tools = usual(machine.get(config, "tools"))
    if isinstance(tools, FunctionValue):
        tools = usual(machine.call(tools, UNDEFINED, ArrayValue(open=True)))
    path = since(machine.path, maker.path)
    if isinstance(tools, ObjectValue):
        machine.registrations.note_record(machine, tools, path, machine.place(node))
    elif isinstance(tools, ArrayValue):
        for item, conditions in machine.items(tools):
            machine.registrations.note_object(machine, item, path + conditions, machine.place(node))


def folder_tools(machine: "Machine") -> None:
    """Read every file of the folder `tools` beside the program, each of which exports a class with the tool's name."""
    entry = machine.loader.entries[0] if machine.loader.entries else ""
    top = entry.rpartition("/")[0]
    start = f"{top}/tools/" if top else "tools/"
    for path in sorted(machine.loader.files):
        if path.startswith(start) and path.endswith((".js", ".mjs", ".ts")) and not path.endswith(".d.ts"):
            module = machine.loader.load(machine, path)
            note_exported_class(machine, module, path)


def note_exported_class(machine: "Machine", module: Value, path: str) -> None:
    """Note the tool of a module whose default export is a tool class or an instance of one."""
    exported = machine.get(module, "default") if isinstance(module, Namespace) else UNDEFINED
    made = machine.construct(exported, ArrayValue()) if isinstance(exported, ClassValue) else exported
    if isinstance(made, ObjectValue) and isinstance(usual(machine.get(made, "name")), str):
        machine.registrations.note_object(machine, made, (), f"{path}:1")
