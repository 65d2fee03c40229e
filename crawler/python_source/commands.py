"""Command lines: what options hold when none is given, for argparse, click, typer and their like."""

# ruff: noqa: ARG001, ARG005  # all that is modelled here takes (machine, given), whether it needs them or not

from collections.abc import Callable
from dataclasses import dataclass, field

from crawler.python_source.functions import ancestors
from crawler.python_source.guards import Guard
from crawler.python_source.machine import CallLimitReachedError, Machine
from crawler.python_source.scopes import stored
from crawler.python_source.values import (
    NONE,
    Arguments,
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
    is_callable,
    key_of,
    text,
    unknown,
)

PARSERS = frozenset({"ArgumentParser", "ArgParser"})
PROGRAMS = frozenset({"Typer", "App", "AsyncTyper", "Group", "MultiCommand", "RichGroup", "TyperGroup"})
PROGRAM_TOPS = frozenset({"typer", "cyclopts", "asyncer", "click", "rich_click"})
OPTIONS = frozenset({"option", "argument"})
OPTION_OBJECTS = frozenset({"Option", "Argument", "OptionInfo", "Parameter"})
SERVING = frozenset({"serve", "server", "run", "start", "start-mcp-server", "mcp", "stdio", "main"})
"""Names of commands that likely start the server; they are followed first."""

OTHER_COMMANDS = 8
"""Every other command may cost one part in so many of the work that is left."""

REGISTERS = frozenset({"command", "group"})


@dataclass(slots=True)
class ParserState:
    """An argparse parser, its groups and subcommands taken together: what each option holds by default."""

    options: dict[str, Value] = field(default_factory=dict)
    command: str = ""


@dataclass(slots=True)
class ProgramState:
    """A typer-like program: its commands and what runs before them."""

    commands: list[tuple[str, Value]] = field(default_factory=list)
    callbacks: list[Value] = field(default_factory=list)


def prepare(machine: Machine, made: Instance, given: Arguments | None) -> None:
    """Give a new parser or program its state."""
    if made.native is not None:
        return
    outside = [each for each in ancestors(made.of) if isinstance(each, External)]
    if any(each.last in PARSERS for each in outside):
        made.native = ParserState()
        if given is not None:
            _add_parents(made.native, given)
    elif any(each.last in PROGRAMS and each.top in PROGRAM_TOPS for each in outside):
        made.native = ProgramState()


def option_default(value: Value) -> Value:
    """Return what a parameter holds that is not given; `typer.Option("x")` means `"x"`."""
    if isinstance(value, Instance) and isinstance(value.of, External) and value.of.last in OPTION_OBJECTS:
        plain = value.attributes.get("default") or (value.arguments[0] if value.arguments else None)
        if isinstance(plain, Const) and plain.value is not ...:
            return Const(plain.value, assumed=True)
        return plain if isinstance(plain, Sequence | Mapping) else unknown("an option that must be given")
    return value


def call_outside(machine: Machine, function: External, given: Arguments) -> Value | None:
    """Return the decorator that `click.option(...)` makes, or None where the call is something else."""
    if function.last not in OPTIONS or function.top not in PROGRAM_TOPS | {function.last}:
        return None
    names = [text(value) or "" for value in given.positional]
    plain = next((name for name in names if name and not name.startswith("-")), None)
    longest = max((name.partition("/")[0] for name in names if name.startswith("--")), key=len, default="")
    parameter = (plain or longest.strip("-")).replace("-", "_").lower()
    if not parameter:
        return None
    value = _click_default(given, names, is_argument=function.last == "argument")

    def decorate(_machine: Machine, inner: Arguments) -> Value:
        target = inner.positional[0] if inner.positional else NONE
        if isinstance(target, Function):
            target.options.setdefault(parameter, value)
        return target

    return Native("click option", decorate)


