"""Functions and classes as they are defined: their defaults, decorators and fields."""

# ruff: noqa: PLR0911  # a return for each kind of value reads better than a nest of branches

import ast

from crawler.python_source.machine import Machine
from crawler.python_source.scopes import Scope
from crawler.python_source.values import (
    Arguments,
    Bound,
    Choice,
    Class,
    Const,
    External,
    Function,
    FunctionNode,
    Instance,
    Member,
    Partial,
    Value,
)

ENUMERATIONS = frozenset({"Enum", "StrEnum", "IntEnum", "Flag", "IntFlag", "TextChoices"})
BINDINGS = {"staticmethod": "static", "classmethod": "class", "property": "property", "cached_property": "property"}
CONTEXTS = frozenset({"contextmanager", "asynccontextmanager"})


def function_of(machine: Machine, node: FunctionNode, scope: Scope) -> Function:
    """Return a function without its decorators."""
    taken = node.args
    plain = [*taken.posonlyargs, *taken.args]
    defaults = {
        argument.arg: machine.evaluate(default, scope)
        for argument, default in zip(plain[len(plain) - len(taken.defaults) :], taken.defaults, strict=True)
    }
    for argument, keyword_default in zip(taken.kwonlyargs, taken.kw_defaults, strict=True):
        if keyword_default is not None:
            defaults[argument.arg] = machine.evaluate(keyword_default, scope)
    return Function(node, scope, defaults)


