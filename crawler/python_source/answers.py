"""What servers answer to `tools/list`: by the handlers of an SDK, or by hand."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.python_source.definitions import Definition, Unknown, listed
from crawler.python_source.functions import find_in_class, place_of
from crawler.python_source.guards import Guards, beyond, joined
from crawler.python_source.machine import Machine
from crawler.python_source.registrations import ServerState
from crawler.python_source.values import (
    NONE,
    Bound,
    Class,
    External,
    Function,
    Instance,
    Mapping,
    Value,
    is_callable,
    text,
    unknown,
)

LISTING_METHODS = ("list_tools", "_list_tools", "handle_list_tools")


@dataclass
class Served:
    """Everything that was found to be served, and what could not be read."""

    definitions: list[Definition] = field(default_factory=list)
    unknowns: list[Unknown] = field(default_factory=list)


def from_handlers(machine: Machine, state: ServerState, guards: Guards, served: Served) -> bool:
    """Collect what `tools/list` handlers answer; say whether they decide alone which tools there are."""
    unknowns: list[Unknown] = []
    found = 0
    for handler, when in _handlers(state):
        held = beyond(when, state.born)
        with machine.under(*guards, *held):
            answer = machine.call_with(handler, NONE, NONE, node=ast.Pass()) if is_callable(handler) else handler
        definitions, unread = listed(machine, answer, joined(guards, held), place_of(handler) or state.where)
        served.definitions += definitions
        unknowns += unread
        found += len(definitions)
    if state.low_level or found:
        served.unknowns += unknowns
    return state.low_level or found > 0


def _handlers(state: ServerState) -> Iterator[tuple[Value, Guards]]:
    yield from list(state.handlers)
    if isinstance(state.request_handlers, Mapping):
        for entry in list(state.request_handlers.entries.values()):
            if isinstance(entry.key, External) and entry.key.last == "ListToolsRequest":
                yield entry.value, entry.guards
    if isinstance(state.owner, Instance) and isinstance(state.owner.of, Class) and not state.low_level:
        own = [find_in_class(state.owner.of, name) for name in LISTING_METHODS]
        yield from [(Bound(each, state.owner), ()) for each in own if isinstance(each, Function)][:1]


def by_hand(machine: Machine, served: Served) -> None:
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
