"""What a name may stand for: constants, containers, functions, classes, instances, or the unknown."""

# ruff: noqa: PLR0911  # a return for each kind of value reads better than a nest of branches

import ast
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from crawler.python_source.guards import Guards, joined

if TYPE_CHECKING:
    from crawler.python_source.machine import Machine
    from crawler.python_source.scopes import Scope

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
PATH_LENGTH = 200
KEY_SIZE, KEY_DEPTH = 40, 2
"""Larger or deeper tuples are no keys."""

Binding = Literal["plain", "static", "class", "property"]


@dataclass(slots=True, eq=False)
class Value:
    """Anything that a name may stand for; two are the same only if they are the same object."""


@dataclass(slots=True, eq=False)
class Const(Value):
    """A Python constant. `assumed` says that it rests on a default: no variable set, no option given."""

    value: Any
    assumed: bool = False


@dataclass(slots=True, eq=False)
class Item:
    """An element of a container, and under which guards it is there."""

    value: Value
    guards: Guards = ()


@dataclass(slots=True, eq=False)
class Sequence(Value):
    """A list, tuple or set; `rest` says what else it may hold that is not known."""

    items: list[Item] = field(default_factory=list)
    kind: Literal["list", "tuple", "set"] = "list"
    born: Guards = ()
    assumed: bool = False
    rest: str = ""


@dataclass(slots=True, eq=False)
class Entry:
    """One key and its value in a mapping."""

    key: Value
    value: Value
    guards: Guards = ()


@dataclass(slots=True, eq=False)
class Mapping(Value):
    """A dictionary by the hashable form of its keys; `rest` says what else it may hold that is not known."""

    entries: dict[Hashable, Entry] = field(default_factory=dict)
    born: Guards = ()
    assumed: bool = False
    rest: str = ""


