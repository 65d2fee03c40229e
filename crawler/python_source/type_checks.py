"""What Python says of types: `isinstance`, `issubclass`, `callable` and `type`, where it is known."""

# ruff: noqa: ARG001, PLR0911  # all that is modelled takes (machine, given); a return for each kind of value reads best

from crawler.python_source.functions import ancestors, find_in_class
from crawler.python_source.machine import Machine
from crawler.python_source.values import (
    NONE,
    Arguments,
    Bound,
    Choice,
    Class,
    Const,
    External,
    Function,
    Instance,
    Mapping,
    Module,
    Native,
    Partial,
    Sequence,
    Value,
    is_assumed,
    unknown,
)

PLAIN_TYPES = {"str": str, "int": int, "float": float, "bool": bool, "bytes": bytes}
CONTAINER_TYPES = {"list": "list", "tuple": "tuple", "set": "set"}


def is_instance(machine: Machine, given: Arguments) -> Value:
    """Do `isinstance(value, types)`."""
    if len(given.positional) != 2:  # noqa: PLR2004  # its signature
        return unknown("isinstance()")
    subject, types = given.positional
    options = [item.value for item in types.items] if isinstance(types, Sequence) else [types]
    verdicts = [_is_a(subject, each) for each in options]
    if True in verdicts:
        return Const(value=True, assumed=is_assumed(subject))
    return unknown("isinstance()") if None in verdicts else Const(value=False, assumed=is_assumed(subject))


def _is_a(subject: Value, of: Value) -> bool | None:
    if isinstance(subject, External | Choice):
        return None
    name = of.last if isinstance(of, External) else getattr(of, "name", "")
    if isinstance(subject, Const):
        return isinstance(subject.value, PLAIN_TYPES[name]) if name in PLAIN_TYPES else False
    if isinstance(subject, Sequence):
        return CONTAINER_TYPES.get(name) == subject.kind or (
            None if isinstance(of, External) and name[:1].isupper() else False
        )
    if isinstance(subject, Mapping):
        return name in {"dict", "Mapping", "MutableMapping"}
    if isinstance(subject, Instance):
        line = ancestors(subject.of)
        if of in line or any(isinstance(each, External) and each.last == name for each in line):
            return True
        return None if any(isinstance(each, External) for each in line) else False
    if isinstance(subject, Class):
        return name == "type" or None
    if isinstance(subject, Function) and name in {"Command", "Group", "BaseCommand"}:
        return "command" in subject.marks
    return name in {"Callable", "FunctionType", "MethodType"} or None


def can_be_called(_machine: Machine, given: Arguments) -> Value:
    """Do `callable(value)`."""
    value = given.positional[0] if given.positional else NONE
    if isinstance(value, Function | Bound | Partial | Class | Native):
        return Const(value=True)
    if isinstance(value, Const | Sequence | Mapping | Module):
        return Const(value=False)
    if isinstance(value, Instance) and isinstance(value.of, Class):
        return Const(find_in_class(value.of, "__call__") is not None)
    return unknown("callable()")


def type_of(_machine: Machine, given: Arguments) -> Value:
    """Do `type(value)`."""
    value = given.positional[0] if len(given.positional) == 1 else None
    return value.of if isinstance(value, Instance) else unknown("a type")


def is_subclass(_machine: Machine, given: Arguments) -> Value:
    """Do `issubclass(value, type)`."""
    if len(given.positional) == 2 and isinstance(given.positional[0], Class):  # noqa: PLR2004  # its signature
        wanted, line = given.positional[1], ancestors(given.positional[0])
        if wanted in line:
            return Const(value=True)
        if isinstance(wanted, Class):
            return Const(value=False)
        if isinstance(wanted, External):
            return Const(any(isinstance(each, External) and each.last == wanted.last for each in line))
    return unknown("issubclass()")
