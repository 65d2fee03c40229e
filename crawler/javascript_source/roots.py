"""Where reading begins: the package's entry points, else the files that register something."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tree_sitter import Node

from crawler.javascript_source.limits import CALL_FUEL
from crawler.javascript_source.syntax import FUNCTIONS
from crawler.javascript_source.values import (
    FunctionValue,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine
    from crawler.javascript_source.modules import Loader, Module

SOURCES: Final = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx")
LEFT_OUT: Final = re.compile(
    r"(?:^|/)(?:node_modules|__tests__|__mocks__|tests?|specs?|e2e|fixtures?|examples?|samples?|docs?|demos?|"
    r"benchmarks?|scripts|coverage|storybook)/|\.(?:test|spec|stories|bench)\.[a-z]+$|\.d\.[cm]?ts$|\.min\.js$"
)
SITE: Final = re.compile(r"\.(?:registerTool|tool|addTool|addTools|setRequestHandler)\s*\(|\bregisterAppTool\s*\(")
COMPILED_FOLDERS: Final = ("dist/", "build/", "lib/", "out/")
MOST_FILES: Final = 400


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
        if not LEFT_OUT.search(module.path):
            guarded(lambda module=module: call_forgotten(machine, module), module.path)  # type: ignore[misc]


def call_forgotten(machine: "Machine", module: "Module") -> None:
    """Call the outermost functions around registrations that nothing has called yet."""
    for function in forgotten_functions(machine, module):
        machine.spend(CALL_FUEL, function)


def forgotten_functions(machine: "Machine", module: "Module") -> list[Any]:
    """Return the functions around the module's registrations that were never entered."""
    found: dict[int, FunctionValue] = {}
    for match in SITE.finditer(module.text):
        offset = len(module.text[: match.start()].encode(errors="replace"))
        node = module.root.descendant_for_byte_range(offset, offset)
        outer = outermost_function(node)
        if outer is None or (module.path, outer.start_byte) in machine.entered:
            continue
        found[outer.start_byte] = FunctionValue(outer, module.scope, "")
    return list(found.values())


def outermost_function(node: Node | None) -> Node | None:
    """Return the outermost function around a node."""
    outer = None
    while node is not None:
        if node.type in FUNCTIONS:
            outer = node
        node = node.parent
    return outer


