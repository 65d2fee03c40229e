"""Python's own functions, as far as they help to know which tools are served."""

# ruff: noqa: ARG001  # all that is modelled here takes (machine, given), whether it needs them or not
# a return for each kind of value reads better than a nest of branches

from collections.abc import Callable

from crawler.python_source.commands import names_of
from crawler.python_source.containers import update
from crawler.python_source.files import path_text
from crawler.python_source.functions import ancestors
from crawler.python_source.iteration import elements
from crawler.python_source.machine import Machine
from crawler.python_source.operators import described, truth
from crawler.python_source.type_checks import can_be_called, is_instance, is_subclass, type_of
from crawler.python_source.values import (
    NONE,
    Arguments,
    Choice,
    Class,
    Const,
    External,
    Instance,
    Item,
    Mapping,
    Module,
    Sequence,
    Super,
    Value,
    chosen,
    constant,
    is_assumed,
    text,
    unknown,
)

RANGE = 1000
Code = Callable[[Machine, Arguments], Value]


def _made(kind: str) -> Code:
    def code(machine: Machine, given: Arguments) -> Value:
        made = Sequence(kind=kind, born=machine.guards)  # type: ignore[arg-type]  # list, tuple or set
        if given.positional:
            found = elements(machine, given.positional[0])
            made.items, made.rest, made.assumed = found.items, found.rest, found.assumed
        return made

    return code


def _dict(machine: Machine, given: Arguments) -> Value:
    made = Mapping(born=machine.guards)
    update(machine, made, given)
    return made


def _length(machine: Machine, given: Arguments) -> Value:
    value = given.get(0, "obj")
    if isinstance(value, Const) and isinstance(value.value, str | bytes):
        return Const(len(value.value), value.assumed)
    if isinstance(value, Sequence | Mapping) and not value.rest:
        parts = value.items if isinstance(value, Sequence) else list(value.entries.values())
        if not any(part.guards for part in parts):
            return Const(len(parts), value.assumed)
    return unknown("a length")


def _converted(kind: type[str | int | float]) -> Code:
    def code(_machine: Machine, given: Arguments) -> Value:
        if not given.positional:
            return Const(kind())
        value = given.positional[0]
        if isinstance(value, Choice):
            return chosen([Item(code(_machine, Arguments([each.value], {}, given.node, given.where)), each.guards)
                           for each in value.options])  # fmt: skip
        path = path_text(value) if kind is str and isinstance(value, Instance) else None
        plain = constant(value) if path is None else path
        try:
            return unknown(described(value)) if plain is None else Const(kind(plain), is_assumed(value))
        except (TypeError, ValueError, OverflowError):
            return unknown("a conversion")

    return code


def _bool(_machine: Machine, given: Arguments) -> Value:
    verdict = truth(given.positional[0]) if given.positional else truth(NONE)
    return unknown("a truth") if verdict.known is None else Const(verdict.known, verdict.assumed)


def _sorted(machine: Machine, given: Arguments) -> Value:
    found = elements(machine, given.positional[0] if given.positional else NONE)
    made = Sequence(found.items, born=machine.guards, assumed=found.assumed, rest=found.rest)
    plain = [constant(item.value) for item in made.items]
    if plain and all(isinstance(each, str) for each in plain) and "key" not in given.keywords:
        made.items.sort(key=lambda item: str(constant(item.value)))
    return made


def _enumerate(machine: Machine, given: Arguments) -> Value:
    found = elements(machine, given.positional[0]) if given.positional else elements(machine, NONE)
    pairs = [
        Item(Sequence([Item(Const(index)), Item(item.value)], "tuple"), item.guards)
        for index, item in enumerate(found.items)
    ]
    return Sequence(pairs, rest=found.rest)


def _zip(machine: Machine, given: Arguments) -> Value:
    several = [elements(machine, each) for each in given.positional]
    rows = zip(*[each.items for each in several], strict=False)
    return Sequence(
        [Item(Sequence([Item(part.value) for part in row], "tuple")) for row in rows],
        rest=next((each.rest for each in several if each.rest), ""),
    )


def _map(machine: Machine, given: Arguments) -> Value:
    if len(given.positional) != 2:  # noqa: PLR2004  # a function and what it is applied to
        return unknown("map()")
    found = elements(machine, given.positional[1])
    made = Sequence(born=machine.guards, rest=found.rest)
    for item in found.items:
        with machine.under(*item.guards):
            made.items.append(Item(machine.call_with(given.positional[0], item.value, node=given.node), item.guards))
    return made


def _filter(machine: Machine, given: Arguments) -> Value:
    found = elements(machine, given.positional[-1]) if given.positional else elements(machine, NONE)
    made = Sequence(born=machine.guards, rest=found.rest)
    for item in found.items:
        test = given.positional[0]
        verdict = truth(item.value if isinstance(test, Const) else machine.call_with(test, item.value, node=given.node))
        if verdict.known is not False or verdict.assumed:
            made.items.append(item)
    return made


def _range(_machine: Machine, given: Arguments) -> Value:
    bounds = [constant(value) for value in given.positional]
    if not bounds or not all(isinstance(bound, int) for bound in bounds):
        return unknown("range()")
    try:
        return Sequence([Item(Const(number)) for number in range(*bounds)[:RANGE]])
    except (TypeError, ValueError):
        return unknown("range()")


def _any_or_all(*, needs_all: bool) -> Code:
    def code(machine: Machine, given: Arguments) -> Value:
        found = elements(machine, given.positional[0]) if given.positional else elements(machine, NONE)
        verdicts = [truth(item.value) for item in found.items]
        assumed = found.assumed or any(verdict.assumed for verdict in verdicts)
        if any(verdict.known is (not needs_all) for verdict in verdicts):
            return Const(not needs_all, assumed)
        return (
            unknown("any()")
            if found.rest or any(each.known is None for each in verdicts)
            else Const(needs_all, assumed)
        )

    return code


