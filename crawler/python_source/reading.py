"""One reading of one package: start it in mind, follow it, and say which tools it serves."""

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from crawler.extractor import Extraction
from crawler.python_source import attributes, calls, expressions, imports, statements
from crawler.python_source.answers import Served
from crawler.python_source.commands import SERVING
from crawler.python_source.definitions import Definition
from crawler.python_source.entry_points import Start, is_left_out, starts
from crawler.python_source.guards import Guard, Guards, condition
from crawler.python_source.library import standard_library
from crawler.python_source.machine import (
    CHARACTERS_A_STEP,
    STEPS,
    CallLimitReachedError,
    Machine,
    Parts,
    WorkLimitReachedError,
)
from crawler.python_source.modules import ModuleIndex
from crawler.python_source.requirements import requirements, splits_docstrings
from crawler.python_source.served import collect
from crawler.python_source.values import Arguments, Class, Function, Value
from crawler.source_tree import SourceTree
from toolcensus.records import Tool, Unresolved

RECURSION = 6_000
ALTERNATIVES = 12
SERVER_NAMES = frozenset({"mcp", "mcp_server"})
SERVER_CLASSES = frozenset({"FastMCP", "MCPServer", "Server"})
NOT_STARTED = Guard("started", holds=True, shown="something starts it, which was not found", unlikely=True)
IMPORTS = re.compile(r"^\s*(?:from|import)\s+(?:fast)?mcp\b", re.MULTILINE)


def read(tree: SourceTree) -> Extraction:
    """Return the tools that a package serves, and what could not be read."""
    machine = _machine(tree)
    with _deep_recursion():
        ways = starts(tree)
        served = _try_starts(machine, ways)
        if not served.definitions and not served.unknowns:
            served = _try_everything(machine)
    return _extraction(machine, served)


def _machine(tree: SourceTree) -> Machine:
    parts = Parts(
        expressions.evaluate,
        statements.execute,
        calls.call,
        attributes.attribute,
        attributes.assign_attribute,
        imports.load,
    )
    index = ModuleIndex(tree.files)
    size = sum(len(text) for path, text in tree.files.items() if path.endswith((".py", ".json")))
    work = STEPS + size // CHARACTERS_A_STEP
    return Machine(
        index,
        parts,
        standard_library(),
        requirements(tree.files),
        splits_docstrings=splits_docstrings(tree.files),
        work=work,
        limit=work,
    )


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """Let the reading nest as deep as its own limits allow; those are what stops it."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _try_starts(machine: Machine, ways: list[Start]) -> Served:
    for position, way in enumerate(ways):
        held: Guards = ()
        if position:
            text = f"it is started as {way.command or way.path or way.module}"
            held = (Guard(("start", position), holds=True, shown=text, kind="command", unlikely=True),)
        machine.limit = machine.work if not position else machine.steps + (machine.work - machine.steps) // 4
        with _limited(machine), machine.under(*held):
            _start(machine, way)
    machine.limit = machine.work
    return _collected(machine)


def _collected(machine: Machine) -> Served:
    served = Served()
    machine.work = machine.limit = max(machine.work, machine.steps + STEPS // 3)
    with _limited(machine):
        collect(machine, served)
    return served


@contextmanager
def _limited(machine: Machine) -> Iterator[None]:
    """Go on after a start that takes too much work, with what was found until then."""
    try:
        yield
    except (WorkLimitReachedError, CallLimitReachedError):
        machine.note(machine.path or "package", "the package takes more work to follow than is spent on one")
    except RecursionError:
        machine.note(machine.path or "package", "nested too deeply to be followed")
    finally:
        machine.frames.clear()
        machine.nesting = 0
        machine.guards = ()


def _start(machine: Machine, way: Start) -> None:
    node = ast.Pass()
    if way.path:
        folder = way.path.rpartition("/")[0]
        if not way.path.endswith("__main__.py"):
            machine.index.add_root(folder)
        name = machine.index.name_of(way.path)
        if "." in name:
            machine.load(name.rpartition(".")[0])
        imports.run(machine, name, way.path, called="__main__")
        return
    module = machine.load(way.module)
    if module is None:
        return
    if not way.attribute:
        return
    value = imports.member(machine, module, way.attribute.partition(".")[0])
    for name in way.attribute.split(".")[1:]:
        value = machine.attribute(value, name)
    machine.path = module.path
    machine.call(value, Arguments([], {}, node, f"{module.path}:1"))


def _try_everything(machine: Machine) -> Served:
    """Run through every module, and through what makes a server, where the package's commands lead nowhere."""
    for path in sorted(machine.index.files):
        if path.endswith(".py") and not is_left_out(path) and not path.endswith("setup.py"):
            with _limited(machine):
                machine.load(machine.index.name_of(path))
    served = _collected(machine)
    if served.definitions:
        return served
    for module in list(machine.modules.values()):
        for value in list(module.scope.names.values()):
            if not is_left_out(module.path) and _makes_server(value):
                with _limited(machine), machine.under(NOT_STARTED):
                    machine.path = module.path
                    machine.call_with(value, node=ast.Pass(), where=f"{module.path}:1")
    return _collected(machine)