def _click_default(given: Arguments, names: list[str], *, is_argument: bool) -> Value:
    default = given.keywords.get("default")
    if isinstance(default, Const):
        return Const(default.value, assumed=True)
    if default is not None:
        return default
    is_flag = given.keywords.get("is_flag")
    if (isinstance(is_flag, Const) and is_flag.value) or any("/" in name for name in names if name.startswith("--")):
        return Const(value=False, assumed=True)
    multiple = given.keywords.get("multiple")
    if isinstance(multiple, Const) and multiple.value:
        return Sequence(kind="tuple", assumed=True)
    required = given.keywords.get("required")
    needs = isinstance(required, Const) and required.value
    return unknown("an argument that must be given") if is_argument or needs else Const(None, assumed=True)


def object_attribute(machine: Machine, value: Instance, name: str) -> Value | None:
    """Return a method of a parser or of a program."""
    if isinstance(value.native, ParserState):
        return _parser_method(value, value.native, name)
    if isinstance(value.native, ProgramState):
        return _program_method(value.native, name)
    return None


def _parser_method(parser: Instance, state: ParserState, name: str) -> Value | None:
    methods: dict[str, Callable[[Machine, Arguments], Value]] = {
        "add_argument": lambda machine, given: _add_argument(state, given),
        "add_argument_group": lambda machine, given: parser,
        "add_mutually_exclusive_group": lambda machine, given: parser,
        "add_subparsers": lambda machine, given: _add_subparsers(parser, state, given),
        "add_parser": lambda machine, given: _add_parser(state, given),
        "set_defaults": lambda machine, given: _set_defaults(machine, state, given),
        "parse_args": lambda machine, given: _parsed(machine, state),
        "parse_known_args": lambda machine, given: Sequence([Item(_parsed(machine, state)), Item(Sequence())], "tuple"),
    }
    return Native(name, methods[name]) if name in methods else None


def _add_argument(state: ParserState, given: Arguments) -> Value:
    flags = [text(value) or "" for value in given.positional]
    long = next((flag for flag in flags if flag.startswith("--")), flags[0] if flags else "")
    name = text(given.keywords.get("dest")) or long.lstrip("-").replace("-", "_")
    positional = bool(flags) and not flags[0].startswith("-")
    state.options[name] = _argparse_default(given, positional=positional)
    return NONE


def _argparse_default(given: Arguments, *, positional: bool) -> Value:
    default, action = given.keywords.get("default"), text(given.keywords.get("action"))
    if isinstance(default, Const):
        return Const(default.value, assumed=True)
    if default is not None:
        return default
    if action in {"store_true", "store_false"}:
        return Const(action == "store_false", assumed=True)
    required = given.keywords.get("required")
    optional = text(given.keywords.get("nargs")) in {"?", "*"}
    if (isinstance(required, Const) and required.value) or (positional and not optional):
        return unknown("an argument that must be given")
    return Const(None, assumed=True)


def _add_subparsers(parser: Instance, state: ParserState, given: Arguments) -> Value:
    name = text(given.keywords.get("dest"))
    if name:
        state.options[name] = Const(None, assumed=True)
    return parser


def _add_parser(state: ParserState, given: Arguments) -> Value:
    _add_parents(state, given)
    below = ParserState(state.options, text(given.get(0, "name")) or "")
    return Instance(External("argparse.ArgumentParser"), native=below)


def _add_parents(state: ParserState, given: Arguments) -> None:
    parents = given.keywords.get("parents")
    for item in parents.items if isinstance(parents, Sequence) else []:
        if isinstance(item.value, Instance) and isinstance(item.value.native, ParserState):
            state.options.update(item.value.native.options)


def _set_defaults(machine: Machine, state: ParserState, given: Arguments) -> Value:
    for name, value in given.keywords.items():
        held = command_guard(state.command)
        guards = (*machine.guards, held) if state.command else machine.guards
        old = state.options.get(name, Const(None, assumed=True))
        state.options[name] = stored(old, value, guards, machine.guards)
    return NONE


