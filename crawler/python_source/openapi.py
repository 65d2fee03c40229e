"""Servers made from an OpenAPI document of the package: an operation a tool, as fastmcp names and filters them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import re2

from crawler.python_source.iteration import elements
from crawler.python_source.machine import Machine
from crawler.python_source.schemas import to_json
from crawler.python_source.subscripts import element
from crawler.python_source.values import Arguments, Const, External, Instance, Mapping, Value, text

METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
NAME_LENGTH = 56
SEPARATORS, OTHERS, SEVERAL = re.compile(r"[\s\-.]+"), re.compile(r"[^a-zA-Z0-9_]"), re.compile(r"_+")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document that becomes a tool."""

    name: str
    description: str | None
    schema: dict[str, Any]


def operations(machine: Machine, given: Arguments) -> list[Operation] | None:
    """Return the tools that `from_openapi(document, …)` makes, or None where the document is not known."""
    document = given.get(0, "openapi_spec")
    paths = element(machine, document, Const("paths")) if isinstance(document, Mapping) else None
    if not isinstance(paths, Mapping) or paths.rest:
        return None
    found: list[Operation] = []
    used: dict[str, int] = {}
    for path, method, value in _routes(machine, paths):
        route = _route(path, method, value)
        if _is_left_out(machine, given, route):
            continue
        name = _name(machine, given, route)
        used[name] = used.get(name, 0) + 1
        unique = name if used[name] == 1 else f"{name}_{used[name]}"
        described = text(route.attributes["description"]) or text(route.attributes["summary"])
        found.append(Operation(unique, described, _schema(value)))
    return found


def _routes(machine: Machine, paths: Mapping) -> Iterator[tuple[str, str, Mapping]]:
    for entry in paths.entries.values():
        path = text(entry.key)
        for method in METHODS if isinstance(entry.value, Mapping) and path else ():
            value = element(machine, entry.value, Const(method))
            if isinstance(value, Mapping) and path:
                machine.spend()
                yield path, method.upper(), value


def _route(path: str, method: str, value: Mapping) -> Instance:
    known = {text(entry.key): entry.value for entry in value.entries.values()}
    attributes = {name: known.get(key, Const(None)) for name, key in (("operation_id", "operationId"), ("summary",) * 2,
                                                                      ("description",) * 2, ("tags",) * 2)}  # fmt: skip
    return Instance(External("fastmcp.HTTPRoute"), {**attributes, "path": Const(path), "method": Const(method)})


def _is_left_out(machine: Machine, given: Arguments, route: Instance) -> bool:
    kind = _mapped_kind(machine, given, route)
    decide = given.keywords.get("route_map_fn")
    if decide is not None:
        decided = machine.call_with(decide, route, External(f"fastmcp.MCPType.{kind}"), node=ast.Pass())
        kind = decided.last if isinstance(decided, External) and "MCPType" in decided.path else kind
    return kind != "TOOL"


def _mapped_kind(machine: Machine, given: Arguments, route: Instance) -> str:
    """Return what the first fitting route map makes of a route; a route that none fits becomes a tool."""
    maps = given.keywords.get("route_maps")
    for item in elements(machine, maps).items if maps is not None else ():
        fields = item.value.attributes if isinstance(item.value, Instance) else {}
        kind = fields.get("mcp_type")
        if isinstance(kind, External) and _fits(fields, route):
            return kind.last
    return "TOOL"


def _fits(fields: dict[str, Value], route: Instance) -> bool:
    methods, pattern = to_json(fields.get("methods", Const("*"))), text(fields.get("pattern", Const(".*")))
    tags = to_json(fields.get("tags", Const(None)))
    if methods != "*" and (not isinstance(methods, list) or text(route.attributes["method"]) not in methods):
        return False
    if isinstance(tags, list) and not set(tags) <= set(to_json(route.attributes["tags"]) or ()):
        return False
    try:
        return pattern is not None and re2.search(pattern, text(route.attributes["path"]) or "") is not None
    except re2.error:
        return False


def _name(machine: Machine, given: Arguments, route: Instance) -> str:
    names = given.keywords.get("mcp_names")
    operation, summary = text(route.attributes["operation_id"]), text(route.attributes["summary"])
    plain = f"{text(route.attributes['method'])}_{text(route.attributes['path'])}"
    if operation:
        listed = text(element(machine, names, Const(operation))) if isinstance(names, Mapping) else None
        chosen = listed or operation.split("__")[0]
    else:
        chosen = summary or plain
    return (_slug(chosen) or _slug(plain))[:NAME_LENGTH]


def _slug(name: str) -> str:
    return SEVERAL.sub("_", OTHERS.sub("", SEPARATORS.sub("_", name))).strip("_")


def _schema(value: Mapping) -> dict[str, Any]:
    """Return the parameters of an operation and the fields of its body as one schema."""
    plain = to_json(value)
    properties: dict[str, Any] = {}
    required: list[str] = []
    parameters = plain.get("parameters") if isinstance(plain, dict) else None
    for parameter in parameters if isinstance(parameters, list) else ():
        if isinstance(parameter, dict) and isinstance(name := parameter.get("name"), str):
            schema = parameter.get("schema")
            described = {"description": parameter["description"]} if "description" in parameter else {}
            properties[name] = {**(schema if isinstance(schema, dict) else {}), **described}
            required += [name] if parameter.get("required") else []
    made: dict[str, Any] = {"type": "object", "properties": properties}
    return {**made, "required": required} if required else made
