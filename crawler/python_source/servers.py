"""MCP servers as the SDKs offer them: FastMCP, MCPServer and the low-level Server, with what can be done to them.

Sources: the Python SDK (mcp 1 and 2: `mcp.server.fastmcp`, `mcp.server.mcpserver`, `mcp.server.lowlevel`) and
fastmcp 2 to 4.
"""

# ruff: noqa: ARG001, ARG005  # all that is modelled here takes (machine, given), whether it needs them or not
# ruff: noqa: PLR0911  # a return for each kind of value reads better than a nest of branches

from collections.abc import Callable

from crawler.python_source.functions import ancestors
from crawler.python_source.machine import Machine
from crawler.python_source.registrations import (
    Registration,
    ServerState,
    add_tool_method,
    is_server_like,
    mount_method,
    register,
    tool_method,
)
from crawler.python_source.tool_objects import (
    all_tools,
    made_tool,
    marked_tool,
    mixin_method,
    tool_attribute,
    tool_named,
    tools_by_name,
)
from crawler.python_source.values import (
    NONE,
    Arguments,
    Bound,
    Choice,
    Class,
    External,
    Function,
    Instance,
    Item,
    Mapping,
    Native,
    Sequence,
    Value,
    is_callable,
    text,
    unknown,
)

FAST = frozenset({"FastMCP", "MCPServer", "FastMCPOpenAPI", "FastMCPProxy"})
MAKERS = {
    "from_openapi": "its tools are generated from an OpenAPI document",
    "from_fastapi": "its tools are generated from a web application's routes",
    "as_proxy": "its tools are those of another server",
    "create_proxy": "its tools are those of another server",
    "from_client": "its tools are those of another server",
}
CONVERTERS = frozenset({"adk_to_mcp_tool_type", "to_mcp_tool", "to_fastmcp"})
"""Functions of agent frameworks that make an MCP tool of one of theirs."""

TOOL_CLASSES = frozenset({"Tool", "FunctionTool", "TransformedTool"})
VIEWS = frozenset({"_tool_manager", "local_provider", "_local_provider", "tool_manager", "app"})
LOW_VIEWS = frozenset({"_mcp_server", "_lowlevel_server", "_server"})
APPS = frozenset({"streamable_http_app", "sse_app", "http_app", "asgi_app", "connect", "serve", "start"})
NOT_SERVERS = (
    "langchain",
    "pydantic_ai",
    "agents",
    "autogen",
    "crewai",
    "llama_index",
    "smolagents",
    "agno",
    "strands",
)


def is_fast(value: Value) -> bool:
    """Say whether a class is FastMCP or derives from it."""
    return any(isinstance(each, External) and each.last in FAST for each in ancestors(value))


def is_low(value: Value) -> bool:
    """Say whether a class is the SDK's low-level `Server` or derives from it."""
    return any(
        isinstance(each, External) and each.last in {"Server", "LowLevelServer"} and each.top == "mcp"
        for each in ancestors(value)
    )


def prepare(machine: Machine, made: Instance, given: Arguments | None) -> None:
    """Give a new server its state, and do what its constructor is asked to do."""
    if made.native is None and "()" not in getattr(made.of, "path", ""):
        fast = is_fast(made.of)
        if not fast and not is_low(made.of):
            return
        machine.effects += 1
        made.native = ServerState(made, made.where, low_level=not fast, born=machine.guards)
        machine.servers.append(made.native)
    if isinstance(made.native, ServerState) and given is not None:
        _construct(machine, made.native, given)


def _construct(machine: Machine, state: ServerState, given: Arguments) -> None:
    state.lifespan = given.keywords.get("lifespan", state.lifespan)
    handler = given.keywords.get("on_list_tools")
    if handler is not None:
        state.handlers.append((handler, machine.guards))
    tools = given.keywords.get("tools")
    if tools is not None:
        register(machine, state, tools, {}, given.where)
    for provider in _each(given.keywords.get("providers")):
        state.providers.append((provider, machine.guards))


def _each(value: Value | None) -> list[Value]:
    return [item.value for item in value.items] if isinstance(value, Sequence) else []


def call_outside(machine: Machine, function: External, given: Arguments) -> Value | None:
    """Return what an SDK's function gives, or None where the call is something else."""
    last, path = function.last, function.path
    owner = path.rpartition(".")[0]
    if last in {"from_function", "from_tool"} and owner.rpartition(".")[2] in TOOL_CLASSES:
        return made_tool(machine, given)
    if last == "FunctionTool" and given.positional and is_callable(given.positional[0]):
        return made_tool(machine, given)
    if last in CONVERTERS and given.positional:
        return given.positional[0]
    if last in MAKERS and ("fastmcp" in path.lower() or owner.rpartition(".")[2] in FAST):
        return _generated(machine, function, given)
    standalone = path.startswith("fastmcp.") and owner.endswith(("tools", "fastmcp", "function_tool"))
    if last == "mcp_tool" or (last == "tool" and standalone):
        return marked_tool(given)
    if last in {"tool", "add_tool"} and _is_plausible(owner):
        state = _phantom(machine, owner, given)
        return (tool_method if last == "tool" else add_tool_method)(machine, state, given)
    return None


def _generated(machine: Machine, function: External, given: Arguments) -> Value:
    made = Instance(External("fastmcp.FastMCP"), born=machine.guards, where=given.where)
    state = ServerState(made, given.where, born=machine.guards, generated=MAKERS[function.last])
    state.document = given if function.last == "from_openapi" else None
    made.native = state
    machine.servers.append(state)
    _construct(machine, state, given)
    return made