def command_guard(name: str) -> Guard:
    """Return the guard of what only one command of a program does."""
    return Guard(("command", name), holds=True, shown=f"the command {name} is given", kind="command", unlikely=True)


def _parsed(machine: Machine, state: ParserState) -> Value:
    return Instance(External("argparse.Namespace"), dict(state.options), born=machine.guards)


def _program_method(state: ProgramState, name: str) -> Value | None:
    if name in REGISTERS:
        return Native(name, lambda machine, given: _register(state.commands, given))
    if name in {"callback", "default"}:
        return Native(name, lambda machine, given: _callback(state, given))
    if name in {"add_typer", "add_command"}:
        return Native(name, lambda machine, given: _add_command(state.commands, given))
    if name in {"__call__", "meta", "main"}:
        return Native(name, lambda machine, given: _run_program(machine, state, given))
    return None


def _register(commands: list[tuple[str, Value]], given: Arguments) -> Value:
    """Do `@app.command`, with or without a call."""
    first = given.positional[0] if given.positional else None

    def decorate(name: str | None, target: Value) -> Value:
        commands.append((name or getattr(target, "name", "").replace("_", "-"), target))
        return target

    if first is not None and is_callable(first):
        return decorate(None, first)
    return Native("command", lambda machine, inner: decorate(text(given.get(0, "name")), inner.positional[0]))


def _callback(state: ProgramState, given: Arguments) -> Value:
    def decorate(target: Value) -> Value:
        state.callbacks.append(target)
        return target

    if given.positional and is_callable(given.positional[0]):
        return decorate(given.positional[0])
    return Native("callback", lambda machine, inner: decorate(inner.positional[0]))


def _add_command(commands: list[tuple[str, Value]], given: Arguments) -> Value:
    if given.positional:
        name = text(given.get(1, "name")) or str(getattr(given.positional[0], "name", ""))
        commands.append((name, given.positional[0]))
    return NONE


def _run_program(machine: Machine, state: ProgramState, given: Arguments) -> Value:
    for callback in state.callbacks:
        machine.call(callback, Arguments([], {}, given.node, given.where))
    run_commands(machine, state.commands, given, alone=not state.callbacks)
    return NONE


def run_commands(machine: Machine, known: list[tuple[str, Value]], given: Arguments, *, alone: bool) -> None:
    """Follow every command of a program, each under the guard that it is given; the only one needs no name."""
    limit = machine.limit
    for name, target in sorted(known, key=lambda command: command[0] not in SERVING):
        held = () if alone and len(known) == 1 else (command_guard(name),)
        if name not in SERVING and len(known) > 1:
            started = any(server.runs for server in machine.servers)
            machine.limit = machine.steps + (limit - machine.steps) // (OTHER_COMMANDS * (8 if started else 1))
        try:
            with machine.under(*held):
                machine.call(target, Arguments([], {}, given.node, given.where))
        except CallLimitReachedError:
            if machine.steps > limit:
                raise
        finally:
            machine.limit = limit


def function_attribute(machine: Machine, value: Function, name: str) -> Value | None:
    """Return what makes a click group of a function: `@group.command()` and the like."""
    if name in REGISTERS:
        return Native(name, lambda inner, given: _register(value.commands, given))
    if name == "add_command":
        return Native(name, lambda inner, given: _add_command(value.commands, given))
    if name in {"main", "__call__"}:
        return Native(name, lambda inner, given: inner.call(value, Arguments([], {}, given.node, given.where)))
    return None


def names_of(value: Value) -> Mapping | None:
    """Return what `vars(value)` gives for parsed arguments and other objects."""
    if isinstance(value, Instance):
        return Mapping({key_of(Const(name)): Entry(Const(name), each) for name, each in value.attributes.items()})
    if isinstance(value, Class):
        return Mapping({key_of(Const(name)): Entry(Const(name), each) for name, each in value.scope.names.items()})
    return None
