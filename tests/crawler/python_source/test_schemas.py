"""Functions and types into JSON schemas."""

from collections.abc import Callable

import pytest

from crawler.extractor import Extraction

Read = Callable[..., Extraction]

SOURCE = """
from __future__ import annotations
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal, Optional, TypedDict, Union
from fastmcp import Context, FastMCP
from fastmcp.dependencies import Depends
from pydantic import BaseModel, Field
mcp = FastMCP("demo")
LIMIT = 10
class Colour(str, Enum):
    RED = "red"
    BLUE = "blue"
class Point(BaseModel):
    x: int = Field(description="across", ge=0)
    y: int = 0
class Options(TypedDict):
    deep: bool
@dataclass
class Range:
    low: float
    high: float = 1.0
@mcp.tool
def f({parameters}): ...
def main(): mcp.run()
"""

TYPES = {
    "a: str": {"type": "string"},
    "a: int": {"type": "integer"},
    "a: list[str]": {"type": "array", "items": {"type": "string"}},
    "a: dict[str, int]": {"type": "object", "additionalProperties": {"type": "integer"}},
    "a: Any": {},
    "a": {},
    "a: Union[int, str]": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
    "a: Literal['x', 'y']": {"enum": ["x", "y"], "type": "string"},
    "a: Colour": {"enum": ["red", "blue"], "type": "string"},
    "a: 'int'": {"type": "integer"},
    "a: Annotated[int, Field(description='how many', ge=1, le=LIMIT)]": {
        "type": "integer",
        "description": "how many",
        "minimum": 1,
        "maximum": 10,
    },
    "a: Annotated[str, 'who']": {"type": "string", "description": "who"},
    "a: Annotated[str, Field(pattern='^x', max_length=3)]": {"type": "string", "pattern": "^x", "maxLength": 3},
    "a: Point": {
        "type": "object",
        "properties": {
            "x": {"type": "integer", "description": "across", "minimum": 0},
            "y": {"type": "integer", "default": 0},
        },
        "required": ["x"],
    },
    "a: Options": {"type": "object", "properties": {"deep": {"type": "boolean"}}, "required": ["deep"]},
    "a: list[Range]": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"low": {"type": "number"}, "high": {"type": "number", "default": 1.0}},
            "required": ["low"],
        },
    },
}


def schema(extract: Read, parameters: str) -> dict[str, object] | None:
    return extract(SOURCE.replace("{parameters}", parameters)).tools[0].input_schema


@pytest.mark.parametrize(("parameter", "expected"), TYPES.items(), ids=TYPES)
def test_a_type_becomes_a_schema(parameter: str, expected: dict[str, object], extract: Read) -> None:
    assert schema(extract, parameter) == {"type": "object", "properties": {"a": expected}, "required": ["a"]}


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        ("a: int = LIMIT", {"type": "integer", "default": 10}),
        ("a: str | None = None", {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}),
        ("a: Optional[int] = None", {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None}),
        ("a: Colour = Colour.RED", {"enum": ["red", "blue"], "type": "string", "default": "red"}),
        ("a: int = Field(default=3, description='n')", {"type": "integer", "default": 3, "description": "n"}),
        ("a: Annotated[int, Field(default=3)]", {"type": "integer", "default": 3}),
        ("a: list = Field(default_factory=list)", {"type": "array"}),
    ],
)
def test_a_default_makes_a_parameter_optional(parameter: str, expected: dict[str, object], extract: Read) -> None:
    assert schema(extract, parameter) == {"type": "object", "properties": {"a": expected}}


@pytest.mark.parametrize(
    "parameters",
    [
        "ctx: Context",
        "ctx: Context | None = None",
        "*args",
        "**kwargs",
        "db=Depends(main)",
        "db: Annotated[int, Depends(main)]",
    ],
)
def test_what_the_server_fills_in_is_left_out(parameters: str, extract: Read) -> None:
    assert schema(extract, parameters) == {"type": "object", "properties": {}}


def test_a_wrapped_function_keeps_its_signature_and_a_bound_method_loses_self(extract: Read) -> None:
    source = """
import functools
from fastmcp import FastMCP
mcp = FastMCP("demo")
def logged(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs): return fn(*args, **kwargs)
    return wrapper
class Tools:
    @logged
    def find(self, query: str):
        '''Find something.

            Indented more.
        '''
def main():
    mcp.tool(Tools().find)
    mcp.run()
"""
    (tool,) = extract(source).tools
    assert tool.input_schema == {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}
    assert tool.description == "Find something.\n\nIndented more."
    assert tool.where == "pkg/server.py:11"


def test_literal_schemas_are_taken_as_they_are(extract: Read) -> None:
    source = """
from mcp.server import Server
from mcp.types import Tool, ToolAnnotations
from pydantic import BaseModel
server = Server("demo")
PATH = {"type": "string", "description": "where"}
class Query(BaseModel):
    sql: str
@server.list_tools()
async def tools():
    return [
        Tool(name="a", title="A", description="first " + "one",
             inputSchema={"type": "object", "properties": {"p": PATH}}, annotations=ToolAnnotations(readOnlyHint=True)),
        Tool(name="b", description=Query.__name__, inputSchema=Query.model_json_schema()),
    ]
async def main(): await server.run()
"""
    first, second = extract(source).tools
    assert (first.title, first.description, first.annotations) == ("A", "first one", {"readOnlyHint": True})
    assert first.input_schema == {"type": "object", "properties": {"p": {"type": "string", "description": "where"}}}
    assert second.input_schema == {"type": "object", "properties": {"sql": {"type": "string"}}, "required": ["sql"]}


@pytest.mark.parametrize(("wanted", "told"), [("fastmcp>=2.3", "Adds."), ("fastmcp<3", "Adds.\n\nArgs:\n    a: one")])
def test_newer_fastmcp_tells_only_the_free_text_of_a_docstring(extract: Read, wanted: str, told: str) -> None:
    source = """
from fastmcp import FastMCP
mcp = FastMCP("a")

@mcp.tool
def add(a: int):
    '''Adds.

    Args:
        a: one
    '''

def main(): mcp.run()
"""
    found = extract({"pkg/server.py": source, "pkg-1.dist-info/METADATA": f"Name: pkg\nRequires-Dist: {wanted}\n"})
    assert [tool.description for tool in found.tools] == [told]