@dataclass(slots=True, eq=False)
class Function(Value):
    """A function or lambda of the package with the scope it was defined in.

    `attributes` are those set on it, `wrapped` is what `functools.wraps` made it look like, `owner` its class.
    """

    node: FunctionNode
    scope: "Scope"
    defaults: dict[str, Value]
    attributes: dict[str, Value] = field(default_factory=dict)
    binding: Binding = "plain"
    owner: "Class | None" = None
    wrapped: Value | None = None
    options: dict[str, Value] = field(default_factory=dict)
    commands: list[tuple[str, Value]] = field(default_factory=list)
    marks: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the name that the function was defined with."""
        return "<lambda>" if isinstance(self.node, ast.Lambda) else self.node.name


@dataclass(slots=True, eq=False)
class Bound(Value):
    """A method together with the object that it is called on."""

    function: Function
    receiver: Value


@dataclass(slots=True, eq=False)
class Partial(Value):
    """A callable with some of its arguments already given."""

    function: Value
    positional: list[Value]
    keywords: dict[str, Value]


@dataclass(slots=True, eq=False)
class Class(Value):
    """A class of the package; `fields` are its annotated attributes in order, `marks` its outside decorators."""

    name: str
    node: ast.ClassDef
    scope: "Scope"
    bases: list[Value]
    fields: dict[str, ast.expr] = field(default_factory=dict)
    marks: dict[str, Value] = field(default_factory=dict)
    subclasses: list["Class"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Member(Value):
    """A member of an enumeration."""

    owner: Class
    name: str
    value: Value


@dataclass(slots=True, eq=False)
class Instance(Value):
    """An object: of a class of the package, or of an outside one, whose arguments are then kept as attributes.

    `native` is the state of something that is modelled here, such as an MCP server or an argument parser.
    """

    of: "Class | External"
    attributes: dict[str, Value] = field(default_factory=dict)
    arguments: list[Value] = field(default_factory=list)
    born: Guards = ()
    native: Any = None
    where: str = ""


@dataclass(slots=True, eq=False)
class Super(Value):
    """What `super()` stands for: the attributes of an object that come after one class."""

    after: Class
    receiver: Value


@dataclass(slots=True, eq=False)
class Module(Value):
    """A module of the package; `path` is empty for a folder without `__init__.py`."""

    name: str
    path: str
    scope: "Scope"


@dataclass(slots=True, eq=False)
class External(Value):
    """Something outside the package or unknown, by the path that leads to it, such as `requests.get().text`."""

    path: str

    def __post_init__(self) -> None:
        if len(self.path) > PATH_LENGTH:
            self.path = f"{self.path[: PATH_LENGTH // 2]}…{self.path[-PATH_LENGTH // 2 :]}"

    @property
    def last(self) -> str:
        """Return the last name of the path."""
        return self.path.removesuffix("()").rpartition(".")[2]

    @property
    def top(self) -> str:
        """Return the first name of the path."""
        return self.path.partition(".")[0].partition("(")[0]


@dataclass(slots=True, eq=False)
class Generic(Value):
    """A type with arguments, such as `list[str]`; a union has the base `typing.Union`."""

    base: Value
    arguments: list[Value]


@dataclass(slots=True, eq=False)
class Choice(Value):
    """One of several values; the first is what holds by default."""

    options: list[Item]


@dataclass(slots=True, eq=False)
class Arguments:
    """What a call is given; `rest` says that there were stars which could not be spread."""

    positional: list[Value]
    keywords: dict[str, Value]
    node: ast.AST
    where: str
    rest: bool = False

    def get(self, position: int, *names: str) -> Value | None:
        """Return an argument by its position, else by one of its names."""
        if 0 <= position < len(self.positional):
            return self.positional[position]
        return next((self.keywords[name] for name in names if name in self.keywords), None)


NativeCode = Callable[["Machine", Arguments], Value]


@dataclass(slots=True, eq=False)
class Native(Value):
    """A function that is modelled here, such as `os.getenv`."""

    name: str
    code: NativeCode


BASES = 8
TEXT_LIKE = frozenset({"str", "int", "StrEnum", "IntEnum", "TextChoices"})
NONE = Const(None)
UNKNOWN = External("?")


def unknown(why: str) -> External:
    """Return something that is not known, with a word on where it comes from."""
    return External(why)


def chosen(options: list[Item], limit: int = 8) -> Value:
    """Return one value out of several: itself where there is only one, else a choice of at most `limit`."""
    if not options:
        return NONE
    flat = flattened(options)
    flat.sort(key=lambda option: len(option.guards) > 0)
    if len(flat) == 1:
        return flat[0].value
    return Choice(flat[:limit])


def flattened(options: list[Item]) -> list[Item]:
    """Return options without a choice among them: its own options take its place."""
    flat: list[Item] = []
    for option in options:
        if isinstance(option.value, Choice):
            flat += [Item(inner.value, joined(option.guards, inner.guards)) for inner in option.value.options]
        else:
            flat.append(option)
    return flat


def key_of(value: Value, depth: int = 0) -> Hashable | None:
    """Return the hashable form of a value as a key, or None where it is not known."""
    if isinstance(value, Const):
        return ("constant", value.value) if isinstance(value.value, Hashable) else None
    if isinstance(value, Member):
        plain = constant(value)
        return ("constant", plain) if isinstance(plain, str | int) else ("member", value.owner.name, value.name)
    if isinstance(value, Sequence) and value.kind == "tuple":
        if len(value.items) > KEY_SIZE or depth > KEY_DEPTH:
            return None
        keys = tuple(key_of(item.value, depth + 1) for item in value.items)
        return None if None in keys else keys
    if isinstance(value, External) and value.path != UNKNOWN.path and "(" not in value.path:
        return ("external", value.path)
    if isinstance(value, Class | Function | Module | Instance):
        return ("object", id(value))
    return None


def constant(value: Value | None) -> Any:
    """Return the Python constant that a value stands for, or None; a member of a text enumeration is its text."""
    if isinstance(value, Const):
        return value.value
    if isinstance(value, Member) and _is_text_like(value.owner):
        return constant(value.value)
    return None


def text(value: Value | None) -> str | None:
    """Return the string that a value stands for, or None."""
    plain = constant(value)
    return plain if isinstance(plain, str) else None


def is_assumed(*values: Value | None) -> bool:
    """Say whether one of the values rests on a default."""
    return any(isinstance(value, Const | Sequence | Mapping) and value.assumed for value in values)


def is_callable(value: Value | None) -> bool:
    """Say whether a value is a function of the package."""
    return isinstance(value, Function | Bound | Partial)


def _is_text_like(owner: Class, depth: int = 0) -> bool:
    return any(
        type_name(base) in TEXT_LIKE or (isinstance(base, Class) and depth < BASES and _is_text_like(base, depth + 1))
        for base in owner.bases
    )


def type_name(value: Value) -> str:
    """Return the name of a type, wherever it comes from, or nothing."""
    if isinstance(value, External):
        return value.last
    return value.name if isinstance(value, Class | Native) else ""
