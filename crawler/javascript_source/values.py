"""What an expression may mean. Strings, numbers, booleans and null are Python's own; the rest is here.

Three values stand for what is not known: `Opaque` comes from outside of the tree, `Setting` depends on the user's
options or environment but has a default, `Choice` is one of several. A `Maybe` is an item that is there only under a
condition. `path` is the tuple of conditions under which a thing was made.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from tree_sitter import Node

from crawler.javascript_source.limits import REASON_WORDS

Value: TypeAlias = Any
Path: TypeAlias = tuple[str, ...]
Key: TypeAlias = tuple[str, object]


class Undefined:
    """The type of `undefined`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED: Final = Undefined()


class Unlikely(str):
    """The words of a condition that holds only where somebody changes a setting."""

    __slots__ = ()


def is_unlikely(path: Path) -> bool:
    """Say whether some condition of a path does not hold by default."""
    return any(isinstance(words, Unlikely) for words in path)


@dataclass(slots=True, eq=False)
class Opaque:
    """Something that the tree does not hold: a package's export, what its calls return, a request, a response.

    `module` is the package where that is known, `name` the last property read; `made` marks the result of a call.
    `options` are command-line options declared on it, each with its default; `text` is what is known of a text.
    """

    name: str = ""
    module: str = ""
    parent: "Opaque | None" = None
    made: bool = False
    path: Path = ()
    properties: dict[str, Value] | None = None
    options: dict[str, Value] | None = None
    text: str = ""

    def described(self) -> str:
        """Return a few words for a reason: `run()` of `package`, or the name that was read."""
        chain: list[str] = []
        link: Opaque | None = self
        while link is not None and len(chain) < REASON_WORDS:
            chain.append(link.name + ("()" if link.made else ""))
            called = link.made and link.parent is not None and link.parent.name == link.name
            link = link.parent.parent if called and link.parent is not None else link.parent
        words = ".".join(word for word in reversed(chain) if word)
        return f"{words} of {self.module}" if self.module and words else words or self.module or "an unknown value"


@dataclass(slots=True, eq=False)
class Setting:
    """A value that the user may change, with what it is when nobody does."""

    text: str
    default: Value


@dataclass(slots=True, eq=False)
class Choice:
    """One of several values; each has the conditions under which it is taken, none for the usual one."""

    options: tuple[tuple[Path, Value], ...]


@dataclass(slots=True, eq=False)
class Maybe:
    """What a collection holds only under a condition."""

    value: Value
    path: Path


@dataclass(slots=True, eq=False)
class Accessor:
    """A property that is computed when it is read."""

    get: Value
    set: Value = UNDEFINED


@dataclass(slots=True, eq=False)
class ObjectValue:
    """An object or an instance: what it inherits from, whether it may hold more (`open`), and where it is written."""

    properties: dict[str, Value] = field(default_factory=dict)
    prototype: "ObjectValue | Opaque | None" = None
    maker: "ClassValue | None" = None
    open: bool = False
    path: Path = ()
    where: str = ""


@dataclass(slots=True, eq=False)
class ArrayValue:
    """An array, or the arguments of a call; `open` says that there may be more items.

    `doubtful` says that some are there only as long as nobody changes a setting.
    """

    items: list[Value] = field(default_factory=list)
    open: bool = False
    path: Path = ()
    properties: dict[str, Value] | None = None
    doubtful: bool = False


@dataclass(slots=True, eq=False)
class MapValue:
    """A Map or a Set (`is_set`, whose values are its keys)."""

    entries: dict[Key, tuple[Value, Value]] = field(default_factory=dict)
    is_set: bool = False
    open: bool = False
    path: Path = ()


@dataclass(slots=True, eq=False)
class FunctionValue:
    """A function of the tree with the scope in which it was written."""

    node: Node
    scope: "Scope"
    name: str = ""
    home: "ClassValue | None" = None
    properties: dict[str, Value] | None = None


@dataclass(slots=True, eq=False)
class ClassValue:
    """A class of the tree: what its instances inherit, its static properties, and the fields that each is given."""

    node: Node
    scope: "Scope"
    name: str
    parent: "ClassValue | Opaque | FunctionValue | None"
    prototype: ObjectValue
    properties: dict[str, Value]
    fields: list[Node]
    constructor: FunctionValue | None = None


@dataclass(slots=True, eq=False)
class NativeFunction:
    """A function of the language or a well-known package, given as (machine, this, arguments) → value."""

    name: str
    run: Callable[[Any, Value, ArrayValue], Value]
    properties: dict[str, Value] | None = None


@dataclass(slots=True, eq=False)
class RegularExpression:
    """A regular expression literal; with the flag `g` it remembers where its next search starts."""

    pattern: str
    flags: str
    last: int = 0


@dataclass(slots=True, eq=False)
class Schema:
    """A zod schema as JSON schema; objects keep their parts, so that they can be extended and picked from."""

    json: dict[str, Any]
    shape: dict[str, Value] | None = None
    optional: bool = False
    default: Value = UNDEFINED
    transforms: tuple[Value, ...] = ()


@dataclass(slots=True, eq=False)
class Namespace:
    """A module seen from outside; `module` is the loader's own record of it."""

    module: Any


@dataclass(slots=True, eq=False)
class Cell:
    """A variable. `pending` computes it when it is first read, or each time for a `live` import binding."""

    value: Value = UNDEFINED
    pending: Callable[[], Value] | None = None
    live: bool = False
    path: Path = ()
    node: Node | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """The variables of a block, function or module."""

    parent: "Scope | None"
    module: Any
    function: "Scope | None" = None
    cells: dict[str, Cell] = field(default_factory=dict)

    def find(self, name: str) -> Cell | None:
        """Return the variable of this name that is visible here, if any."""
        scope: Scope | None = self
        while scope is not None:
            cell = scope.cells.get(name)
            if cell is not None:
                return cell
            scope = scope.parent
        return None

    def block(self) -> "Scope":
        """Open a block inside this scope."""
        return Scope(self, self.module, self.function or self)


class Return(Exception):  # noqa: N818 (a signal inside the evaluator, no error)
    """The function returns; the frame may hold other values that it returns under conditions."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class Jump(Exception):  # noqa: N818 (a signal inside the evaluator, no error)
    """`break` or `continue`, with its label."""

    def __init__(self, word: str, label: str = "") -> None:
        super().__init__()
        self.word = word
        self.label = label


class Thrown(Exception):  # noqa: N818 (a signal inside the evaluator, no error)
    """The program throws, or ends."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class OutOfFuelError(Exception):
    """The limit of work is reached."""
