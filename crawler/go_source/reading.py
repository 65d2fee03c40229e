"""From a Go program to the tools that it serves: follow its commands, then say what was registered."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from crawler.go_source import calls, expressions, operators, registrations, statements
from crawler.go_source.limits import FORGOTTEN_FUEL, FUEL, PYTHON_DEPTH
from crawler.go_source.machine import Machine, OutOfFuelError, Parts
from crawler.go_source.packages import MAKES, Declared, Package, Program, is_sample
from crawler.go_source.registrations import NOT_SEEN, Registration
from crawler.go_source.values import NIL, Cell, Function, Named, Pointer, Scope, Struct, Unknown, Value, text_of
from toolcensus.records import Tool, Unresolved

SPEAKS: Final = re.compile(
    r"\"[^\"\n]*(?:mark3labs/mcp-go|modelcontextprotocol/go-sdk|/mcp-go|/mcp-golang|/go-mcp)[/\"]"
)
ROUNDS: Final = 8


def served_tools(files: Mapping[str, str]) -> tuple[list[Tool], list[Unresolved]]:
    """Return the tools that the Go program of these files serves, and what of it could not be read."""
    with deep_python():
        return Reading(Program(files)).read()


@contextmanager
def deep_python() -> Iterator[None]:
    """Let Python recurse as deep as the evaluator's own limits need."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, PYTHON_DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


class Reading:
    """One program's reading."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.machine = Machine(program, PARTS)
        self.problems: list[Unresolved] = []
        self.found: list[Registration] = []

    def read(self) -> tuple[list[Tool], list[Unresolved]]:
        """Follow each command of the program; where none leads to a tool, follow whatever makes one."""
        for package in self.program.mains():
            self.follow(package)
        if not self.found:
            self.follow_forgotten()
        tools = best(self.found)
        return tools, self.unresolved(tools)

    def follow(self, package: Package) -> None:
        """Follow one command; what only a later command serves is conditional."""
        declared = package.functions["main"]
        self.guarded(lambda: self.run(package, declared), declared.file.path)
        self.collect(f"it is started as {package.folder or 'the program'}" if self.found else "")

    def run(self, package: Package, declared: Declared) -> None:
        """Run a command's `main`, then what it handed to its command-line library."""
        machine = self.machine
        with machine.apart(package, declared.file):
            machine.start(package)
            calls.enter(machine, function_of(package, declared), [], declared.node, [])
            for _ in range(ROUNDS):
                waiting, machine.waiting = machine.waiting, []
                for function, conditions in waiting:
                    with machine.under(conditions):
                        calls.run_callback(machine, function, declared.node)
                if not machine.waiting:
                    break

    def collect(self, condition: str) -> None:
        """Take over what was registered since the last time."""
        noted = self.machine.registrations
        loose = noted.unregistered(self.machine)
        followed = not noted.tools and not self.found
        new = noted.tools + [
            Registration(each.tool, each.conditions if followed or noted.lost else (*each.conditions, NOT_SEEN))
            for each in loose
        ]
        noted.tools, noted.made = [], []
        known = {each.tool.name for each in self.found}
        for each in new:
            if condition and each.tool.name not in known:
                each.conditions = (condition, *each.conditions)
        self.found += new

    def follow_forgotten(self) -> None:
        """Follow every function that makes or registers a tool, where no command leads to one."""
        machine = self.machine
        machine.fuel = max(machine.fuel, FORGOTTEN_FUEL)
        machine.handed.clear()
        for package in self.program.packages.values():
            if is_sample(package.folder):
                continue
            for function in makers(self.program, package):
                self.guarded(lambda function=function: self.run_maker(function), function.path)  # type: ignore[misc]
        self.collect("")

    def run_maker(self, function: Function) -> None:
        """Run one function with arguments that are not known."""
        file = next(each for each in function.package.files if each.path == function.path)
        with self.machine.apart(function.package, file):
            calls.enter(self.machine, function, [], function.node, [])

    def guarded(self, act: Callable[[], None], where: str) -> None:
        """Do a part of the reading; when the fuel is spent, say so and go on with what was found."""
        try:
            act()
        except OutOfFuelError:
            reason = f"reading stopped after {FUEL:,} steps, so tools may be missing"
            self.problems.append(Unresolved(where=where, reason=reason))
            self.machine.fuel = FORGOTTEN_FUEL
        except RecursionError:
            self.problems.append(Unresolved(where=where, reason="the program is nested too deep to be read"))
        finally:
            self.machine.frames.clear()
            self.machine.trails.clear()
            self.machine.floor = 0
            self.machine.running.clear()
            self.machine.conditions = ()

    def unresolved(self, tools: list[Tool]) -> list[Unresolved]:
        """Return what could not be read, each once; where nothing was found at all, the reason."""
        notes = [*self.machine.registrations.unresolved, *self.problems]
        if not tools and not notes and any(SPEAKS.search(text) for text in self.own_texts()):
            notes.append(Unresolved(where="package", reason="nothing that it starts leads to an MCP server"))
        return list(dict.fromkeys(notes))

    def own_texts(self) -> Iterator[str]:
        """Yield the text of the program's own files."""
        for package in self.program.packages.values():
            yield from (self.program.files[file.path] for file in package.files)


def best(found: list[Registration]) -> list[Tool]:
    """Return one tool a name: the one under the fewest conditions."""
    kept: dict[str, Registration] = {}
    for each in found:
        before = kept.get(each.tool.name)
        if before is None or len(each.conditions) < len(before.conditions):
            kept[each.tool.name] = each
    shared = of_all([each.conditions for each in kept.values()])
    return [
        conditional(each.tool, tuple(text for text in each.conditions if text not in shared)) for each in kept.values()
    ]


def of_all(several: list[tuple[str, ...]]) -> set[str]:
    """Return the conditions that every tool is under: how the server is started."""
    return set.intersection(*map(set, several)) if several else set()


def conditional(tool: Tool, conditions: tuple[str, ...]) -> Tool:
    """Return a tool with the conditions under which it is served."""
    return Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=tool.annotations,
        where=tool.where,
        conditional=registrations.condition(conditions),
    )


def makers(program: Program, package: Package) -> Iterator[Function]:
    """Yield the package's functions and methods whose own words make or register a tool."""
    for declared in package.functions.values():
        if MAKES.search(text_of(declared.node)):
            yield function_of(package, declared)
    for receiver, methods in package.methods.items():
        for declared in methods.values():
            if MAKES.search(text_of(declared.node)):
                holder: Value = Pointer(Cell(open_struct(package, receiver)))
                yield Function(declared.node, package, declared.file.path, Scope(), holder)
    del program


def open_struct(package: Package, name: str) -> Value:
    """Return a struct of which nothing is known but its type."""
    if name not in package.types:
        return Unknown(f"a {name}")
    return Struct(Named(name, package, Scope()), open=True)


def function_of(package: Package, declared: Declared) -> Function:
    """Return a declared function as a value."""
    return Function(declared.node, package, declared.file.path, Scope(), NIL)


PARTS: Final = Parts(
    evaluate=expressions.evaluate,
    execute=statements.execute,
    call_node=calls.call_node,
    call=calls.call,
    combined=operators.combined,
    run_callback=calls.run_callback,
)
