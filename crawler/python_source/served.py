"""Which tools the servers serve: registered ones, mounted ones, and those that a handler answers with."""

import ast
from dataclasses import dataclass, replace

from crawler.python_source.answers import Served, by_hand, from_handlers
from crawler.python_source.definitions import Definition, Unknown, defined
from crawler.python_source.files import path_text
from crawler.python_source.functions import place_of
from crawler.python_source.guards import Guard, Guards, beyond, joined
from crawler.python_source.machine import Machine
from crawler.python_source.openapi import operations
from crawler.python_source.registrations import MARK, Mount, Registration, ServerState
from crawler.python_source.tool_objects import tool_attribute
from crawler.python_source.values import (
    NONE,
    Choice,
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
)

KEPT = Guard("kept", holds=True, shown="it is not removed again, which it is by default", unlikely=True)
NO_TOOLS = frozenset({"SkillsDirectoryProvider", "SkillProvider", "ClaudeSkillsProvider", "SkillsProvider"})
"""Providers of fastmcp that bring resources, not tools."""


def collect(machine: Machine, served: Served) -> None:
    """Collect the tools of the servers that are started, else of those handed out, else of all."""
    states: list[ServerState] = list(machine.servers)
    started = [(state, _best(state.runs)) for state in states if state.runs]
    if not started:
        started = [(state, _best(state.touched)) for state in states if state.touched]
    if not started:
        mounted = {id(mount.server) for state in states for mount in state.mounts}
        started = [(state, _best([state.born])) for state in states if id(state.owner) not in mounted]
    for state, guards in started:
        _collect(machine, state, _Way(guards=guards), served)
    if not served.definitions:
        by_hand(machine, served)


def _best(several: list[Guards]) -> Guards:
    """Return the guards of the likeliest start; a condition that may go either way only chooses how it is reached."""
    telling = [tuple(guard for guard in guards if guard.unlikely or guard.kind == "command") for guards in several]
    return min(telling, key=len)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a server is reached: the prefixes of its names, the guards on the way, the servers passed."""

    prefixes: tuple[Value, ...] = ()
    guards: Guards = ()
    seen: tuple[int, ...] = ()


def _collect(machine: Machine, state: ServerState, way: _Way, served: Served) -> None:
    if id(state) in way.seen:
        return
    way = _Way((*way.prefixes, *reversed(state.prefixes)), way.guards, (*way.seen, id(state)))
    if state.lifespan is not None and is_callable(state.lifespan):
        with machine.under(*way.guards):
            machine.call_with(state.lifespan, state.owner, node=ast.Pass())
    before = len(served.definitions)
    if from_handlers(machine, state, way.guards, served):
        return
    del served.definitions[before:]
    for registration in _registered(state):
        guards = joined(way.guards, beyond(registration.guards, state.born))
        _add(machine, registration, replace(way, guards=guards), served)
    if state.generated:
        _generated(machine, state, way, served)
    for mount in state.mounts:
        _mounted(machine, mount, way, served)
    for provider, when in state.providers:
        _provided(machine, state, provider, replace(way, guards=joined(way.guards, when)), served)
    served.definitions[before:] = _without_removed(state, served.definitions[before:])


def _registered(state: ServerState) -> list[Registration]:
    """Return what a server has registered, and what was put straight into its own table, past its methods."""
    gone = {key for view, keys in state.views for key in keys - view.entries.keys()}
    kept = [each for each in state.registrations if key_of(tool_attribute(each, "name") or NONE) not in gone]
    added = [entry for view, keys in state.views for key, entry in view.entries.items() if key not in keys]
    table = state.owner.attributes.get("_tools") if isinstance(state.owner, Instance) else None
    if isinstance(table, Mapping):
        added += table.entries.values()
    return kept + [Registration(entry.value, {}, state.where, entry.guards) for entry in added]


def _generated(machine: Machine, state: ServerState, way: _Way, served: Served) -> None:
    found = operations(machine, state.document) if state.document is not None else None
    if found is None:
        served.unknowns.append(Unknown(state.where, state.generated))
        return
    for each in found:
        definition = Definition(each.name, None, each.description, each.schema, None, state.where, way.guards)
        _add_prefixed(definition, way, served)


def _add(machine: Machine, registration: Registration, way: _Way, served: Served) -> None:
    found, unread = defined(machine, registration, way.guards)
    served.unknowns += unread
    for definition in found:
        _add_prefixed(definition, way, served)


def _add_prefixed(definition: Definition, way: _Way, served: Served) -> None:
    name = definition.name
    for prefix in reversed(way.prefixes):
        likely = prefix.options[0].value if isinstance(prefix, Choice) else prefix
        if isinstance(likely, Const) and not likely.value:
            continue
        plain = text(likely)
        if plain is None:
            served.unknowns.append(Unknown(definition.where, f"the prefix of {definition.name} is not known"))
            return
        name = f"{plain}_{name}"
    served.definitions.append(replace(definition, name=name))


def _mounted(machine: Machine, mount: Mount, way: _Way, served: Served) -> None:
    prefixes = (*way.prefixes, mount.prefix) if mount.prefix is not None else way.prefixes
    for option in mount.server.options if isinstance(mount.server, Choice) else [Item(mount.server)]:
        state = option.value.native if isinstance(option.value, Instance) else None
        if isinstance(state, ServerState):
            guards = joined(way.guards, beyond(mount.guards, state.born), option.guards)
            _collect(machine, state, _Way(prefixes, guards, way.seen), served)


def _provided(machine: Machine, state: ServerState, provider: Value, way: _Way, served: Served) -> None:
    """Collect what a provider brings: a folder of marked functions, or another server."""
    of = provider.of if isinstance(provider, Instance) else None
    if isinstance(provider, Instance) and isinstance(provider.native, ServerState):
        _collect(machine, provider.native, way, served)
    elif isinstance(provider, Instance) and isinstance(of, External) and of.last == "FileSystemProvider":
        root = provider.arguments[0] if provider.arguments else provider.attributes.get("root", NONE)
        folder = path_text(root)
        for function in _marked_below(machine, folder.strip("/")) if folder else []:
            marked = function.attributes[MARK]
            details = marked.attributes if isinstance(marked, Instance) else {}
            _add(machine, Registration(function, details, place_of(function) or state.where), way, served)
    elif not (isinstance(of, External) and of.last in NO_TOOLS):
        served.unknowns.append(Unknown(state.where, "a provider brings tools that could not be followed"))


def _marked_below(machine: Machine, folder: str) -> list[Function]:
    found: list[Function] = []
    for path in sorted(machine.index.files):
        if path.startswith(folder + "/") and path.endswith(".py"):
            module = machine.load(machine.index.name_of(path))
            values = module.scope.names.values() if module is not None else ()
            found += [value for value in values if isinstance(value, Function) and MARK in value.attributes]
    return list(dict.fromkeys(found))


def _without_removed(state: ServerState, definitions: list[Definition]) -> list[Definition]:
    """Mark what a server removes again as conditional: it is there only where that removal does not happen."""
    removed = {constant(name) for name, guards in state.removed if not beyond(guards, state.born)}
    return [
        replace(each, guards=joined(each.guards, (KEPT,))) if each.name in removed else each for each in definitions
    ]
