"""Imports: loading the package's own modules, and naming what comes from outside."""

import ast

from crawler.python_source.machine import ON, SPARED, CallLimitReachedError, Flow, Machine
from crawler.python_source.scopes import Scope
from crawler.python_source.values import Const, Item, Mapping, Module, Sequence, Value

BUNDLES = frozenset(
    {"_vendor", "vendor", "_vendored", "vendored", "third_party", "_bundled", "extern", "site_packages"}
)


def follow_import(machine: Machine, node: ast.Import, scope: Scope) -> Flow:
    """Bind what `import a.b as c` binds."""
    for alias in node.names:
        loaded = load(machine, alias.name)
        if alias.asname:
            scope.set(alias.asname, loaded or machine.outside(bundled(alias.name) or alias.name), machine.guards)
            continue
        top = alias.name.partition(".")[0]
        scope.set(top, load(machine, top) or machine.outside(top), machine.guards)
    return ON


def follow_import_from(machine: Machine, node: ast.ImportFrom, scope: Scope) -> Flow:
    """Bind what `from a import b` binds; a star binds every public name."""
    name = absolute(node.module or "", node.level, scope)
    module = load(machine, name) if name else None
    for alias in node.names:
        if alias.name == "*":
            if module is not None:
                _star(machine, module, scope)
            continue
        if module is not None:
            value = member(machine, module, alias.name)
        else:
            outside = bundled(name) or name
            value = machine.outside(f"{outside}.{alias.name}" if outside else alias.name)
        scope.set(alias.asname or alias.name, value, machine.guards)
    return ON


def bundled(name: str) -> str:
    """Return the name of an outside module that a package carries in a folder for such, or nothing."""
    parts = name.split(".")
    for position, part in enumerate(parts):
        if part in BUNDLES:
            return ".".join(parts[position + 1 :])
    return ""


def name_only(machine: Machine, block: list[ast.stmt], scope: Scope) -> None:
    """Bind what is imported for type checkers alone, without running through modules for it."""
    for statement in block:
        if isinstance(statement, ast.ImportFrom):
            name = absolute(statement.module or "", statement.level, scope)
            if name in machine.modules or machine.index.find(name) is None:
                follow_import_from(machine, statement, scope)
        elif isinstance(statement, ast.Import):
            follow_import(machine, statement, scope)


def absolute(name: str, level: int, scope: Scope) -> str:
    """Return the dotted name that a relative import means."""
    if not level:
        return name
    module = next((each.module for each in scope.chain() if each.module is not None), None)
    if module is None:
        return name
    parts = module.name.split(".")
    is_package = not module.path or module.path.endswith("__init__.py")
    kept = parts[: len(parts) - level + (1 if is_package else 0)]
    return ".".join([*kept, *([name] if name else [])])


def member(machine: Machine, module: Module, name: str) -> Value:
    """Return what a module's name stands for: a value of its own, else the module below it."""
    found = module.scope.find(name, machine.guards)
    if found is not None:
        return found
    below = load(machine, f"{module.name}.{name}")
    if below is not None:
        return below
    lazy = module.scope.names.get("__getattr__")
    if lazy is not None:
        return machine.call_with(lazy, Const(name), node=ast.Pass())
    return machine.outside(f"{module.name}.{name}")


def _star(machine: Machine, module: Module, scope: Scope) -> None:
    listed = module.scope.names.get("__all__")
    names = [each for each in module.scope.names if not each.startswith("_")]
    if listed is not None and not isinstance(listed, Mapping):
        names += [
            item.value.value
            for item in getattr(listed, "items", [])
            if isinstance(item.value, Const) and isinstance(item.value.value, str)
        ]
    for name in dict.fromkeys(names):
        scope.set(name, member(machine, module, name), machine.guards)


def load(machine: Machine, name: str) -> Module | None:
    """Return a module, having run through it and the packages around it, or None where the tree has none."""
    if name in machine.modules:
        return machine.modules[name]
    found = machine.index.find(name)
    if found is None or bundled(name):
        return None
    if "." in name:
        load(machine, name.rpartition(".")[0])
        if name in machine.modules:
            return machine.modules[name]
    return run(machine, name, found.path)


def run(machine: Machine, name: str, path: str, *, called: str = "") -> Module:
    """Run through a module's statements; `called` is its `__name__` where it is started as a program."""
    scope = Scope("module", born=machine.guards)
    module = Module(name, path, scope)
    scope.module = module
    is_package = not path or path.endswith("__init__.py")
    scope.names |= {
        "__name__": Const(called or name),
        "__file__": Const("/" + path),
        "__package__": Const(name if is_package else name.rpartition(".")[0]),
    }
    if is_package:
        scope.names["__path__"] = Sequence([Item(Const("/" + path.rpartition("/")[0]))])
    machine.modules[name] = module
    tree = machine.index.parse(path) if path else None
    if tree is not None:
        before, frames, limit = machine.path, machine.frames, machine.limit
        machine.path, machine.frames = path, []
        machine.limit = limit - (limit - machine.steps) // SPARED
        try:
            machine.execute(tree.body, scope)
        except CallLimitReachedError:
            if machine.steps > limit:
                raise
        finally:
            machine.path, machine.frames, machine.limit = before, frames, limit
    return module
