"""From a program to the tools that it serves: run it from its entry points, ask its handlers, sort the answers."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from crawler.javascript_source import roots
from crawler.javascript_source.limits import CONDITION_CHARACTERS, FORGOTTEN_FUEL, FUEL, PYTHON_DEPTH
from crawler.javascript_source.machine import Machine
from crawler.javascript_source.modules import Loader
from crawler.javascript_source.registrations import Handler, Registration, Registrations
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import (
    UNDEFINED,
    Choice,
    FunctionValue,
    ObjectValue,
    Opaque,
    OutOfFuelError,
    Path,
    Thrown,
    Unlikely,
    Value,
)
from toolcensus.records import Tool, Unresolved

MOST_PATHS: Final = 24
SHOWN_PACKAGES: Final = 8
SAME_HANDLER: Final = 3
"""How many servers made by the same code are asked."""


@contextmanager
def deep_python() -> Iterator[None]:
    """Let Python recurse as deep as the evaluator's own limits need."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, PYTHON_DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def served_tools(files: Mapping[str, str], entries: tuple[str, ...]) -> tuple[list[Tool], list[Unresolved]]:
    """Return the tools that the program of these files serves, and what of it could not be read."""
    with deep_python():
        return Reading(files, entries).read()


class Reading:
    """One program's reading."""

    def __init__(self, files: Mapping[str, str], entries: tuple[str, ...]) -> None:
        self.registrations = Registrations()
        self.loader = Loader(files, entries)
        self.machine = Machine(self.loader, self.registrations, entries[0] if entries else "")
        self.problems: list[Unresolved] = []

    def read(self) -> tuple[list[Tool], list[Unresolved]]:
        """Read the program."""
        for path in roots.entry_files(self.loader):
            self.guarded(lambda path=path: self.machine.loader.load(self.machine, path), path)  # type: ignore[misc]
            self.ask_handlers()
            if self.registrations.tools:
                break
        if not self.registrations.tools:
            found = len(self.registrations.tools)
            self.machine.refuel(min(self.machine.fuel, FORGOTTEN_FUEL))
            roots.run_forgotten(self.machine, self.guarded)
            self.ask_handlers()
            self.forget_shared_conditions(self.registrations.tools[found:])
        if all(registration.path for registration in self.registrations.tools):
            self.forget_shared_conditions(self.registrations.tools)
        return self.tools(), self.unresolved()

    def guarded(self, act: Callable[[], object], where: str) -> None:
        """Do a part of the reading; when the fuel is spent, say so and go on with what was found."""
        try:
            act()
        except OutOfFuelError:
            reason = f"reading stopped after {self.loader.fuel:,} steps, so tools may be missing"
            self.problems.append(Unresolved(where=where, reason=reason))
            self.machine.refuel(max(self.machine.fuel, FORGOTTEN_FUEL))
        except (Thrown, RecursionError):
            self.problems.append(Unresolved(where=where, reason="the program is nested too deep to be read"))
        finally:
            self.machine.depth = 0
            self.machine.floor = 0
            del self.machine.frames[1:]
            self.machine.running.clear()
            self.machine.path = ()

    def ask_handlers(self) -> None:
        """Ask each handler of `tools/list` what it answers."""
        waiting = sorted(self.registrations.handlers, key=lambda handler: len(handler.path))
        self.registrations.handlers.clear()
        asked: Counter[int] = Counter()
        for handler in waiting:
            key = handler.function.node.id if isinstance(handler.function, FunctionValue) else 0
            asked[key] += 1
            if asked[key] <= SAME_HANDLER:
                self.guarded(lambda handler=handler: self.ask(handler), handler.where)  # type: ignore[misc]

    def ask(self, handler: Handler) -> None:
        """Ask one handler."""
        answer = self.machine.call_apart(FUEL, handler.function)
        for path, option in answer.options if isinstance(answer, Choice) else (((), answer),):
            tools = self.machine.get(option, "tools") if option is not UNDEFINED else UNDEFINED
            self.note_answer(tools, handler.path + path, handler.where)

    def note_answer(self, tools: Value, path: Path, where: str) -> None:
        """Note the tools of an answer."""
        if isinstance(usual(tools), Opaque):
            reason = f"the list of tools comes from {usual(tools).described()}"
            self.registrations.unresolved.append(Unresolved(where=where, reason=reason))
            return
        for item, conditions in self.machine.items(tools):
            if isinstance(usual(item), ObjectValue | Opaque):
                self.registrations.note_object(self.machine, item, path + conditions, where)

    def tools(self) -> list[Tool]:
        """Return each name once, the unconditional definition first."""
        chosen: dict[str, Tool] = {}
        paths: dict[str, list[Path]] = {}
        for registration in self.registrations.tools:
            tool, path = registration.tool, registration.path + (registration.disabled or ())
            known = paths.setdefault(tool.name, [])
            if tool.name not in chosen or (not path and () not in known):
                chosen[tool.name] = tool
            known.append(path)
        return [with_condition(tool, joined(paths[name])) for name, tool in chosen.items()]

    def forget_shared_conditions(self, registrations: list[Registration]) -> None:
        """Drop the conditions of every tool alike: they say how the server is started, unless they are unlikely."""
        paths = [set(registration.path) for registration in registrations]
        shared = set.intersection(*paths) if len(paths) > 1 else set()
        for registration in registrations:
            registration.path = tuple(
                condition
                for condition in registration.path
                if condition not in shared or isinstance(condition, Unlikely)
            )

    def elsewhere(self) -> str:
        """Return the reason why nothing was found."""
        packages = [name for name in self.loader.outside if not name.startswith(("node:", "@modelcontextprotocol/"))]
        words = ", ".join(packages[:SHOWN_PACKAGES])
        return f"nothing here registers a tool; if it is served by a dependency, it is one of: {words or 'none'}"

    def unresolved(self) -> list[Unresolved]:
        """Return what could not be read, each once, unless tools were found at the same place."""
        found = {registration.tool.where for registration in self.registrations.tools}
        unread = [Unresolved(where=path, reason=reason) for path, reason in self.loader.unread.items()]
        noted = [item for item in self.registrations.unresolved if item.where not in found]
        if not found and not noted:
            unread.append(
                Unresolved(where=self.loader.entries[0] if self.loader.entries else "", reason=self.elsewhere())
            )
        return list(dict.fromkeys([*noted, *unread, *self.problems]))


