"""What a Go expression may be worth while a program is followed without being run.

Text, numbers and truth values are Python's own; everything else is one of these classes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tree_sitter import Node

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine
    from crawler.go_source.packages import Package

Value = Any
Conditions = tuple[str, ...]


class Nil:
    """Go's `nil`."""


NIL: Final = Nil()


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only the running program has, and what it is in words."""

    why: str = "a value that is not known"


@dataclass(frozen=True, slots=True)
class Assumed:
    """What a setting is as long as nobody sets it: an unset variable, a flag's default."""

    value: Value


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values, each under its conditions; the likeliest comes first."""

    options: tuple[tuple[Value, Conditions], ...]


@dataclass(slots=True)
class Cell:
    """A variable or a field: what a pointer points at."""

    value: Value


@dataclass(frozen=True, slots=True)
class Pointer:
    """A pointer to a variable or field."""

    cell: Cell


@dataclass(frozen=True, slots=True)
class Item:
    """An element of a slice or map, and the conditions under which it is there."""

    value: Value
    conditions: Conditions = ()


@dataclass(slots=True)
class Slice:
    """A slice or array; `open` where it may hold more."""

    items: list[Item] = field(default_factory=list)
    open: bool = False


@dataclass(slots=True)
class MapValue:
    """A map, in the order in which it was filled; `open` where it may hold more. `element` is what its values are."""

    entries: dict[Any, Item] = field(default_factory=dict)
    open: bool = False
    element: "TypeRef | None" = None


@dataclass(frozen=True, slots=True)
class External:
    """Something of a package that is not part of the program: the import path, and the dotted name in it."""

    module: str
    name: str = ""

    def described(self) -> str:
        """Return it in words."""
        return f"{self.module.rpartition('/')[2]}.{self.name}" if self.name else self.module


@dataclass(frozen=True, slots=True)
class TypeRef:
    """A type as it is written, and where; `bound` are the type parameters that are known there."""

    node: Node
    package: "Package"
    bound: "Scope"


@dataclass(slots=True)
class Struct:
    """A struct; `type` is the program's own declared type, an external one, or None for a type without a name.

    `open` says that fields which nobody has set are not known instead of zero. `origin` is shared by copies.
    """

    type: "Named | External | TypeRef | None"
    fields: dict[str, Cell] = field(default_factory=dict)
    open: bool = False
    where: str = ""
    origin: list[str] = field(default_factory=list)
    conditions: Conditions = ()

    def get(self, name: str) -> Value:
        """Return a field that was set, else nil."""
        cell = self.fields.get(name)
        return cell.value if cell is not None else NIL


@dataclass(frozen=True, slots=True)
class Named:
    """A type that the program declares, with what its type parameters are bound to."""

    name: str
    package: "Package"
    bound: "Scope"


@dataclass(frozen=True, slots=True)
class Function:
    """A declared function, a method with its receiver, or a literal with the variables around it."""

    node: Node
    package: "Package"
    path: str
    scope: "Scope"
    receiver: Value = None

    @property
    def name(self) -> str:
        """The declared name, or nothing."""
        name = self.node.child_by_field_name("name")
        return text_of(name) if name is not None else ""


@dataclass(frozen=True, slots=True)
class Native:
    """A function that the evaluator brings itself."""

    name: str
    run: "Callable[[Machine, list[Value], Node], Value]"


@dataclass(frozen=True, slots=True)
class Tuple:
    """The results of a call that returns several."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class RawJson:
    """A document that is given as JSON text."""

    text: Value


class Scope:
    """Names that are visible in a block, and the scope around it."""

    __slots__ = ("cells", "outer", "types")

    def __init__(self, outer: "Scope | None" = None) -> None:
        self.outer = outer
        self.cells: dict[str, Cell] = {}
        self.types: dict[str, Any] = {}

    def find(self, name: str) -> Cell | None:
        """Return the variable of this name, if a block around declares one."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.cells:
                return scope.cells[name]
            scope = scope.outer
        return None

    def find_type(self, name: str) -> Any:
        """Return the type of this name, if a block or a type parameter around gives one."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.types:
                return scope.types[name]
            scope = scope.outer
        return None


def text_of(node: Node | None) -> str:
    """Return a node's source text."""
    return (node.text or b"").decode(errors="replace") if node is not None else ""


def plain(value: Value) -> Value:
    """Return what a value is by default: the likeliest option, a setting's default."""
    while isinstance(value, Assumed | Choice):
        value = value.value if isinstance(value, Assumed) else value.options[0][0]
    return value


def target(value: Value) -> Value:
    """Return what a value is by default, behind any pointers."""
    value = plain(value)
    while isinstance(value, Pointer):
        value = plain(value.cell.value)
    return value


def copied(value: Value) -> Value:
    """Return what an assignment stores: structs are copied, as Go copies them."""
    if isinstance(value, Struct):
        fields = {name: Cell(copied(cell.value)) for name, cell in value.fields.items()}
        return Struct(value.type, fields, value.open, value.where, value.origin, value.conditions)
    return value


def options(value: Value) -> list[tuple[Value, Conditions]]:
    """Return the values that something may be, each with its conditions."""
    if isinstance(value, Choice):
        return [(inner, outer + more) for option, outer in value.options for inner, more in options(option)]
    return [(value, ())]


def described(value: Value) -> str:
    """Return in words what an unknown value is."""
    value = plain(value)
    if isinstance(value, Unknown):
        return value.why
    return value.described() if isinstance(value, External) else "a value that is not known"
