"""Source for a newer Python is rewritten so that every version can parse it."""

import ast
from collections.abc import Callable

import pytest

from crawler.python_source.newer_syntax import rewritten

Served = Callable[..., dict[str, str | None]]

PAIRS = {
    "def f[T](x: T) -> T: ...": "def f(x: T) -> T: ...",
    "async def f[T: (int, str)](x): ...": "async def f(x): ...",
    "class Box[T](Base): ...": "class Box(Base): ...",
    "type Name = str | int": "Name = str | int",
    "type Pair[T] = tuple[T, T]": "Pair = tuple[T, T]",
    "try: ...\nexcept KeyError, ValueError: ...": "try: ...\nexcept (KeyError, ValueError): ...",
    "f'{a['b']}'": 'f"""{a[\'b\']}"""',
    'f"{", ".join(x)} {{}}"': 'f"""{", ".join(x)} {{}}"""',
    "t'{a}'": "f'{a}'",
    "f'{\"\\n\".join(x)}'": 'f"""{_}"""',
    "x = 'def f[T](y): ...'  # f'{a['b']}'": "x = 'def f[T](y): ...'  # f'{a['b']}'",
    "f'{a:>{width}}'": "f'{a:>{width}}'",
}


@pytest.mark.parametrize(("newer", "older"), PAIRS.items())
def test_newer_syntax_becomes_older(newer: str, older: str) -> None:
    assert rewritten(newer) == older
    ast.parse(older)


def test_the_lines_stay_where_they_are() -> None:
    source = "def f[\n    T,\n](x): ...\ny = f'{\n    a['b']\n}'\nz = 1\n"
    tree = ast.parse(rewritten(source))
    assert [statement.lineno for statement in tree.body] == [1, 4, 7]


def test_tools_of_a_package_for_a_newer_python_are_found(served: Served) -> None:
    source = """
from fastmcp import FastMCP
mcp = FastMCP("demo")
KEYS = {"a": "list"}
def typed[T](fn: T) -> T: return fn
@mcp.tool(name=f"{KEYS["a"]}_all")
@typed
def f(): ...
def main():
    try: mcp.run()
    except KeyError, ValueError: ...
"""
    assert served(source) == {"list_all": None}
