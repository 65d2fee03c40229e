"""Packages outside of the tree whose working is known here."""

from typing import TYPE_CHECKING, Final

from crawler.javascript_source import node_library, zod_types
from crawler.javascript_source.compilers import TSLIB
from crawler.javascript_source.values import ArrayValue, NativeFunction, ObjectValue, Opaque, Value

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

ZOD: Final = frozenset(
    {"zod", "zod/v3", "zod/v4", "zod/mini", "zod/v4-mini", "zod/v4/mini", "zod/v4/core", "@hono/zod-openapi"}
)
JSON_SCHEMA_WRITERS: Final = frozenset({"zod-to-json-schema", "@alcyone-labs/zod-to-json-schema"})


def known_package(specifier: str, machine: "Machine", importer: str) -> Value:
    """Return a well-known package, or None for any other."""
    name = specifier.removeprefix("node:")
    if name in ZOD:
        return machine.zod
    if name in JSON_SCHEMA_WRITERS:
        writer = NativeFunction("zodToJsonSchema", zod_types.written)
        return ObjectValue({"zodToJsonSchema": writer, "default": writer})
    if name == "module":
        return module_package(machine, importer)
    if name == "process":
        return machine.globals["process"]
    if name == "tslib":
        return ObjectValue({**TSLIB}, open=True)
    properties = LIBRARY.get(name)
    return None if properties is None else with_default(properties, name)


def with_default(properties: dict[str, Value], name: str) -> ObjectValue:
    """Make a package whose default export is itself; what is not known of it is outside."""
    made = ObjectValue(dict(properties), prototype=Opaque(module=name))
    made.properties["default"] = made
    for inner in ("posix", "promises"):
        made.properties[inner] = made
    return made


def module_package(machine: "Machine", importer: str) -> Value:
    """Return Node's `module`, whose `createRequire` reads the tree."""
    module = machine.loader.modules[importer]

    def create(inner: "Machine", _this: Value, arguments: ArrayValue) -> Value:
        del arguments
        return inner.loader.requirer(module)

    return ObjectValue({"createRequire": NativeFunction("createRequire", create)}, prototype=Opaque(module="module"))


LIBRARY: Final = {
    "path": node_library.PATH,
    "path/posix": node_library.PATH,
    "fs": node_library.FILES,
    "fs/promises": node_library.FILES,
    "fs-extra": node_library.FILES,
    "url": node_library.URLS,
    "os": node_library.SYSTEM,
}
