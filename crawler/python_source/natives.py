"""What comes from outside the package: what is modelled here is handed over, the rest is named and stays unknown."""

# ruff: noqa: PLR0911  # a return for each kind of value reads better than a nest of branches

from crawler.python_source import commands, files, servers
from crawler.python_source.machine import Machine
from crawler.python_source.models import is_data_class
from crawler.python_source.schemas import model_schema
from crawler.python_source.values import (
    Arguments,
    Class,
    Const,
    External,
    Function,
    Instance,
    Mapping,
    Native,
    Sequence,
    Value,
    is_callable,
    text,
    unknown,
)

STARTERS = frozenset(
    {
        "Fire",
        "Process",
        "Thread",
        "call_soon",
        "create_task",
        "ensure_future",
        "gather",
        "main",
        "run",
        "run_coroutine_threadsafe",
        "run_in_executor",
        "run_process",
        "run_sync",
        "run_until_complete",
        "serve",
        "spawn",
        "start",
        "start_soon",
        "submit",
        "to_thread",
    }
)
HANDS_THROUGH = frozenset(
    {
        "cast",
        "copy",
        "create_task",
        "deepcopy",
        "ensure_future",
        "gather",
        "replace",
        "run",
        "run_until_complete",
        "shield",
        "wait_for",
    }
)
VALIDATORS = frozenset({"model_validate", "parse_obj", "model_construct", "construct"})


def call_outside(machine: Machine, function: External, given: Arguments) -> Value:
    """Return what a call of something outside returns."""
    special = (
        servers.call_outside(machine, function, given)
        or commands.call_outside(machine, function, given)
        or files.call_outside(machine, function, given)
    )
    if special is not None:
        return special
    last = function.last
    if last in VALIDATORS and given.positional and isinstance(given.positional[0], Mapping):
        return _validated(machine, function, given)
    if last[:1].isupper() and "()" not in function.path.rpartition(".")[2][:-2]:
        return _object(machine, function, given)
    if last in STARTERS:
        _start(machine, given)
    if last in HANDS_THROUGH and given.positional:
        subject = given.positional[-1 if last == "cast" else 0]
        if not is_callable(subject) and not isinstance(subject, External):
            return subject
    servers.touch(machine, given)
    if len(given.positional) == 1 and is_callable(given.positional[0]) and last not in STARTERS:
        return given.positional[0]
    fallback = given.keywords.get("default")
    if isinstance(fallback, Const):
        return Const(fallback.value, assumed=True)
    return External(f"{function.path}()")


def _object(machine: Machine, function: External, given: Arguments) -> Value:
    made = Instance(function, dict(given.keywords), list(given.positional), machine.guards, where=given.where)
    made_outside(machine, made, given)
    if function.last in STARTERS:
        _start(machine, given)
    servers.touch(machine, given)
    return made


def _validated(machine: Machine, function: External, given: Arguments) -> Value:
    source = given.positional[0]
    entries = source.entries.values() if isinstance(source, Mapping) else ()
    fields = {text(entry.key): entry.value for entry in entries}
    attributes = {name: value for name, value in fields.items() if name is not None}
    return Instance(External(function.path.rpartition(".")[0]), attributes, [], machine.guards, where=given.where)


def _start(machine: Machine, given: Arguments) -> None:
    """Follow the functions that something outside is asked to run."""
    machine.effects += 1
    asked = [*given.positional[:2], given.keywords.get("target")]
    for function in [value for value in asked if value is not None and is_callable(value)]:
        arguments = given.keywords.get("args")
        plain = [item.value for item in arguments.items] if isinstance(arguments, Sequence) else []
        spare = [value for value in given.positional if value is not function]
        machine.call(function, Arguments(plain or spare, {}, given.node, given.where, rest=False))


def made_outside(machine: Machine, made: Instance, given: Arguments | None) -> None:
    """Give a new object the state of what is modelled here, where it is such a thing."""
    servers.prepare(machine, made, given)
    commands.prepare(machine, made, given)
    files.prepare(made)


def native_attribute(machine: Machine, value: Value, name: str) -> Value | None:
    """Return an attribute that is modelled here, or None."""
    if isinstance(value, Instance):
        if isinstance(value.of, External) and value.of.last == "ContextVar" and name == "get":
            return Native(name, lambda _machine, given: _held(value, given))
        found = servers.server_attribute(machine, value, name)
        if found is None:
            found = commands.object_attribute(machine, value, name)
        return found if found is not None else files.path_attribute(machine, value, name)
    if isinstance(value, Class):
        if name in {"model_json_schema", "schema"} and is_data_class(value):
            return Native(name, lambda inner, _given: files.from_json(model_schema(inner, value)))
        return servers.class_attribute(machine, value, name)
    if isinstance(value, Function):
        return commands.function_attribute(machine, value, name)
    return None


def _held(variable: Instance, given: Arguments) -> Value:
    """Return what a context variable holds where nobody has set it."""
    default = given.get(0, "default") or variable.attributes.get("default")
    if isinstance(default, Const):
        return Const(default.value, assumed=True)
    return default if default is not None else unknown("a context variable")


def command_defaults(value: Value) -> Value:
    """Return the default that a parameter has when it is not given, also where it is an option of a command."""
    return commands.option_default(value)
