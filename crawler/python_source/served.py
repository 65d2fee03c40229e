"""Which tools the servers serve: registered ones, mounted ones, and those that a handler answers with."""

import ast
from dataclasses import dataclass, field
from typing import Any

from crawler.python_source.definitions import Definition, Unknown, defined, listed
from crawler.python_source.files import path_text
from crawler.python_source.functions import find_in_class
from crawler.python_source.guards import Guards, beyond, joined
from crawler.python_source.machine import Machine
from crawler.python_source.registrations import MARK, Mount, Registration, ServerState
from crawler.python_source.servers import named
from crawler.python_source.values import (
    NONE,
    Bound,
    Choice,
    Class,
    Const,
    External,
    Function,
    Instance,
    Item,
    Mapping,
    Value,
    constant,
    is_callable,
    key_of,
    text,
    unknown,
)


@dataclass
class Served:
    """Everything that was found to be served, and what could not be read."""

    definitions: list[Definition] = field(default_factory=list)
    unknowns: list[Unknown] = field(default_factory=list)


def collect(machine: Machine, served: Served) -> None:
    """Collect the tools of the servers that are started, else of those handed out, else of all."""
    states: list[ServerState] = list(machine.servers)
    started = [(state, _best(state.runs)) for state in states if state.runs]
    if not started:
        started = [(state, _best(state.touched)) for state in states if state.touched]
    if not started:
        mounted = {id(mount.server) for state in states for mount in state.mounts}
        started = [(state, ()) for state in states if id(state.owner) not in mounted]
    for state, guards in started:
        _collect(machine, state, (), guards, served, [])
    if not served.definitions:
        _by_hand(machine, served)


def _by_hand(machine: Machine, served: Served) -> None:
    """Collect the answers of a server that speaks the protocol without an SDK: `{"tools": [{"inputSchema": …}]}`."""
    for answer, where in machine.answers:
        methods = {text(entry.key): entry.value for entry in answer.entries.values()}
        for name in ("initialize", "notifications/initialized", "tools/list"):
            method = methods.get(name)
            if method is not None and is_callable(method):
                # The answers that it makes are added to those that are gone through here.
                machine.call_with(method, unknown("a request"), unknown("parameters"), node=ast.Pass())
        definitions, _ = listed(machine, answer, (), where)
        served.definitions += [each for each in definitions if each.input_schema is not None]


def _best(several: list[Guards]) -> Guards:
    """Return the guards of the likeliest start; a condition that may go either way only chooses how it is reached."""
    telling = [tuple(guard for guard in guards if guard.unlikely or guard.kind == "command") for guards in several]
    return min(telling, key=len)


def _collect(
    machine: Machine, state: ServerState, prefixes: tuple[Value, ...], guards: Guards, served: Served, seen: list[Any]
) -> None:
    if any(state is each for each in seen):
        return
    seen = [*seen, state]
    if state.lifespan is not None and is_callable(state.lifespan):
        with machine.under(*guards):
            machine.call_with(state.lifespan, state.owner, node=ast.Pass())
    prefixes = (*prefixes, *reversed(state.prefixes))
    before = len(served.definitions)
    if _from_handlers(machine, state, guards, served):
        return
    del served.definitions[before:]
    gone = {key for view, keys in state.views for key in keys - view.entries.keys()}
    for registration in list(state.registrations):
        if text(named(registration)) is not None and key_of(named(registration) or NONE) in gone:
            continue
        _add(machine, registration, prefixes, joined(guards, beyond(registration.guards, state.born)), served)
    if state.generated:
        served.unknowns.append(Unknown(state.where, state.generated))
    for value, when in _put_aside(state):
        _add(machine, Registration(value, {}, state.where), prefixes, joined(guards, when), served)
    for mount in state.mounts:
        _mounted(machine, mount, prefixes, guards, served, seen)
    for provider, when in state.providers:
        _provided(machine, state, provider, prefixes, joined(guards, when), served, seen)
    _take_away(state, served)


def _put_aside(state: ServerState) -> list[tuple[Value, Guards]]:
    """Return the tools that were put straight into a server's own table, past its methods."""
    added = [entry for view, keys in state.views for key, entry in view.entries.items() if key not in keys]
    table = state.owner.attributes.get("_tools") if isinstance(state.owner, Instance) else None
    if isinstance(table, Mapping):
        added += table.entries.values()
    return [(entry.value, entry.guards) for entry in added]


