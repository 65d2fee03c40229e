"""Servers made from an OpenAPI document that the package carries."""

import json
from collections.abc import Callable

import pytest

from crawler.extractor import Extraction

Read = Callable[..., Extraction]

DOCUMENT = {
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets__v1",
                "summary": "List pets",
                "parameters": [{"name": "limit", "schema": {"type": "integer"}}],
            },
            "post": {"operationId": "createPet"},
        },
        "/pets/{id}": {"delete": {"summary": "Remove a pet!"}},
    }
}
SOURCE = """
import json
from pathlib import Path
from fastmcp import FastMCP
from fastmcp.server.openapi import MCPType, RouteMap
document = json.loads((Path(__file__).parent / "api.json").read_text())
def only_reads(route, kind): return MCPType.TOOL if route.method == "GET" else MCPType.EXCLUDE
mcp = FastMCP.from_openapi(document, client=None{more})
def main(): mcp.run()
"""


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ("", {"listPets", "createPet", "Remove_a_pet"}),
        (", mcp_names={'createPet': 'add pet'}", {"listPets", "add_pet", "Remove_a_pet"}),
        (", route_map_fn=only_reads", {"listPets"}),
        (", route_maps=[RouteMap(methods=['DELETE'], mcp_type=MCPType.EXCLUDE)]", {"listPets", "createPet"}),
        (", route_maps=[RouteMap(pattern='^/pets$', mcp_type=MCPType.RESOURCE)]", {"Remove_a_pet"}),
    ],
)
def test_every_operation_that_is_not_left_out_is_a_tool(more: str, names: set[str], extract: Read) -> None:
    found = extract({"pkg/server.py": SOURCE.replace("{more}", more), "pkg/api.json": json.dumps(DOCUMENT)})
    assert {tool.name for tool in found.tools} == names


def test_parameters_become_the_schema(extract: Read) -> None:
    found = extract({"pkg/server.py": SOURCE.replace("{more}", ""), "pkg/api.json": json.dumps(DOCUMENT)})
    tool = next(tool for tool in found.tools if tool.name == "listPets")
    assert tool.description == "List pets"
    assert tool.input_schema == {"type": "object", "properties": {"limit": {"type": "integer"}}}


def test_a_document_from_elsewhere_is_unresolved(extract: Read) -> None:
    source = SOURCE.replace("{more}", "").replace(
        'json.loads((Path(__file__).parent / "api.json").read_text())', "httpx.get('x').json()"
    )
    found = extract("import httpx\n" + source)
    assert [note.reason for note in found.unresolved] == ["its tools are generated from an OpenAPI document"]
