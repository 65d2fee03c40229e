"""The state of one reading: fuel, the conditions that hold, what was assigned in a branch, and what was registered."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tree_sitter import Node

from crawler.go_source.limits import CALL_DEPTH, FUEL, SAME_FUNCTION
from crawler.go_source.packages import File, Package, Program
from crawler.go_source.registrations import Registrations
from crawler.go_source.values import (
    NIL,
    Cell,
    Choice,
    Conditions,
    External,
    Function,
    Item,
    Pointer,
    Scope,
    Slice,
    Tuple,
    Unknown,
    Value,
    options,
    plain,
    text_of,
)


class OutOfFuelError(Exception):
    """The program takes more steps to follow than are spent on one."""


class AsideLimitError(Exception):
    """A call that leads to no tool takes more steps than it is worth."""


@dataclass(slots=True)
class Frame:
    """One call of a function of the program: where it stands, what it returned and under which conditions."""

    package: Package
    file: File
    function: Function | None = None
    returned: list[tuple[Value, Conditions]] = field(default_factory=list)
    base: Conditions = ()
    given: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """The readers that need each other: expressions, statements, calls."""

    evaluate: "Callable[[Machine, Node, Scope], Value]"
    execute: "Callable[[Machine, Node, Scope], str]"
    call_node: "Callable[[Machine, Node, Scope], Value]"
    call: "Callable[[Machine, Value, list[Value], Node], Value]"
    combined: "Callable[[Machine, str, Value, Value, str], Value]"
    run_callback: "Callable[[Machine, Value, Node], Value]"


@dataclass
class Machine:
    """A Go program while it is followed."""

    program: Program
    parts: Parts
    registrations: Registrations = field(default_factory=Registrations)
    fuel: int = FUEL
    floor: int = 0
    conditions: Conditions = ()
    frames: list[Frame] = field(default_factory=list)
    running: Counter[int] = field(default_factory=Counter)
    handed: Counter[int] = field(default_factory=Counter)
    waiting: list[tuple[Value, Conditions]] = field(default_factory=list)
    started: set[str] = field(default_factory=set)
    flags: dict[str, Value] = field(default_factory=dict)
    trails: list[dict[int, tuple[Cell, Value]]] = field(default_factory=list)

    @property
    def frame(self) -> Frame:
        """The call that is being followed."""
        return self.frames[-1]

    def step(self, cost: int = 1) -> None:
        """Spend fuel."""
        self.fuel -= cost
        if self.fuel < self.floor:
            raise OutOfFuelError if self.fuel < 0 else AsideLimitError

    def evaluate(self, node: Node | None, scope: Scope) -> Value:
        """Return what an expression is worth."""
        return self.parts.evaluate(self, node, scope) if node is not None else NIL

    def execute(self, node: Node | None, scope: Scope) -> str:
        """Do a statement and return how it leaves its block."""
        return self.parts.execute(self, node, scope) if node is not None else ""

    def call(self, callee: Value, arguments: list[Value], node: Node) -> Value:
        """Return what a call of a value gives."""
        return self.parts.call(self, callee, arguments, node)

    def hold(self, conditions: Conditions) -> None:
        """Go on under further conditions until the function ends: it returned where they do not hold."""
        self.conditions = joined(self.conditions, conditions)

    def base_conditions(self) -> Conditions:
        """Return the conditions under which the function was called."""
        return self.frame.base

    def named_results(self, scope: Scope) -> Value:
        """Return what a bare `return` gives."""
        function = self.frame.function
        names = result_names(function.node) if function is not None else []
        cells = [scope.find(name) for name in names]
        values = tuple(cell.value if cell is not None else NIL for cell in cells)
        return values[0] if len(values) == 1 else Tuple(values)

    def start(self, package: Package) -> None:
        """Run a package's `init` functions, once, before anything of it is used."""
        if package.folder in self.started:
            return
        self.started.add(package.folder)
        for path in sorted({path for file in package.files for path in file.imports.values()}):
            found = self.program.find(path)
            if found is not None:
                self.start(found)
        for declared in package.starts:
            function = Function(declared.node, package, declared.file.path, Scope())
            with self.apart(package, declared.file):
                self.call(function, [], declared.node)

    @contextmanager
    def apart(self, package: Package, file: File) -> Iterator[None]:
        """Follow something at the top of a file, whatever calls for it."""
        with self.inside(Frame(package, file, base=self.conditions)):
            yield

    def place(self, node: Node) -> str:
        """Return `path:line` of a node in the file that is being followed."""
        path = self.frame.file.path if self.frames else "package"
        return f"{path}:{node.start_point[0] + 1}"

    @contextmanager
    def under(self, conditions: Conditions) -> Iterator[None]:
        """Follow something under further conditions."""
        before = self.conditions
        self.conditions = joined(before, conditions)
        try:
            yield
        finally:
            self.conditions = before

    @contextmanager
    def inside(self, frame: Frame) -> Iterator[None]:
        """Follow something in a frame of its own."""
        before = self.conditions
        self.frames.append(frame)
        try:
            yield
        finally:
            self.frames.pop()
            self.conditions = before

    def may_enter(self, function: Function) -> bool:
        """Say whether a call is neither too deep nor endless."""
        return len(self.frames) < CALL_DEPTH and self.running[function.node.id] < SAME_FUNCTION

    def set(self, cell: Cell, value: Value) -> None:
        """Assign, so that a branch which is not taken by default can be taken back."""
        if self.trails:
            self.trails[-1].setdefault(id(cell), (cell, cell.value))
        cell.value = value

    def items(self, value: Value) -> Iterator[Item]:
        """Yield the elements of a slice, whichever of several it may be."""
        for option, conditions in options(value):
            known = plain(option)
            if isinstance(known, Pointer):
                known = plain(known.cell.value)
            if isinstance(known, Slice):
                for item in known.items:
                    yield Item(item.value, joined(conditions, item.conditions))
                if known.open:
                    yield Item(Unknown("an element of a list that is not known"), conditions)
            elif not isinstance(known, type(NIL)):
                yield Item(Unknown("an element of a list that is not known"), conditions)


