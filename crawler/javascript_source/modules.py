"""Modules: finding the file that a specifier means, reading it, and what it gives to others."""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec
from tree_sitter import Node

from crawler.javascript_source import top_level
from crawler.javascript_source.limits import (
    CHARACTERS_PER_STEP,
    FUEL,
    LARGE_SOURCE,
    MOST_FUEL,
    REEXPORTS,
    SOURCE_CHARACTERS,
)
from crawler.javascript_source.native import argument, from_json
from crawler.javascript_source.packages import known_package
from crawler.javascript_source.resolution import ROOT, Resolver
from crawler.javascript_source.syntax import parse
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    Cell,
    Namespace,
    NativeFunction,
    ObjectValue,
    Opaque,
    Scope,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine


COUNTED: Final = (".js", ".mjs", ".cjs", ".ts", ".json")
THIRD_PARTY: Final = re.compile(r"(?:^|/)(?:third[-_]?party|vendor|vendored)/")
"""Folders of other people's code, read only where it is small."""


@dataclass(eq=False)
class Module:
    """A file of the tree: its syntax, its variables and its exports.

    `exports` maps a name to the cell behind it, `stars` are modules all of whose exports are given on, `commonjs` is
    the object `module` of CommonJS.
    """

    path: str
    text: str
    root: Node
    scope: Scope
    exports: dict[str, Callable[[], Value]] = field(default_factory=dict)
    stars: list[Value] = field(default_factory=list)
    commonjs: ObjectValue = field(default_factory=ObjectValue)

    def names(self) -> list[str]:
        """Return the names that the module exports."""
        found = dict.fromkeys(self.exports)
        for star in self.stars:
            if isinstance(star, Namespace) and star.module is not self:
                found.update(dict.fromkeys(name for name in star.module.exports if name != "default"))
        exported = self.commonjs.properties.get("exports")
        if not self.exports and isinstance(exported, ObjectValue):
            found.update(dict.fromkeys(exported.properties))
        return [name for name in found if name != "__esModule"]

    def export(self, machine: "Machine", name: str, depth: int = 0) -> Value:
        """Return what the module exports under a name."""
        if name in self.exports:
            return self.exports[name]()
        if depth < REEXPORTS:
            for star in self.stars:
                held = star.module.export(machine, name, depth + 1) if isinstance(star, Namespace) else UNDEFINED
                if held is not UNDEFINED:
                    return held
        if name == "__esModule":
            return bool(self.exports) or machine.get(self.commonjs.properties["exports"], name)
        exported = self.commonjs.properties.get("exports", UNDEFINED)
        if name == "default" and not self.exports:
            held = machine.get(exported, "default") if isinstance(exported, ObjectValue) else UNDEFINED
            return exported if held is UNDEFINED else held
        outside = next((star for star in self.stars if isinstance(star, Opaque)), None)
        held = machine.get(exported, name) if exported is not UNDEFINED else UNDEFINED
        return machine.get(outside, name) if held is UNDEFINED and outside is not None else held


class Loader:
    """Reads the modules of one tree, each once."""

    def __init__(self, files: Mapping[str, str], entries: tuple[str, ...] = ()) -> None:
        self.files = files
        self.entries = entries
        self.resolver = Resolver(files)
        size = sum(len(text) for path, text in files.items() if path.endswith(COUNTED) and "node_modules/" not in path)
        self.fuel = min(MOST_FUEL, FUEL + size // CHARACTERS_PER_STEP)
        self.modules: dict[str, Module] = {}
        self.documents: dict[str, Value] = {}
        self.unread: dict[str, str] = {}
        self.outside: dict[str, None] = {}

    def load(self, machine: "Machine", path: str) -> Value:
        """Return a file of the tree as a module or, for JSON, as its value."""
        if path.endswith(".json"):
            return self.document(path)
        if path in self.modules:
            return Namespace(self.modules[path])
        text = self.files[path]
        if len(text) > SOURCE_CHARACTERS:
            self.unread[path] = f"the file is longer than {SOURCE_CHARACTERS:,} characters"
            return Opaque(path)
        scope = Scope(None, None)
        module = Module(path, text, parse(path, text), scope)
        scope.module = module
        self.modules[path] = module
        self.prepare(module)
        with machine.at_module_level():
            top_level.run_module(machine, module)
        return Namespace(module)

    def prepare(self, module: Module) -> None:
        """Give a module the variables that Node gives it."""
        exports = ObjectValue()
        module.commonjs.properties["exports"] = exports
        folder = posixpath.dirname(ROOT + module.path)
        given: dict[str, Value] = {
            "module": module.commonjs,
            "exports": exports,
            "__filename": ROOT + module.path,
            "__dirname": folder,
            "this": UNDEFINED,
            "require": self.requirer(module),
        }
        for name, value in given.items():
            module.scope.cells[name] = Cell(value)

    def document(self, path: str) -> Value:
        """Return a JSON file's value."""
        if path not in self.documents:
            try:
                self.documents[path] = from_json(msgspec.json.decode(self.files[path].encode()))
            except (msgspec.DecodeError, RecursionError, UnicodeError):
                self.documents[path] = Opaque(path)
        return self.documents[path]

    def find(self, machine: "Machine", specifier: str, importer: str) -> Value:
        """Return what a specifier means in a file: a module of the tree, a well-known package, or an outside one."""
        path = self.resolver.resolve(specifier, importer)
        if path is not None and THIRD_PARTY.search(path) and len(self.files[path]) > LARGE_SOURCE:
            return ObjectValue({"z": machine.zod, "zod": machine.zod}, prototype=Opaque(module=path))
        if path is not None:
            return self.load(machine, path)
        known = known_package(specifier, machine, importer)
        if known is None:
            self.outside.setdefault(specifier)
            return Opaque(module=specifier)
        return known

    def require(self, machine: "Machine", arguments: ArrayValue, importer: Module) -> Value:
        """Return what `require(specifier)` gives."""
        specifier = usual(argument(arguments, 0))
        if not isinstance(specifier, str):
            return Opaque("require")
        found = self.find(machine, specifier.removeprefix("file://"), importer.path)
        if isinstance(found, Namespace) and not found.module.exports and not found.module.stars:
            exported: Value = found.module.commonjs.properties.get("exports", UNDEFINED)
            return exported
        return found

    def import_dynamically(self, machine: "Machine", arguments: ArrayValue, importer: Module) -> Value:
        """Return what `import(specifier)` gives."""
        specifier = usual(argument(arguments, 0))
        if isinstance(specifier, ObjectValue):
            specifier = usual(machine.get(specifier, "href"))
        if not isinstance(specifier, str):
            return Opaque("import()")
        return self.find(machine, specifier.removeprefix("file://"), importer.path)

    def requirer(self, importer: Module) -> NativeFunction:
        """Make a `require` for a module, as `createRequire` does."""
        made = NativeFunction("require", lambda machine, _this, arguments: self.require(machine, arguments, importer))
        made.properties = {"main": importer.commonjs if importer.path in self.entries else UNDEFINED}
        return made
