"""Options of a program's command line, as commander, yargs, cac, meow and `util.parseArgs` declare them."""

import re
from typing import TYPE_CHECKING, Final

from crawler.javascript_source.iteration import entries
from crawler.javascript_source.native import argument
from crawler.javascript_source.truth import usual
from crawler.javascript_source.values import UNDEFINED, ArrayValue, ObjectValue, Opaque, Value

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

DECLARERS: Final = frozenset({"option", "requiredOption", "options", "parseArgs", "positional", "meow", "addOption"})
LIBRARIES: Final = frozenset(
    {"commander", "yargs", "yargs/yargs", "cac", "sade", "citty", "meow", "@commander-js/extra-typings"}
)
DEFAULT_POSITION: Final = 2
CALLBACK_ARGUMENTS: Final = 4
FLAG: Final = re.compile(r"--(no-)?([A-Za-z][\w-]*)")
FLAG_LENGTH: Final = 200


def root_of(value: Opaque) -> Opaque:
    """Return the object that a chain of calls started from."""
    while value.parent is not None and (value.parent.name or value.parent.made):
        value = value.parent
    return value


def options_of(value: Opaque) -> dict[str, Value] | None:
    """Return the options declared on the object that a chain of calls started from."""
    return root_of(value).options


def note_options(machine: "Machine", callee: Opaque, arguments: ArrayValue) -> None:
    """Remember the options that a call declares, each with its default."""
    if callee.name not in DECLARERS:
        return
    first = usual(argument(arguments, 0))
    found: dict[str, Value] = {}
    if isinstance(first, str):
        found = one_option(machine, first[:FLAG_LENGTH], arguments)
    elif isinstance(first, ObjectValue):
        inner = machine.get(first, "options")
        source = inner if isinstance(inner, ObjectValue) else first
        for name, value, _path in entries(machine, source):
            if isinstance(value, ObjectValue):
                found[name] = machine.get(value, "default")
    root = root_of(callee)
    root.options = root.options if root.options is not None else {}
    root.options.update({**found, **{camel(name): value for name, value in found.items()}})


def one_option(machine: "Machine", flags: str, arguments: ArrayValue) -> dict[str, Value]:
    """Return the option that `.option("-r, --read-only", text, default)` or `.option("readOnly", {…})` declares."""
    details = usual(argument(arguments, 1))
    if isinstance(details, ObjectValue):
        return {flags: machine.get(details, "default")}
    flag = FLAG.search(flags)
    if flag is None:
        return {}
    default = (
        usual(argument(arguments, len(arguments.items) - 1)) if len(arguments.items) > DEFAULT_POSITION else UNDEFINED
    )
    if isinstance(default, ObjectValue):
        default = machine.get(default, "default")
    return {flag.group(2): True if flag.group(1) and default is UNDEFINED else default}


def camel(name: str) -> str:
    """Return an option's name as a property: `read-only` is `readOnly`."""
    head, *rest = name.split("-")
    return head + "".join(word[:1].upper() + word[1:] for word in rest)


def given_to_callbacks(callee: Opaque) -> list[Value]:
    """Return what a command's action is called with: anything, but the declared options are known."""
    root = root_of(callee)
    if root.options is None and root.module not in LIBRARIES:
        return []
    root.options = root.options if root.options is not None else {}
    return [Opaque("options", root.module, None, options=root.options) for _position in range(CALLBACK_ARGUMENTS)]
