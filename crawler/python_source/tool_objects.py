"""Tools apart from servers: marked functions, made tools, mixins; and registered tools seen as objects."""

from crawler.python_source.functions import agreed, ancestors, callable_name, place_of
from crawler.python_source.machine import Machine
from crawler.python_source.registrations import MARK, Registration, ServerState, details_of, register
from crawler.python_source.values import (
    NONE,
    Arguments,
    Bound,
    Choice,
    Class,
    Const,
    Entry,
    External,
    Function,
    Instance,
    Item,
    Mapping,
    Native,
    Sequence,
    Value,
    chosen,
    key_of,
    text,
    unknown,
)


def marked_tool(given: Arguments) -> Value:
    """Do the standalone decorator `@tool(…)`, which only marks a function."""
    first = given.positional[0] if given.positional else None
    details = details_of(given)
    if isinstance(first, Function):
        return _mark(first, details)
    if first is not None:
        details.setdefault("name", first)

    def decorate(_machine: Machine, again: Arguments) -> Value:
        target = again.positional[0] if again.positional else NONE
        return _mark(target, details) if isinstance(target, Function) else target

    return Native("tool", decorate)


def _mark(function: Function, details: dict[str, Value]) -> Function:
    function.attributes[MARK] = Instance(External("fastmcp.tools.ToolMeta"), details)
    return function


def made_tool(machine: Machine, given: Arguments) -> Value:
    """Do `Tool.from_function(function, name=…)`: a tool that a server may be given later."""
    target = given.get(0, "fn", "tool")
    target = agreed(target) if target is not None else None
    if isinstance(target, Choice):
        options = target.options
        return chosen([Item(made_tool(machine, _with_target(given, each.value)), each.guards) for each in options])
    if isinstance(target, Instance) and isinstance(target.native, Registration):
        kept = target.native
        record = Registration(kept.target, {**kept.details, **details_of(given)}, given.where, machine.guards)
    else:
        record = Registration(target, details_of(given), given.where, machine.guards)
        if len(given.positional) > 1:
            record.details.setdefault("name", given.positional[1])
    if record.target is not None:
        record.where = place_of(record.target) or record.where
    return Instance(External("fastmcp.tools.Tool"), native=record, where=record.where)


def _with_target(given: Arguments, target: Value) -> Arguments:
    return Arguments([target, *given.positional[1:]], given.keywords, given.node, given.where)


def as_tool(registration: Registration) -> Instance:
    """Return a registered tool as an object that can be handed around."""
    return Instance(External("mcp.types.Tool"), native=registration, where=registration.where)


def all_tools(state: ServerState) -> Sequence:
    """Return a server's registered tools as objects."""
    return Sequence([Item(as_tool(each), each.guards) for each in state.registrations])


def tool_named(state: ServerState, given: Arguments) -> Value:
    """Do `server.get_tool(name)`."""
    wanted = text(given.get(0, "name", "key"))
    for each in state.registrations:
        if wanted is not None and text(tool_attribute(each, "name")) == wanted:
            return as_tool(each)
    return unknown("a tool")


def tools_by_name(state: ServerState, kind: str = "") -> Mapping:
    """Return a server's registered tools by their names, before which their kind may stand."""
    made = Mapping()
    for each in state.registrations:
        name = tool_attribute(each, "name")
        if kind and text(name) is not None:
            name = Const(f"{kind}{text(name)}@")
        key = key_of(name) if name is not None else None
        place = key if key is not None else ("unnamed", id(each))
        made.entries[place] = Entry(name or NONE, as_tool(each), each.guards)
    return made


def tool_attribute(registration: Registration, name: str) -> Value | None:
    """Return an attribute of a registered or made tool."""
    if name in {"fn", "func"}:
        return registration.target
    if name == "key":
        name = "name"
    found = registration.details.get(name)
    if found is None and name == "name" and registration.target is not None:
        shown = callable_name(registration.target)
        return Const(shown) if shown is not None else None
    return found


def mixin_method(value: Instance, name: str) -> Value | None:
    """Return `register_all` of fastmcp's mixin: every method marked by `@mcp_tool` becomes a tool."""
    if name not in {"register_all", "register_tools"} or not isinstance(value.of, Class):
        return None
    return Native(name, lambda machine, given: _register_marked(machine, value, given))


def _register_marked(machine: Machine, value: Instance, given: Arguments) -> Value:
    server = given.get(0, "mcp_server")
    if not isinstance(server, Instance) or not isinstance(server.native, ServerState):
        return NONE
    prefix = text(given.get(1, "prefix"))
    separator = text(given.get(2, "separator", "tool_separator")) or "_"
    for attribute, method in _methods(value):
        marked = method.attributes.get(MARK)
        if isinstance(marked, Instance):
            name = text(marked.attributes.get("name")) or attribute
            full = f"{prefix}{separator}{name}" if prefix else name
            details = {**marked.attributes, "name": Const(full)}
            register(machine, server.native, Bound(method, value), details, given.where)
    return NONE


def _methods(value: Instance) -> list[tuple[str, Function]]:
    names = [each.scope.names for each in ancestors(value.of) if isinstance(each, Class)]
    return [(name, found) for each in names for name, found in each.items() if isinstance(found, Function)]
