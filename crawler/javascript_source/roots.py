"""Where reading begins: the package's entry points, else the files that register something."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.javascript_source.limits import CALL_FUEL
from crawler.javascript_source.syntax import FUNCTIONS, text_of
from crawler.javascript_source.values import ArrayValue, FunctionValue

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine
    from crawler.javascript_source.modules import Loader, Module

SOURCES: Final = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx")
LEFT_OUT: Final = re.compile(
    r"(?:^|/)(?:\.\.|node_modules|__tests__|__mocks__|tests?|specs?|e2e|fixtures?|examples?|samples?|docs?|demos?|"
    r"benchmarks?|scripts|coverage|storybook)/|\.(?:test|spec|stories|bench)\.[a-z]+$|\.d\.[cm]?ts$|\.min\.js$"
)
SITE: Final = re.compile(r"\.(?:registerTool|tool|addTool|addTools|setRequestHandler)\s*\(|\bregisterAppTool\s*\(")
COMPILED_FOLDERS: Final = ("dist/", "build/", "lib/", "out/")
MOST_FILES: Final = 400
CALL_LEVELS: Final = 6
CALLERS: Final = 12
NAME_LENGTH: Final = 3
"""Shorter names are a minifier's, and stand for many things."""


def entry_files(loader: "Loader") -> list[str]:
    """Return the files to start from: the package's entry points, else a usual place."""
    found = [path for entry in loader.entries if (path := loader.resolver.file(entry)) is not None]
    if not found:
        manifest = loader.resolver.inside("", "")
        found = [manifest] if manifest is not None else []
    if not found:
        usual = ("src/index", "src/server", "src/main", "index", "server", "dist/index", "build/index", "src/cli")
        found = [path for place in usual if (path := loader.resolver.file(place)) is not None][:1]
    return list(dict.fromkeys(path for path in found if path.endswith(SOURCES)))


def registering_files(loader: "Loader") -> list[str]:
    """Return the files that write a registration, compiled ones where both forms are there."""
    paths = [path for path in sorted(loader.files) if path.endswith(SOURCES) and not LEFT_OUT.search(path)]
    found = [path for path in paths if SITE.search(loader.files[path])]
    compiled = [path for path in found if path.startswith(COMPILED_FOLDERS)]
    return (compiled or found)[:MOST_FILES]


def run_forgotten(machine: "Machine", guarded: Callable[[Callable[[], object], str], None]) -> None:
    """Read the files that no entry point reached, then call the functions in them that register something."""
    for path in registering_files(machine.loader):
        guarded(lambda path=path: machine.loader.load(machine, path), path)  # type: ignore[misc]
    for module in list(machine.loader.modules.values()):
        guarded(lambda module=module: initialise(machine, module), module.path)  # type: ignore[misc]
    for module in list(machine.loader.modules.values()):
        if not LEFT_OUT.search(module.path):
            guarded(lambda module=module: call_forgotten(machine, module), module.path)  # type: ignore[misc]


def initialise(machine: "Machine", module: "Module") -> None:
    """Run the modules inside a bundle that it would run when they are asked for."""
    for cell in list(module.scope.cells.values()):
        callee = cell.node.child_by_field_name("function") if cell.node is not None else None
        if callee is not None and text_of(callee) == "__esm":
            machine.call_apart(CALL_FUEL, machine.read(cell))


def call_forgotten(machine: "Machine", module: "Module") -> None:
    """Call what leads to registrations that nothing has reached yet."""
    for node in forgotten_functions(machine, module):
        if (module.path, node.start_byte) in machine.entered:
            continue
        if node.type == "method_definition":
            call_method(machine, module, node)
        else:
            name = node.child_by_field_name("name")
            cell = module.scope.cells.get(text_of(name)) if name is not None else None
            known = machine.read(cell) if cell is not None else None
            function = known if isinstance(known, FunctionValue) else FunctionValue(node, module.scope)
            machine.call_apart(CALL_FUEL, function)


def call_method(machine: "Machine", module: "Module", node: Node) -> None:
    """Make an instance of a method's class and call the method."""
    owner = node.parent.parent if node.parent is not None else None
    name, method = owner.child_by_field_name("name") if owner else None, node.child_by_field_name("name")
    cell = module.scope.cells.get(text_of(name)) if name is not None else None
    if cell is None or method is None:
        return
    made = machine.construct(machine.read(cell), ArrayValue(open=True))
    if (module.path, node.start_byte) not in machine.entered:
        machine.call_apart(CALL_FUEL, machine.get(made, text_of(method)), this=made)


def forgotten_functions(machine: "Machine", module: "Module") -> list[Node]:
    """Return the outermost functions from which the module's unreached registrations are called."""
    found: dict[int, Node] = {}
    waiting: list[tuple[Node, int]] = []
    for match in SITE.finditer(module.text):
        waiting += [(node, 0) for node in around(module, match.start())]
    seen: set[int] = set()
    while waiting and len(found) < MOST_FILES:
        node, level = waiting.pop(0)
        if node.start_byte in seen or (module.path, node.start_byte) in machine.entered:
            continue
        seen.add(node.start_byte)
        callers = callers_of(module, node) if level < CALL_LEVELS else []
        waiting += [(caller, level + 1) for caller in callers]
        if not callers:
            found[node.start_byte] = node
    return list(found.values())


def callers_of(module: "Module", node: Node) -> list[Node]:
    """Return the outermost functions of the module that seem to call a function by its name."""
    name = node.child_by_field_name("name")
    if name is None or node.type == "method_definition" or len(text_of(name)) < NAME_LENGTH:
        return []
    pattern = re.compile(rf"(?<![\w$.]){re.escape(text_of(name))}\s*\(")
    places = [match.start() for match in pattern.finditer(module.text)][:CALLERS]
    callers = [caller for place in places for caller in around(module, place)]
    return [caller for caller in callers if caller.start_byte != node.start_byte]


def around(module: "Module", position: int) -> list[Node]:
    """Return the outermost function around a place in a module's text, if there is one."""
    offset = len(module.text[:position].encode(errors="replace"))
    node = module.root.descendant_for_byte_range(offset, offset)
    outer: list[Node] = []
    while node is not None:
        if node.type in FUNCTIONS:
            outer = [node]
        node = node.parent
    return outer