def joined(paths: list[Path]) -> Path:
    """Return the conditions of a tool that is registered at several places: under X and under !(X) is under none."""
    known = list(dict.fromkeys(tuple(dict.fromkeys(path)) for path in paths))[:MOST_PATHS]
    for _round in range(len(known)):
        merged = next((rest for path in known for rest in without_one(path, known)), None)
        if merged is None:
            break
        known = [merged, *(path for path in known if not set(merged) <= set(path))]
    return min(known, key=len)


def without_one(path: Path, known: list[Path]) -> Iterator[Path]:
    """Yield a path less one condition, for each condition whose opposite another path has in its place."""
    for condition in path:
        rest = tuple(other for other in path if other != condition)
        if any(set(other) <= {*rest, opposite(condition)} and opposite(condition) in other for other in known):
            yield rest


def opposite(condition: str) -> str:
    """Return the condition that holds exactly when this one does not."""
    inner = condition[2:-1]
    return inner if condition.startswith("!(") and condition.endswith(")") else f"!({condition})"


def with_condition(tool: Tool, path: Path) -> Tool:
    """Return a tool with its conditions in words."""
    if not path:
        return tool
    words = " && ".join(dict.fromkeys(path))
    words = words if len(words) <= CONDITION_CHARACTERS else words[: CONDITION_CHARACTERS - 1] + "…"
    fields = {name: getattr(tool, name) for name in tool.__struct_fields__}
    return Tool(**{**fields, "conditional": words})
