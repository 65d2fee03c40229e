"""Making objects: constructors of the package's classes, and the fields of data classes and models."""

import ast

from crawler.python_source.functions import find_in_class, is_enumeration, outside_ancestor
from crawler.python_source.machine import Machine
from crawler.python_source.models import data_fields, is_data_class, is_field_maker
from crawler.python_source.natives import made_outside
from crawler.python_source.values import (
    Arguments,
    Bound,
    Class,
    Const,
    Function,
    Instance,
    Member,
    Value,
    key_of,
    unknown,
)


def call_class(machine: Machine, of: Class, given: Arguments) -> Value:
    """Return a new object of a class of the package, or the member of an enumeration."""
    if is_enumeration(of):
        return _member(of, given)
    made = Instance(of, born=machine.guards, where=given.where)
    start = find_in_class(of, "__init__")
    if isinstance(start, Function):
        made_outside(machine, made, None)
        machine.call(Bound(start, made), given)
        return made
    initialise_outside(machine, made, given)
    _after(machine, made, given)
    return made


def _member(of: Class, given: Arguments) -> Value:
    wanted = key_of(given.positional[0]) if given.positional else None
    for value in of.scope.names.values():
        if isinstance(value, Member) and wanted in {key_of(value), key_of(value.value)} and wanted is not None:
            return value
    return unknown(f"a member of {of.name}")


def initialise_outside(machine: Machine, made: Instance, given: Arguments) -> Value:
    """Do what an `__init__` does that the package does not write: set fields, or keep what is given."""
    made_outside(machine, made, given)
    fields = data_fields(made.of) if isinstance(made.of, Class) and is_data_class(made.of) else {}
    for position, name in enumerate(fields):
        value = given.get(position, name)
        default = find_in_class(made.of, name)
        if value is None:
            value = field_default(machine, default, made.of, given.node)
        made.attributes[name] = value
    known = {name: value for name, value in given.keywords.items() if name not in fields}
    made.attributes.update(known)
    if not fields:
        made.arguments += given.positional
    return Const(None)


def _after(machine: Machine, made: Instance, given: Arguments) -> None:
    for name in ("__post_init__", "model_post_init", "__attrs_post_init__"):
        hook = find_in_class(made.of, name)
        if isinstance(hook, Function):
            extra = [Const(None)] if name == "model_post_init" else []
            machine.call(Bound(hook, made), Arguments(list(extra), {}, given.node, given.where))


def field_default(machine: Machine, default: Value | None, of: Value, node: ast.AST) -> Value:
    """Return what a field holds that nothing was given for; a setting's default is assumed, since it can be set."""
    outside = outside_ancestor(of)
    can_be_set = outside is not None and outside.last == "BaseSettings"
    if default is None:
        return unknown("a setting that must be given") if can_be_set else unknown("a field")
    if isinstance(default, Instance) and is_field_maker(default):
        factory = default.attributes.get("default_factory") or default.attributes.get("factory")
        if factory is not None:
            return machine.call_with(factory, node=node)
        plain = default.attributes.get("default") or (default.arguments[0] if default.arguments else None)
        default = plain if plain is not None else unknown("a field that must be given")
    if isinstance(default, Const) and can_be_set:
        return Const(default.value, assumed=True)
    return default
