"""A repository's servers: which folders they are in, and what each may import around it."""

import json

import pytest

from crawler import extraction, nested
from crawler.source_tree import SourceTree

SERVER = """
import {{ McpServer }} from "@modelcontextprotocol/sdk/server/mcp.js";
import {{ name }} from "{source}";
new McpServer({{ name: "demo", version: "1" }}).tool(name, () => 1);
"""
NAME = 'export const name = "greet";'


def manifest(name: str, **more: object) -> str:
    return json.dumps({"name": name, "dependencies": {"@modelcontextprotocol/sdk": "1"}, **more})


def found(files: dict[str, str], starts: tuple[str, ...] = ()) -> dict[str, str | None]:
    tree = SourceTree(files, entry_points=starts)
    return {tool.name: tool.conditional for tool in extraction.extract(tree).tools}


LAYOUTS = {
    "a folder of a workspace that shares its dependencies": {
        "package.json": manifest("all", private=True, workspaces=["packages/*"]),
        "packages/server/package.json": manifest("server"),
        "packages/server/src/index.ts": SERVER.format(source="./name.js"),
        "packages/server/src/name.ts": NAME,
        "scripts/make.ts": SERVER.format(source="./other.js"),
    },
    "a folder of a workspace": {
        "package.json": '{"private": true, "workspaces": ["packages/*"]}',
        "packages/server/package.json": manifest("server"),
        "packages/server/src/index.ts": SERVER.format(source="./name.js"),
        "packages/server/src/name.ts": NAME,
    },
    "what lies beside it": {
        "server/package.json": manifest("server"),
        "server/src/index.ts": SERVER.format(source="../../shared/name.js"),
        "shared/name.ts": NAME,
    },
    "another package of the workspace, never compiled": {
        "apps/mcp/package.json": manifest("mcp", dependencies={"@modelcontextprotocol/sdk": "1", "@demo/names": "*"}),
        "apps/mcp/src/index.ts": SERVER.format(source="@demo/names"),
        "packages/names/package.json": '{"name": "@demo/names", "main": "dist/index.js"}',
        "packages/names/src/index.ts": NAME,
    },
    "a program that was never compiled": {
        "package.json": manifest("server", bin={"server": "dist/main.js"}),
        "src/main.ts": SERVER.format(source="./name.js"),
        "src/name.ts": NAME,
    },
    "a start in the scripts": {
        "package.json": manifest("server", scripts={"start": "tsx app/begin.ts"}),
        "app/begin.ts": SERVER.format(source="./name.js"),
        "app/name.ts": NAME,
    },
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_server_is_found_wherever_its_repository_keeps_it(layout: str) -> None:
    files = LAYOUTS[layout]
    assert found(files, nested.rooted(files, "").entry_points) == {"greet": None}


PYTHON = """
from fastmcp import FastMCP
mcp = FastMCP("demo")

@mcp.tool
def {name}() -> str: ...
"""

PYTHON_LAYOUTS = {
    "no packaging at all": {"server.py": PYTHON},
    "a folder with requirements": {
        "backend/requirements.txt": "fastmcp>=2\n",
        "backend/server.py": PYTHON,
        "README.md": "",
    },
    "sources below src": {
        "pyproject.toml": '[project]\ndependencies = ["fastmcp"]\n[project.scripts]\ndemo = "demo.main:mcp"\n',
        "src/demo/main.py": PYTHON,
        "src/demo/__init__.py": "",
    },
}


@pytest.mark.parametrize("layout", PYTHON_LAYOUTS)
def test_a_python_server_is_found_with_any_packaging(layout: str) -> None:
    files = {path: text.format(name="greet") for path, text in PYTHON_LAYOUTS[layout].items()}
    assert found(files) == {"greet": None}


def test_of_several_servers_the_likeliest_is_meant_and_the_others_are_told_apart() -> None:
    files = {
        "package.json": '{"private": true}',
        "tools/extra/pyproject.toml": '[project]\ndependencies = ["mcp"]\n',
        "tools/extra/server.py": PYTHON.format(name="other"),
        "mcp-server/pyproject.toml": '[project]\ndependencies = ["mcp>=1"]\n',
        "mcp-server/server.py": PYTHON.format(name="meant"),
        "examples/one/pyproject.toml": '[project]\ndependencies = ["mcp"]\n',
        "examples/one/server.py": PYTHON.format(name="example"),
    }
    assert found(files) == {"meant": None, "other": "the server in tools/extra is the one that is meant"}
    assert [tool.where for tool in extraction.extract(SourceTree(files)).tools] == [
        "mcp-server/server.py:6",
        "tools/extra/server.py:6",
    ]


def test_a_package_that_says_what_it_starts_is_one_whatever_else_it_holds() -> None:
    files = {"template/package.json": manifest("template"), "dist/index.js": ""}
    assert nested.parts(SourceTree(files, entry_points=("dist/index.js",))) == []


def test_what_lies_around_a_folder_is_no_part_of_its_server() -> None:
    files = {
        "server/pyproject.toml": '[project]\ndependencies = ["mcp"]\n',
        "server/server.py": PYTHON.format(name="greet"),
        "other/server.py": PYTHON.format(name="elsewhere"),
        "other/main.go": 'package main\nfunc main() { s.AddTool(mcp.NewTool("elsewhere"), nil) }',
    }
    assert {tool.name for tool in extraction.extract(nested.rooted(files, "server")).tools} == {"greet"}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"name": 3}', '{"name": "../../etc"}'])
def test_a_manifest_that_is_none_names_no_package(text: str) -> None:
    files = {"a/package.json": manifest("a"), "b/package.json": text, "b/index.js": "", "a/index.js": ""}
    assert not any(path.startswith("node_modules/") for path in nested.rooted(files, "a").files)
