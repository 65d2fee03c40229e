"""Functions that compilers and bundlers add to their output, known by their names."""

import re
from typing import TYPE_CHECKING, Final

from tree_sitter import Node

from crawler.javascript_source.iteration import collected, entries
from crawler.javascript_source.native import argument
from crawler.javascript_source.operators import to_text
from crawler.javascript_source.truth import truth, usual
from crawler.javascript_source.values import (
    UNDEFINED,
    Accessor,
    ArrayValue,
    FunctionValue,
    Namespace,
    NativeFunction,
    ObjectValue,
    Opaque,
    Value,
)

STARTER_LENGTH: Final = 300
STARTS_ONCE: Final = re.compile(rb"\(\w+\s*=\s*0\)")
STARTS_COMMONJS: Final = re.compile(rb"\{\s*exports:\s*\{\s*\}\s*\}")

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine


def starts_bundled_module(node: Node) -> bool:
    """Say whether a function is one of those small ones with which a bundle runs a module inside it, once."""
    if node.end_byte - node.start_byte > STARTER_LENGTH:
        return False
    text = node.text or b""
    return (b"&&" in text and STARTS_ONCE.search(text) is not None) or STARTS_COMMONJS.search(text) is not None


def awaiter(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `__awaiter`: an async function compiled to a generator, whose `yield` awaits."""
    body = argument(arguments, 3)
    if not isinstance(body, FunctionValue):
        return Opaque("__awaiter")
    body.properties = {"%awaits": True}
    given = argument(arguments, 1)
    return machine.call(body, argument(arguments, 0), given if isinstance(given, ArrayValue) else ArrayValue())


def import_default(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `__importDefault`."""
    module = argument(arguments, 0)
    if isinstance(module, Opaque | Namespace) or truth(machine.get(module, "__esModule")).certain:
        return module
    return ObjectValue({"default": module})


def import_star(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `__importStar` and `__toESM`."""
    module = argument(arguments, 0)
    if isinstance(module, Opaque | Namespace) or truth(machine.get(module, "__esModule")).certain:
        return module
    return ObjectValue({"default": module}, prototype=module if isinstance(module, ObjectValue) else None)


def export_star(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `__exportStar`: each export is read anew, since modules may depend on each other in a circle."""
    source, target = argument(arguments, 0), argument(arguments, 1)
    for key, _value, _path in entries(machine, source):
        if key != "default" and isinstance(target, ObjectValue):
            getter = NativeFunction(key, lambda m, _this, _given, key=key: m.get(source, key))  # type: ignore[misc]
            target.properties.setdefault(key, Accessor(getter))
    if isinstance(source, Opaque) and isinstance(target, ObjectValue):
        target.prototype = source
    return UNDEFINED


def decorate(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `__decorate`."""
    target, key = argument(arguments, 1), argument(arguments, 2)
    for decorator, _path in machine.items(argument(arguments, 0)):
        machine.call(decorator, UNDEFINED, ArrayValue([target] if key is UNDEFINED else [target, key]))
    return target


def public_field(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `__publicField`."""
    key = usual(argument(arguments, 1))
    if not isinstance(key, Opaque):
        machine.put(argument(arguments, 0), to_text(key), argument(arguments, 2))
    return argument(arguments, 2)


def spread_array(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `__spreadArray`."""
    return collected(
        [*machine.items(argument(arguments, 0)), *machine.items(argument(arguments, 1))], path=machine.path
    )


def named(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `__name`, with which esbuild keeps a function's name."""
    function, name = argument(arguments, 0), argument(arguments, 1)
    if isinstance(function, FunctionValue) and isinstance(name, str):
        function.name = name
    return function


def same(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer with the first argument."""
    return argument(arguments, 0)


COMPILER_FUNCTIONS: Final = {
    name: NativeFunction(name, run)
    for name, run in {
        "__awaiter": awaiter,
        "__importDefault": import_default,
        "_interopRequireDefault": import_default,
        "_interop_require_default": import_default,
        "__importStar": import_star,
        "_interopRequireWildcard": import_star,
        "_interop_require_wildcard": import_star,
        "__toESM": import_star,
        "__toCommonJS": same,
        "__exportStar": export_star,
        "__decorate": decorate,
        "__decorateClass": decorate,
        "__publicField": public_field,
        "__spreadArray": spread_array,
        "__name": named,
        "__metadata": lambda _m, _this, _given: Opaque("__metadata"),
        "__param": lambda _m, _this, _given: Opaque("__param"),
    }.items()
}
TSLIB: Final[dict[str, Value]] = dict(COMPILER_FUNCTIONS)