def define_function(machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
    """Bind a function's name to what its decorators make of it."""
    function = function_of(machine, node, scope)
    value: Value = function
    for decorator in reversed(node.decorator_list):
        found = machine.evaluate(decorator, scope)
        value = _decorated(machine, decorator, found, value, scope)
    scope.set(node.name, value, machine.guards)


def _decorated(machine: Machine, node: ast.expr, decorator: Value, value: Value, scope: Scope) -> Value:
    last = decorator.last if isinstance(decorator, External) else ""
    if isinstance(value, Function):
        if last in BINDINGS:
            value.binding = BINDINGS[last]  # type: ignore[assignment]  # one of the bindings above
            return value
        if last in CONTEXTS:
            value.marks = (*value.marks, "context")
            return value
        if last in {"setter", "deleter"}:
            return scope.find(value.name, machine.guards) or value
        if last == "overload":
            return value
        if last in {"command", "group"}:
            value.marks = (*value.marks, "command")
    made = machine.call(decorator, Arguments([value], {}, node, machine.where(node)))
    # An outside decorator mostly hands back the function, or something that looks like it.
    return value if isinstance(made, External) or (isinstance(made, Const) and made.value is None) else made


def define_class(machine: Machine, node: ast.ClassDef, scope: Scope) -> None:
    """Bind a class's name, its body having been followed."""
    bases = [machine.evaluate(base, scope) for base in node.bases]
    inner = Scope("class", scope, machine.guards)
    made = Class(node.name, node, inner, bases)
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            made.fields[statement.target.id] = statement.annotation
    machine.execute(node.body, inner)
    for value in inner.names.values():
        if isinstance(value, Function) and value.owner is None:
            value.owner = made
    if is_enumeration(made):
        _make_members(made)
    for base in bases:
        if isinstance(base, Class):
            base.subclasses.append(made)
    machine.classes.append(made)
    machine.effects += 1
    scope.set(node.name, _decorated_class(machine, node, made, scope), machine.guards)
    _announce(machine, node, made, scope)


def _decorated_class(machine: Machine, node: ast.ClassDef, made: Class, scope: Scope) -> Value:
    value: Value = made
    for decorator in reversed(node.decorator_list):
        found = machine.evaluate(decorator, scope)
        if isinstance(found, External):
            made.marks[found.last] = found
            continue
        result = machine.call(found, Arguments([value], {}, decorator, machine.where(decorator)))
        value = result if isinstance(result, Class) else value
    return value


def _announce(machine: Machine, node: ast.ClassDef, made: Class, scope: Scope) -> None:
    """Call the `__init_subclass__` of a base class, as Python does."""
    for base in made.bases:
        hook = find_in_class(base, "__init_subclass__") if isinstance(base, Class) else None
        if isinstance(hook, Function):
            keywords = {each.arg: machine.evaluate(each.value, scope) for each in node.keywords if each.arg}
            machine.call(Bound(hook, made), Arguments([], keywords, node, machine.where(node)))


def is_enumeration(value: Class) -> bool:
    """Say whether a class is an enumeration."""
    return any(isinstance(each, External) and each.last in ENUMERATIONS for each in ancestors(value))


def _make_members(made: Class) -> None:
    lower = any(isinstance(base, External) and base.last == "StrEnum" for base in made.bases)
    for name, value in list(made.scope.names.items()):
        if not name.startswith("_") and not isinstance(value, Function | Class):
            automatic = isinstance(value, External) and value.last == "auto"
            inner = Const(name.lower()) if automatic and lower else value
            made.scope.names[name] = Member(made, name, inner)


def ancestors(value: Value) -> list[Value]:
    """Return a class and all that it derives from, nearest first, each once."""
    found: list[Value] = []
    waiting = [value]
    while waiting and len(found) < 100:  # noqa: PLR2004  # no real class has more; a circle would
        each = waiting.pop(0)
        if each in found:
            continue
        found.append(each)
        if isinstance(each, Class):
            waiting = [getattr(base, "base", base) for base in each.bases] + waiting
    return found


def find_in_class(value: Value, name: str, after: Class | None = None) -> Value | None:
    """Return what a class or one that it derives from binds a name to; with `after`, only behind that class."""
    line = ancestors(value)
    if after is not None and after in line:
        line = line[line.index(after) + 1 :]
    for each in line:
        if isinstance(each, Class) and name in each.scope.names:
            return each.scope.names[name]
    return None


def outside_ancestor(value: Value) -> External | None:
    """Return the first class outside the package that a class derives from, passing over `object` and the like."""
    for each in ancestors(value):
        if isinstance(each, External) and each.last not in {"object", "ABC", "Generic", "Protocol"}:
            return each
    return None


def documentation(function: Function) -> str | None:
    """Return a function's documentation string as it stands, or the one that was set on it."""
    set_later = function.attributes.get("__doc__")
    if isinstance(set_later, Const) and isinstance(set_later.value, str):
        return set_later.value
    if isinstance(function.wrapped, Bound):
        return documentation(function.wrapped.function)
    if isinstance(function.wrapped, Function):
        return documentation(function.wrapped)
    return None if isinstance(function.node, ast.Lambda) else ast.get_docstring(function.node, clean=False)


def callable_name(value: Value) -> str | None:
    """Return a callable's `__name__`, or None where it has none or it is not known."""
    if isinstance(value, Bound):
        return callable_name(value.function)
    if isinstance(value, Class):
        return value.name
    if isinstance(value, Function):
        set_later = value.attributes.get("__name__")
        if set_later is not None:
            return set_later.value if isinstance(set_later, Const) else None
        if value.wrapped is not None:
            return callable_name(value.wrapped)
        return value.name
    if isinstance(value, Instance) and find_in_class(value.of, "__call__") is not None:
        return value.of.name if isinstance(value.of, Class) else None
    return None


def agreed(target: Value) -> Value:
    """Return one of several functions that all have the same name, since then it does not matter which one it is."""
    if not isinstance(target, Choice):
        return target
    names = {callable_name(option.value) for option in target.options}
    return target.options[0].value if len(names) == 1 and None not in names else target


def place_of(value: Value) -> str | None:
    """Return `path:line` of a callable's definition, or None where it is not in the package."""
    if isinstance(value, Partial):
        return place_of(value.function)
    if isinstance(value, Bound):
        return place_of(value.function)
    if not isinstance(value, Function):
        return None
    if value.wrapped is not None:
        return place_of(value.wrapped)
    module = next((scope.module for scope in value.scope.chain() if scope.module is not None), None)
    return f"{module.path}:{value.node.lineno}" if module is not None else None