def _from_handlers(machine: Machine, state: ServerState, guards: Guards, served: Served) -> bool:
    """Collect what `tools/list` handlers answer; say whether they decide alone which tools there are."""
    handlers = list(state.handlers)
    if isinstance(state.request_handlers, Mapping):
        for entry in state.request_handlers.entries.values():
            if isinstance(entry.key, External) and entry.key.last == "ListToolsRequest":
                handlers.append((entry.value, entry.guards))
    if isinstance(state.owner, Instance) and isinstance(state.owner.of, Class):
        for name in ("list_tools", "_list_tools", "handle_list_tools"):
            own = find_in_class(state.owner.of, name)
            if isinstance(own, Function) and not state.low_level:
                handlers.append((Bound(own, state.owner), ()))
                break
    unknowns: list[Unknown] = []
    found = 0
    for handler, when in handlers:
        when = beyond(when, state.born)
        with machine.under(*guards, *when):
            answer = machine.call_with(handler, NONE, NONE, node=ast.Pass()) if is_callable(handler) else handler
        definitions, unread = listed(machine, answer, joined(guards, when), _place(machine, handler))
        served.definitions += definitions
        unknowns += unread
        found += len(definitions)
    if state.low_level or found:
        served.unknowns += unknowns
    return state.low_level or found > 0


def _place(machine: Machine, handler: Value) -> str:
    function = handler.function if isinstance(handler, Bound) else handler
    if isinstance(function, Function):
        module = next((scope.module for scope in function.scope.chain() if scope.module is not None), None)
        return f"{module.path if module is not None else ''}:{function.node.lineno}"
    return machine.path


def _add(
    machine: Machine, registration: Registration, prefixes: tuple[Value, ...], guards: Guards, served: Served
) -> None:
    found, unread = defined(machine, registration, guards)
    served.unknowns += unread
    for definition in found:
        named = _prefixed(definition, prefixes)
        if named is None:
            served.unknowns.append(Unknown(registration.where, "the prefix of the tool's name is not known"))
        else:
            served.definitions.append(named)


def _prefixed(definition: Definition, prefixes: tuple[Value, ...]) -> Definition | None:
    name = definition.name
    for prefix in reversed(prefixes):
        chosen = prefix.options[0].value if isinstance(prefix, Choice) else prefix
        if isinstance(chosen, Const) and not chosen.value:
            continue
        plain = text(chosen)
        if plain is None:
            return None
        name = f"{plain}_{name}"
    definition.name = name
    return definition


def _mounted(
    machine: Machine, mount: Mount, prefixes: tuple[Value, ...], guards: Guards, served: Served, seen: list[Any]
) -> None:
    options = mount.server.options if isinstance(mount.server, Choice) else [Item(mount.server)]
    for option in options:
        state = option.value.native if isinstance(option.value, Instance) else None
        if isinstance(state, ServerState):
            inner = (*prefixes, mount.prefix) if mount.prefix is not None else prefixes
            _collect(machine, state, inner, joined(guards, mount.guards, option.guards), served, seen)


def _provided(
    machine: Machine,
    state: ServerState,
    provider: Value,
    prefixes: tuple[Value, ...],
    guards: Guards,
    served: Served,
    seen: list[Any],
) -> None:
    """Collect what a provider brings: a folder of marked functions, or another server."""
    if isinstance(provider, Instance) and isinstance(provider.native, ServerState):
        _collect(machine, provider.native, prefixes, guards, served, seen)
        return
    of = provider.of if isinstance(provider, Instance) else None
    if isinstance(provider, Instance) and isinstance(of, External) and of.last == "FileSystemProvider":
        root = provider.arguments[0] if provider.arguments else provider.attributes.get("root", NONE)
        folder = path_text(root)
        for function in _marked_below(machine, folder.strip("/")) if folder else []:
            registration = Registration(function, _marks(function), f"{_place(machine, function)}")
            _add(machine, registration, prefixes, guards, served)
        return
    served.unknowns.append(Unknown(state.where, "a provider brings tools that could not be followed"))


def _marks(function: Function) -> dict[str, Value]:
    marked = function.attributes.get(MARK)
    return marked.attributes if isinstance(marked, Instance) else {}


def _marked_below(machine: Machine, folder: str) -> list[Function]:
    found: list[Function] = []
    for path in sorted(machine.index.files):
        if path.startswith(folder + "/") and path.endswith(".py"):
            module = machine.load(machine.index.name_of(path))
            values = module.scope.names.values() if module is not None else ()
            found += [value for value in values if isinstance(value, Function) and MARK in value.attributes]
    return list(dict.fromkeys(found))


def _take_away(state: ServerState, served: Served) -> None:
    """Leave out what was removed from a server again, where that is certain."""
    for name, guards in state.removed:
        if constant(name) is not None and not guards:
            served.definitions = [each for each in served.definitions if each.name != constant(name)]