def _getattr(machine: Machine, given: Arguments) -> Value:
    if len(given.positional) < 2:  # noqa: PLR2004  # an object and a name
        return unknown("getattr()")
    subject, names = given.positional[0], given.positional[1]
    if isinstance(names, Choice):
        return chosen([Item(_getattr(machine, _named(given, each.value)), each.guards) for each in names.options])
    name = text(names)
    if name is None:
        return unknown("an attribute")
    has = _has(machine, subject, name)
    if len(given.positional) > 2 and has is False:  # noqa: PLR2004  # the default is the third
        return given.positional[2]
    return machine.attribute(subject, name)


def _named(given: Arguments, name: Value) -> Arguments:
    return Arguments([given.positional[0], name, *given.positional[2:]], {}, given.node, given.where)


def _has(machine: Machine, subject: Value, name: str) -> bool | None:
    if isinstance(subject, Const):
        return hasattr(subject.value, name) if isinstance(subject.value, str) else None
    found = machine.attribute(subject, name)
    if not isinstance(found, External):
        return True
    outside = isinstance(subject, External) or (isinstance(subject, Instance) and isinstance(subject.of, External))
    if outside or (isinstance(subject, Instance | Class) and _derives_from_outside(subject)):
        return None
    return False


def _derives_from_outside(subject: Instance | Class) -> bool:
    line = ancestors(subject.of if isinstance(subject, Instance) else subject)
    return any(isinstance(each, External) and each.last not in {"object", "ABC", "Protocol"} for each in line)


def _hasattr(machine: Machine, given: Arguments) -> Value:
    name = text(given.get(1, "name"))
    has = _has(machine, given.positional[0], name) if name is not None else None
    return unknown("hasattr()") if has is None else Const(has)


def _setattr(machine: Machine, given: Arguments) -> Value:
    if len(given.positional) == 3 and (name := text(given.positional[1])) is not None:  # noqa: PLR2004  # its signature
        machine.parts.assign_attribute(machine, given.positional[0], name, given.positional[2])
    return NONE


def _super(machine: Machine, given: Arguments) -> Value:
    if not machine.frames:
        return unknown("super()")
    frame = machine.frames[-1]
    owner = given.positional[0] if given.positional else (frame.function.owner if frame.function else None)
    receiver = given.positional[1] if len(given.positional) > 1 else frame.receiver
    return Super(owner, receiver) if isinstance(owner, Class) and receiver is not None else unknown("super()")


def _vars(machine: Machine, given: Arguments) -> Value:
    if not given.positional:
        return unknown("vars()")
    subject = given.positional[0]
    names = names_of(subject)
    return names if names is not None else machine.attribute(subject, "__dict__")


def _globals(machine: Machine, _given: Arguments) -> Value:
    function = machine.frames[-1].function if machine.frames else None
    module = next((scope.module for scope in function.scope.chain() if scope.module), None) if function else None
    current = module or next((each for each in machine.modules.values() if each.path == machine.path), None)
    return machine.attribute(current, "__dict__") if current is not None else unknown("globals()")


def _dir(machine: Machine, given: Arguments) -> Value:
    subject = given.positional[0] if given.positional else NONE
    of = subject.of if isinstance(subject, Instance) else subject
    names: dict[str, None] = {}
    for each in ancestors(of):
        if isinstance(each, Class | Module):
            names.update(dict.fromkeys(each.scope.names))
    rest = "" if names else described(subject)
    return Sequence([Item(Const(name)) for name in sorted(names)], rest=rest)


def _first(machine: Machine, given: Arguments) -> Value:
    found = elements(machine, given.positional[0]) if given.positional else elements(machine, NONE)
    if found.items and not found.rest:
        options = [item for item in found.items if item.guards][:1] if found.items[0].guards else found.items[:1]
        return chosen(options)
    return given.positional[1] if len(given.positional) > 1 and not found.rest else unknown("next()")


def _same(_machine: Machine, given: Arguments) -> Value:
    return given.positional[0] if given.positional else NONE


def _sum(machine: Machine, given: Arguments) -> Value:
    made = Sequence(born=machine.guards)
    for item in elements(machine, given.positional[0]).items if given.positional else []:
        if isinstance(item.value, Sequence):
            made.items += item.value.items
    return made if made.items else unknown("sum()")


def _import(machine: Machine, given: Arguments) -> Value:
    name = text(given.get(0, "name"))
    return (machine.load(name) or machine.outside(name)) if name else unknown("an imported module")


BUILTINS: dict[str, Code] = {
    "list": _made("list"),
    "tuple": _made("tuple"),
    "set": _made("set"),
    "frozenset": _made("set"),
    "dict": _dict,
    "len": _length,
    "str": _converted(str),
    "int": _converted(int),
    "float": _converted(float),
    "bool": _bool,
    "sorted": _sorted,
    "reversed": _made("list"),
    "enumerate": _enumerate,
    "zip": _zip,
    "map": _map,
    "filter": _filter,
    "range": _range,
    "any": _any_or_all(needs_all=False),
    "all": _any_or_all(needs_all=True),
    "getattr": _getattr,
    "hasattr": _hasattr,
    "setattr": _setattr,
    "isinstance": is_instance,
    "issubclass": is_subclass,
    "callable": can_be_called,
    "type": type_of,
    "super": _super,
    "vars": _vars,
    "globals": _globals,
    "dir": _dir,
    "next": _first,
    "iter": _same,
    "sum": _sum,
    "__import__": _import,
}