def _makes_server(value: Value) -> bool:
    """Say whether a function or class of the package makes a server, or is given one to register tools with."""
    if not isinstance(value, Function | Class) or isinstance(value.node, ast.Lambda):
        return False
    if isinstance(value, Function) and any(argument.arg in SERVER_NAMES for argument in value.node.args.args):
        return True
    named = {each.id for each in ast.walk(value.node) if isinstance(each, ast.Name)}
    return bool(named & SERVER_CLASSES)


def _extraction(machine: Machine, served: Served) -> Extraction:
    definitions = _default_command(served.definitions)
    best: dict[str, Definition] = {}
    for definition in [*definitions, *_on_both_sides(definitions)]:
        kept = best.get(definition.name)
        if kept is None or len(definition.guards) < len(kept.guards):
            best[definition.name] = definition
    tools = sorted((_tool(each) for each in best.values()), key=lambda tool: (_place(tool.where), tool.name))
    notes = [Unresolved(where=each.where, reason=each.reason) for each in served.unknowns] + machine.notes
    if not tools and not notes and _speaks_of_servers(machine):
        notes.append(Unresolved(where="package", reason="nothing that it starts leads to an MCP server"))
    notes += [Unresolved(where=path, reason=why) for path, why in machine.index.unreadable.items()]
    unique = {(note.where, note.reason): note for note in notes}
    return Extraction(
        tools=tuple(tools), unresolved=tuple(sorted(unique.values(), key=lambda note: _place(note.where)))
    )


def _on_both_sides(definitions: list[Definition]) -> Iterator[Definition]:
    """Yield what is defined whichever way a test goes, without that test."""
    named: dict[str, list[Definition]] = {}
    for definition in definitions:
        named.setdefault(definition.name, []).append(definition)
    for several in named.values():
        sets = {frozenset(each.guards) for each in several}
        for each in several[:ALTERNATIVES]:
            for guard in each.guards:
                others = frozenset(each.guards) - {guard}
                if others | {guard.negated()} in sets:
                    yield replace(each, guards=tuple(kept for kept in each.guards if kept != guard))


def _speaks_of_servers(machine: Machine) -> bool:
    """Say whether the package's Python imports an SDK for MCP, so that to find no tool needs a reason."""
    return any(IMPORTS.search(text) for path, text in machine.index.files.items() if path.endswith(".py"))


def _place(where: str | None) -> tuple[str, int]:
    path, _, line = (where or "").rpartition(":")
    return path, int(line) if line.isdigit() else 0


def _tool(definition: Definition) -> Tool:
    return Tool(
        name=definition.name,
        title=definition.title,
        description=definition.description,
        input_schema=definition.input_schema,
        annotations=definition.annotations,
        conditional=condition(definition.guards),
        where=definition.where,
    )


def _default_command(definitions: list[Definition]) -> list[Definition]:
    """Where everything is behind commands of one program, take the server's command as given."""
    if any(not definition.guards for definition in definitions):
        return definitions
    counts: dict[Guard, int] = {}
    for definition in definitions:
        for guard in definition.guards:
            if guard.kind == "command":
                counts[guard] = counts.get(guard, 0) + 1
    if not counts:
        return definitions
    likeliest = max(counts, key=lambda guard: (_is_usual(guard), counts[guard]))
    return [replace(each, guards=tuple(guard for guard in each.guards if guard != likeliest)) for each in definitions]


def _is_usual(guard: Guard) -> bool:
    return any(word in SERVING for word in guard.text.lower().split())
