"""What a server remembers: the functions and definitions that were registered, the servers mounted, the handlers."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from crawler.python_source.functions import agreed, place_of
from crawler.python_source.guards import Guard, Guards, joined
from crawler.python_source.machine import Machine
from crawler.python_source.values import (
    NONE,
    Arguments,
    Bound,
    Choice,
    Const,
    Function,
    Instance,
    Mapping,
    Native,
    Sequence,
    Value,
    is_callable,
    text,
)

DETAILS = ("name", "title", "description", "annotations", "tags", "enabled", "output_schema")
MARK = "__fastmcp__"
"""The attribute that fastmcp's standalone decorator sets on a function."""

SWITCHED_ON = Guard("enabled", holds=True, shown="it is enabled, which it is not by default", unlikely=True)


@dataclass(slots=True, eq=False)
class Registration:
    """One tool as it was registered: its function, what was said about it, where, and under which guards."""

    target: Value | None
    details: dict[str, Value]
    where: str
    guards: Guards = ()


@dataclass(slots=True, eq=False)
class Mount:
    """Another server that is mounted; `prefix` goes before its names with an underscore."""

    server: Value
    prefix: Value | None
    where: str
    guards: Guards = ()


@dataclass(slots=True, eq=False)
class ServerState:
    """An MCP server while it is being built; `runs` are the guards under which it was started.

    What is registered under the guards that the server was made under is not conditional for that server.
    """

    owner: Value
    where: str
    low_level: bool = False
    born: Guards = ()
    registrations: list[Registration] = field(default_factory=list)
    mounts: list[Mount] = field(default_factory=list)
    handlers: list[tuple[Value, Guards]] = field(default_factory=list)
    providers: list[tuple[Value, Guards]] = field(default_factory=list)
    prefixes: list[Value] = field(default_factory=list)
    removed: list[tuple[Value, Guards]] = field(default_factory=list)
    runs: list[Guards] = field(default_factory=list)
    touched: list[Guards] = field(default_factory=list)
    lifespan: Value | None = None
    request_handlers: Value | None = None
    generated: str = ""
    document: Arguments | None = None
    views: list[tuple[Mapping, frozenset[Hashable]]] = field(default_factory=list)


def tool_method(machine: Machine, state: ServerState, given: Arguments) -> Value:
    """Do `server.tool`, as a decorator with or without a call, or called with a function."""
    details = details_of(given)
    first = given.positional[0] if given.positional else given.keywords.get("name_or_fn")
    if first is not None and _is_target(first):
        register(machine, state, first, details, given.where)
        return first
    if first is not None:
        details.setdefault("name", first)
    if len(given.positional) > 1:
        details.setdefault("description", given.positional[-1])

    def decorate(inner: Machine, again: Arguments) -> Value:
        target = again.positional[0] if again.positional else again.keywords.get("fn", NONE)
        register(inner, state, target, details, given.where)
        return target

    return Native("tool", decorate)


def _is_target(value: Value) -> bool:
    if isinstance(value, Choice):
        return any(_is_target(option.value) for option in value.options)
    return is_callable(value) or (isinstance(value, Instance) and value.native is None)


def details_of(given: Arguments) -> dict[str, Value]:
    """Return what a registration says about its tool."""
    return {name: value for name, value in given.keywords.items() if name in DETAILS}


def add_tool_method(machine: Machine, state: ServerState, given: Arguments) -> Value:
    """Do `server.add_tool(function or tool, name=…, description=…)`."""
    target = given.get(0, "fn", "tool", "tool_or_fn")
    if target is None:
        return NONE
    details = details_of(given)
    for position, name in enumerate(("name", "title", "description"), start=1):
        if position < len(given.positional):
            details.setdefault(name, given.positional[position])
    register(machine, state, target, details, given.where)
    return target


def register(machine: Machine, state: ServerState, target: Value, details: dict[str, Value], where: str) -> None:
    """Remember a tool under the guards that hold now."""
    machine.effects += 1
    target = agreed(target)
    if isinstance(target, Choice):
        for option in target.options:
            if not (isinstance(option.value, Const) and option.value.value is None):
                with machine.under(*option.guards):
                    register(machine, state, option.value, details, where)
        return
    if isinstance(target, Sequence):
        for item in target.items:
            with machine.under(*item.guards):
                register(machine, state, item.value, details, where)
        return
    guards = machine.guards
    enabled = details.get("enabled")
    if isinstance(enabled, Const) and not enabled.value:
        guards = joined(guards, (SWITCHED_ON,))
    if isinstance(target, Instance) and isinstance(target.native, Registration):
        kept = target.native
        details, where, target_function = {**kept.details, **details}, kept.where, kept.target
        state.registrations.append(Registration(target_function, details, where, guards))
        return
    where = place_of(target) or where
    function = target.function if isinstance(target, Bound) else target
    marked = function.attributes.get(MARK) if isinstance(function, Function) else None
    if isinstance(marked, Instance):
        details = {**marked.attributes, **details}
    state.registrations.append(Registration(target, details, where, guards))


def mount_method(machine: Machine, state: ServerState, given: Arguments) -> Value:
    """Do `server.mount(other, prefix)`, whose arguments changed places between versions."""
    values = [*given.positional, *(given.keywords[name] for name in ("server", "app") if name in given.keywords)]
    server = next((value for value in values if is_server_like(value)), None)
    prefix = next((value for value in values if text(value) is not None), None)
    named = [given.keywords[name] for name in ("namespace", "prefix") if name in given.keywords]
    if server is None:
        machine.note(given.where, "a server is mounted that is not in the package or could not be followed")
        return NONE
    spare = [value for value in given.positional if value is not server]
    chosen_prefix = named[0] if named else prefix or (spare[0] if spare else None)
    state.mounts.append(Mount(server, chosen_prefix, given.where, machine.guards))
    return NONE


def is_server_like(value: Value) -> bool:
    """Say whether a value is a server of the package, or one of several."""
    if isinstance(value, Choice):
        return any(is_server_like(option.value) for option in value.options)
    return isinstance(value, Instance) and isinstance(value.native, ServerState)