def joined(*several: Conditions) -> Conditions:
    """Return all conditions once, in order."""
    filled = [conditions for conditions in several if conditions]
    if len(filled) == 1:
        return filled[0]
    return tuple(dict.fromkeys(text for conditions in filled for text in conditions))


def beyond(conditions: Conditions, known: Conditions) -> Conditions:
    """Return the conditions that `known` does not hold."""
    return tuple(text for text in conditions if text not in known)


def several(returned: list[tuple[Value, Conditions]]) -> Value:
    """Return what a function gives that may return at several places."""
    kept = [(value, conditions) for value, conditions in returned if not fails(value)] or returned
    if not kept:
        return NIL
    if len(kept) == 1 and not kept[0][1]:
        return kept[0][0]
    if all(isinstance(value, Tuple) for value, _ in kept):
        width = min(len(value.values) for value, _ in kept)
        return Tuple(tuple(choice([(value.values[at], path) for value, path in kept]) for at in range(width)))
    return choice(kept)


def choice(several_values: list[tuple[Value, Conditions]]) -> Value:
    """Return one value for several that may be meant; equal ones are one."""
    first = several_values[0][0]
    if all(is_same(value, first) for value, _ in several_values):
        return first
    return Choice(tuple(several_values))


def is_same(one: Value, other: Value) -> bool:
    """Say whether two values are the same for all that is known."""
    if isinstance(one, str | int | float | bool) or isinstance(other, str | int | float | bool):
        return type(one) is type(other) and bool(one == other)
    return one is other or (isinstance(one, Unknown | External) and isinstance(other, Unknown | External))


def fails(value: Value) -> bool:
    """Say whether a function returns a failure: an error that is known to be one."""
    last = value.values[-1] if isinstance(value, Tuple) and value.values else value
    return isinstance(last, External) and last.name == "error"


def result_names(function: Node) -> list[str]:
    """Return the names of a function's results, where they have names."""
    result = function.child_by_field_name("result")
    if result is None or result.type != "parameter_list":
        return []
    return [
        text_of(name)
        for declaration in result.named_children
        for name in declaration.children_by_field_name("name")
        if name.type == "identifier"
    ]