def _is_plausible(owner: str) -> bool:
    """Say whether an unknown receiver of `.tool(…)` is likely an MCP server, going by its name."""
    return "mcp" in owner.lower() and not owner.startswith(NOT_SERVERS) and "session" not in owner.lower()


def _phantom(machine: Machine, owner: str, given: Arguments) -> ServerState:
    """Return the state of a server that is only known by name."""
    states: list[ServerState] = machine.servers
    for state in states:
        if isinstance(state.owner, External) and state.owner.path == owner:
            return state
    made = ServerState(External(owner), given.where, born=machine.guards)
    machine.servers.append(made)
    return made


def touch(machine: Machine, given: Arguments) -> None:
    """Remember that servers were handed to something outside, which may start them."""
    for value in [*given.positional, *given.keywords.values()]:
        for option in value.options if isinstance(value, Choice) else [Item(value)]:
            if isinstance(option.value, Instance) and isinstance(option.value.native, ServerState):
                option.value.native.touched.append(machine.guards)


def server_attribute(machine: Machine, value: Instance, name: str) -> Value | None:
    """Return an attribute of a server or of a made tool."""
    if isinstance(value.native, Registration):
        return tool_attribute(value.native, name)
    if not isinstance(value.native, ServerState):
        return mixin_method(value, name)
    state = value.native
    if name.startswith("run") or name in APPS:
        return Native(name, lambda inner, given: _run(inner, state))
    if name == "name":
        given = value.arguments[0] if value.arguments else value.attributes.get("name")
        return given if given is not None else unknown("a server's name")
    return _low_attribute(state, name) if state.low_level else _fast_attribute(machine, value, state, name)


def _run(machine: Machine, state: ServerState) -> Value:
    machine.effects += 1
    state.runs.append(machine.guards)
    return unknown("a running server")


def _low_attribute(state: ServerState, name: str) -> Value | None:
    if name == "list_tools":
        return Native(name, lambda machine, given: _handler_decorator(state, given))
    if name == "request_handlers":
        if state.request_handlers is None:
            state.request_handlers = Mapping()
        return state.request_handlers
    if name == "add_request_handler":
        return Native(name, lambda machine, given: _add_handler(machine, state, given))
    return None


def _handler_decorator(state: ServerState, given: Arguments) -> Value:
    def decorate(machine: Machine, again: Arguments) -> Value:
        machine.effects += 1
        target = again.positional[0] if again.positional else NONE
        state.handlers.append((target, machine.guards))
        return target

    if given.positional and isinstance(given.positional[0], Function | Bound):
        state.handlers.append((given.positional[0], ()))
        return given.positional[0]
    return Native("list_tools", decorate)


def _add_handler(machine: Machine, state: ServerState, given: Arguments) -> Value:
    if given.positional and text(given.positional[0]) == "tools/list":
        state.handlers.append((given.positional[-1], machine.guards))
    return NONE


def _fast_attribute(machine: Machine, value: Instance, state: ServerState, name: str) -> Value | None:
    if name in VIEWS:
        return value
    if name in LOW_VIEWS:
        shared = ServerState(
            value, state.where, low_level=True, born=state.born, handlers=state.handlers, runs=state.runs
        )
        shared.request_handlers = state.request_handlers = state.request_handlers or Mapping()
        return Instance(External("mcp.server.lowlevel.Server"), native=shared)
    if name in {"_tools", "tools", "_components"}:
        view = tools_by_name(state, "tool:" if name == "_components" else "")
        state.views.append((view, frozenset(view.entries)))
        return view
    methods: dict[str, Callable[[Machine, Arguments], Value]] = {
        "tool": lambda inner, given: tool_method(inner, state, given),
        "add_tool": lambda inner, given: add_tool_method(inner, state, given),
        "mount": lambda inner, given: mount_method(inner, state, given),
        "import_server": lambda inner, given: mount_method(inner, state, given),
        "add_provider": lambda inner, given: _add_provider(inner, state, given),
        "add_transform": lambda inner, given: _add_transform(state, given),
        "remove_tool": lambda inner, given: _remove(inner, state, given.get(0, "name")),
        "disable": lambda inner, given: _disable(inner, state, given),
        "get_tools": lambda inner, given: tools_by_name(state),
        "list_tools": lambda inner, given: all_tools(state),
        "_list_tools": lambda inner, given: all_tools(state),
        "get_tool": lambda inner, given: tool_named(state, given),
    }
    return Native(name, methods[name]) if name in methods else None


def _add_provider(machine: Machine, state: ServerState, given: Arguments) -> Value:
    provider = given.get(0, "provider")
    if provider is not None and is_server_like(provider):
        return mount_method(machine, state, given)
    if provider is not None:
        state.providers.append((provider, machine.guards))
    return NONE


def _add_transform(state: ServerState, given: Arguments) -> Value:
    transform = given.positional[0] if given.positional else NONE
    if isinstance(transform, Instance) and isinstance(transform.of, External) and transform.of.last == "Namespace":
        state.prefixes += transform.arguments[:1]
    return NONE


def _remove(machine: Machine, state: ServerState, name: Value | None) -> Value:
    if name is not None:
        state.removed.append((name, machine.guards))
    return NONE


def _disable(machine: Machine, state: ServerState, given: Arguments) -> Value:
    for name in _each(given.keywords.get("names")):
        _remove(machine, state, name)
    return NONE


def class_attribute(machine: Machine, value: Class, name: str) -> Value | None:
    """Return what a class that derives from an SDK's class has from it: `MyServer.from_openapi` and the like."""
    if name in MAKERS and is_fast(value):
        return External(f"fastmcp.FastMCP.{name}")
    return None
