"""The evaluator's state and its verbs; what each kind of syntax means is in the tables that it dispatches to."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tree_sitter import Node

from crawler.javascript_source import (
    calls,
    classes,
    expressions,
    iteration,
    members,
    objects,
    operations,
    statements,
    zod,
)
from crawler.javascript_source.limits import CALL_FUEL, EVALUATION_DEPTH
from crawler.javascript_source.standard import new_globals
from crawler.javascript_source.syntax import line_of, summary_of
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    Cell,
    FunctionValue,
    Opaque,
    OutOfFuelError,
    Path,
    Return,
    Scope,
    Thrown,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.modules import Loader
    from crawler.javascript_source.registrations import Registrations

EXPRESSIONS = {
    **expressions.HANDLERS,
    **operations.HANDLERS,
    **objects.HANDLERS,
    **calls.HANDLERS,
    **classes.EXPRESSION_HANDLERS,
}
STATEMENTS = {**statements.HANDLERS, **classes.STATEMENT_HANDLERS}


class Frame:
    """One call: what it returned under conditions, and what it yielded."""

    __slots__ = ("awaiting", "returns", "yields")

    def __init__(self) -> None:
        self.returns: list[tuple[Path, Value]] = []
        self.yields: list[Value] = []
        self.awaiting = False


class Machine:
    """One reading of one program.

    `path` holds the conditions under which the code now being read runs, `fuel` how much more of it is read.
    `allowance` falls with it, and a call that has a share of it stops at its `floor`; what modules need to be read is
    given back to the allowance, so that it counts against no call.
    """

    def __init__(self, loader: "Loader", registrations: "Registrations", entry: str = "") -> None:
        self.loader = loader
        self.globals = new_globals(entry)
        self.zod = zod.new_namespace()
        self.registrations = registrations
        self.fuel = loader.fuel
        self.allowance = loader.fuel
        self.floor = 0
        self.rewarded = loader.fuel
        self.maybe_left = 0
        self.depth = 0
        self.path: Path = ()
        self.frames = [Frame()]
        self.running: Counter[int] = Counter()
        self.repeats: Counter[int] = Counter()
        self.entered: set[tuple[str, int]] = set()
        self.site: tuple[Node, Scope] | None = None
        self.wasted: Counter[tuple[int, bool]] = Counter()
        self.calls: Counter[tuple[int, bool]] = Counter()
        self.inner = 0
        self.offered: dict[tuple[int, int], Scope] = {}
        self.symbols = 0

    def spend(self, amount: int) -> None:
        """Take fuel for a piece of work."""
        self.fuel -= amount
        self.allowance -= amount
        if self.allowance < self.floor or self.fuel < 0:
            raise OutOfFuelError

    def place(self, node: Node | None) -> str:
        """Return the file and line of the call that is being evaluated, or of a part of it."""
        if self.site is None:
            return ""
        at, scope = self.site
        return f"{scope.module.path}:{line_of(node or at)}"

    def refuel(self, fuel: int) -> None:
        """Begin another part of the reading with so much fuel."""
        self.fuel = self.allowance = self.rewarded = fuel
        self.floor = 0

    def reward(self) -> None:
        """Give back what led to a registration, so that a long list of tools starves nobody."""
        self.allowance += self.rewarded - self.fuel
        self.rewarded = self.fuel

    def evaluate(self, node: Node, scope: Scope) -> Value:
        """Return what an expression means."""
        handler = EXPRESSIONS.get(node.type)
        self.fuel -= 1
        self.allowance -= 1
        if self.allowance < self.floor or self.fuel < 0:
            raise OutOfFuelError
        if handler is None or self.depth > EVALUATION_DEPTH:
            return Opaque(summary_of(node))
        self.depth += 1
        try:
            return handler(self, node, scope)
        finally:
            self.depth -= 1

    def execute(self, node: Node, scope: Scope) -> None:
        """Do what a statement does."""
        handler = STATEMENTS.get(node.type)
        self.fuel -= 1
        self.allowance -= 1
        if self.allowance < self.floor or self.fuel < 0:
            raise OutOfFuelError
        if handler is None or self.depth > EVALUATION_DEPTH:
            return
        self.depth += 1
        try:
            handler(self, node, scope)
        finally:
            self.depth -= 1

    def run_block(self, nodes: list[Node], scope: Scope) -> None:
        """Execute statements in a scope, its functions declared first."""
        statements.run_block(self, nodes, scope)

    def new_frame(self, *, awaiting: bool = False) -> Frame:
        """Open the frame of a call."""
        frame = Frame()
        frame.awaiting = awaiting
        self.frames.append(frame)
        return frame

    def with_frame(self, act: Callable[[], None]) -> None:
        """Do something one call deeper."""
        self.new_frame()
        try:
            act()
        finally:
            self.frames.pop()

    def read(self, cell: Cell) -> Value:
        """Return what a variable holds, computing it where that was put off."""
        if cell.pending is None:
            return cell.value
        pending = cell.pending
        if cell.live:
            return pending()
        cell.pending = None
        with self.at_module_level(cell.path):
            cell.value = pending()
        return cell.value

    @contextmanager
    def at_module_level(self, path: Path = ()) -> Iterator[None]:
        """Read what belongs to a module, not to the call that needs it first: under its own conditions and fuel."""
        before = (self.path, self.allowance, self.floor)
        self.path, self.floor = path, self.allowance - self.fuel
        try:
            yield
        except (Return, Thrown):
            self.path = path
        finally:
            self.path, self.allowance, self.floor = before

    def get(self, holder: Value, name: str) -> Value:
        """Return a property."""
        return members.get(self, holder, name)

    def put(self, holder: Value, name: str, value: Value) -> None:
        """Set a property."""
        members.put(self, holder, name, value)

    def call(self, callee: Value, this: Value, arguments: ArrayValue, node: Node | None = None) -> Value:
        """Call a function value; `node` is the call's own place."""
        return calls.call(self, callee, this, arguments, node)

    def construct(self, callee: Value, arguments: ArrayValue, node: Node | None = None) -> Value:
        """Make an instance with `new`."""
        return classes.construct(self, callee, arguments, node)

    def items(self, value: Value) -> list[tuple[Value, Path]]:
        """Return what iterating over a value gives, each item with its own conditions."""
        return iteration.items(self, value)

    def offer(self, function: Value, *known: Value) -> None:
        """Call a function that outside code is given, once, with whatever outside code may pass."""
        if not isinstance(function, FunctionValue):
            return
        key = (function.node.id, id(function.scope))
        if key in self.offered or self.running[function.node.id]:
            return
        self.offered[key] = function.scope
        self.call_apart(CALL_FUEL, function, known)

    def call_apart(self, fuel: int, function: Value, known: tuple[Value, ...] = (), this: Value = UNDEFINED) -> Value:
        """Call a function with open arguments and at most so much fuel."""
        path, floor = self.path, self.floor
        self.floor = max(floor, self.allowance - fuel)
        try:
            return self.call(function, this, ArrayValue(list(known), open=True))
        except OutOfFuelError:
            if self.allowance < floor or self.fuel < 0:
                raise
            return Opaque()
        except Thrown:
            return Opaque()
        finally:
            self.path, self.floor = path, floor
