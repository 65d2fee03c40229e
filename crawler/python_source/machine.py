"""The state of one reading: what holds now, how much work is left, and what was seen so far.

The evaluator's parts (expressions, statements, calls, …) call each other in circles. They meet in the `Machine`, which
`reading.py` puts together, so that none of the files imports another in a circle.
"""

import ast
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from crawler.python_source.guards import Guard, Guards, joined
from crawler.python_source.modules import ModuleIndex
from crawler.python_source.scopes import Scope
from crawler.python_source.values import (
    Arguments,
    Class,
    Const,
    External,
    Function,
    Item,
    Mapping,
    Module,
    Native,
    Sequence,
    Value,
)
from toolcensus.records import Unresolved

STEPS = 500_000
CHARACTERS_A_STEP = 4
"""A package may cost `STEPS`, and one more for so many characters of its source: real servers need a tenth of that."""
SPARED = 10
"""A call or a module leaves one part in so many of the work that is left to what comes after it."""

DEPTH = 60
NESTING = 400
SAME_FUNCTION = 8


class WorkLimitReachedError(Exception):
    """The work that one package may cost is used up."""


class CallLimitReachedError(Exception):
    """The work that one call may cost is used up; what surrounds it goes on."""


@dataclass(slots=True, eq=False)
class Frame:
    """One call that is being followed."""

    function: Function | None
    receiver: Value | None
    guards: Guards
    returns: list[Item] = field(default_factory=list)
    yields: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Flow:
    """How a block ended: fell through, returned, raised, or left a loop; and the guards under which it goes on."""

    ended: str = ""
    guards: Guards = ()


ON = Flow()


@dataclass
class Parts:
    """The evaluator's parts, each a plain function."""

    evaluate: Callable[["Machine", ast.expr, Scope], Value]
    execute: Callable[["Machine", list[ast.stmt], Scope], Flow]
    call: Callable[["Machine", Value, Arguments], Value]
    attribute: Callable[["Machine", Value, str], Value]
    assign_attribute: Callable[["Machine", Value, str, Value], None]
    load: Callable[["Machine", str], Module | None]


@dataclass
class Machine:
    """One reading of one package."""

    index: ModuleIndex
    parts: Parts
    natives: dict[str, Value]
    requires: dict[str, bool] = field(default_factory=dict)
    splits_docstrings: bool = False
    guards: Guards = ()
    steps: int = 0
    work: int = STEPS
    limit: int = STEPS
    nesting: int = 0
    frames: list[Frame] = field(default_factory=list)
    modules: dict[str, Module] = field(default_factory=dict)
    servers: list[Any] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    notes: list[Unresolved] = field(default_factory=list)
    answers: list[tuple[Mapping, str]] = field(default_factory=list)
    path: str = ""
    effects: int = 0
    remembered: dict[Hashable, Value] = field(default_factory=dict)

    def spend(self, steps: int = 1) -> None:
        """Count work; raise WorkLimitReachedError or CallLimitReachedError where there is none left."""
        self.steps += steps
        if self.steps > self.limit:
            if self.steps > self.work:
                raise WorkLimitReachedError
            raise CallLimitReachedError

    def charge(self, value: Value) -> Value:
        """Count the work that a large result costs, and return it."""
        if isinstance(value, Const) and isinstance(value.value, str):
            self.spend(len(value.value) >> 10)
        elif isinstance(value, Sequence):
            self.spend(len(value.items) >> 3)
        elif isinstance(value, Mapping):
            self.spend(len(value.entries) >> 3)
        return value

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """Return the value of an expression."""
        return self.parts.evaluate(self, node, scope)

    def execute(self, block: list[ast.stmt], scope: Scope) -> Flow:
        """Follow statements and say how they ended."""
        return self.parts.execute(self, block, scope)

    def call(self, function: Value, arguments: Arguments) -> Value:
        """Return what a call returns."""
        return self.parts.call(self, function, arguments)

    def call_with(self, function: Value, *positional: Value, node: ast.AST, where: str = "") -> Value:
        """Return what a call with these plain arguments returns."""
        return self.parts.call(self, function, Arguments(list(positional), {}, node, where))

    def attribute(self, value: Value, name: str) -> Value:
        """Return an attribute of a value."""
        return self.parts.attribute(self, value, name)

    def load(self, name: str) -> Module | None:
        """Return a module of the package, running through it when it is first loaded."""
        return self.parts.load(self, name)

    @contextmanager
    def under(self, *guards: Guard) -> Iterator[None]:
        """Follow something under more guards."""
        before = self.guards
        self.guards = joined(before, guards) if guards else before
        try:
            yield
        finally:
            self.guards = before

    def where(self, node: ast.AST) -> str:
        """Return `path:line` of a node in the file that is being read."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    def note(self, where: str, reason: str) -> None:
        """Remember something that registers tools and could not be read."""
        note = Unresolved(where=where, reason=reason)
        if note not in self.notes:
            self.notes.append(note)

    def outside(self, path: str) -> Value:
        """Return what an outside name stands for: something that is modelled here, or the name itself."""
        return self.natives.get(path) or External(path)

    def native(self, name: str, code: Callable[["Machine", Arguments], Value]) -> Native:
        """Return a function that is modelled here."""
        return Native(name, code)
