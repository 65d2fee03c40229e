"""Which tools are there by default, and what the others depend on."""

from collections.abc import Callable

import pytest

Served = Callable[..., dict[str, str | None]]

SOURCE = """
import argparse, os, sys
from dataclasses import dataclass
from fastmcp import FastMCP
from pydantic_settings import BaseSettings
mcp = FastMCP("demo")
{before}
def add(): ...
def main():
    {body}
    mcp.run()
"""

DEFAULTS = {
    "an option that is off": (
        (
            "parser = argparse.ArgumentParser()\n    parser.add_argument('--write', action='store_true')\n"
            "    args = parser.parse_args()\n    if args.write:\n        mcp.tool(add)"
        ),
        "args.write",
    ),
    "an option that is on": (
        (
            "parser = argparse.ArgumentParser()\n    parser.add_argument('--mode', default='full')\n"
            "    if parser.parse_args().mode == 'full':\n        mcp.tool(add)"
        ),
        None,
    ),
    "a variable that is not set": ("if os.getenv('WRITE'):\n        mcp.tool(add)", "os.getenv('WRITE')"),
    "a variable whose default says yes": (
        "if os.environ.get('WRITE', 'true').lower() in ('1', 'true'):\n        mcp.tool(add)",
        None,
    ),
    "a variable that must not be set": ("if not os.getenv('READ_ONLY'):\n        mcp.tool(add)", None),
    "a way out before": ("if os.getenv('READ_ONLY'):\n        return\n    mcp.tool(add)", None),
    "a failure before": ("if not os.getenv('KEY'):\n        sys.exit(1)\n    mcp.tool(add)", None),
    "a context variable that nobody sets": (
        "import contextvars\n    v = contextvars.ContextVar('w', default=1)\n    if v.get():\n        mcp.tool(add)",
        None,
    ),
    "another system": ("if sys.platform == 'win32':\n        mcp.tool(add)", "sys.platform == 'win32'"),
    "something unknown": ("import x\n    if x.licensed():\n        mcp.tool(add)", "x.licensed()"),
    "the other way of something unknown": (
        "import x\n    if x.licensed():\n        pass\n    else:\n        mcp.tool(add)",
        "not x.licensed()",
    ),
    "both ways of something unknown": (
        "import x\n    if x.licensed():\n        mcp.tool(add)\n    mcp.tool(add)",
        None,
    ),
    "one of two": ("import x\n    if x.a() and x.b():\n        mcp.tool(add)", "x.a() and x.b()"),
    "a match": (
        "match os.getenv('M', 'all'):\n        case 'few': ...\n        case 'all':\n            mcp.tool(add)",
        None,
    ),
    "a switch in the registration": ("mcp.tool(add, enabled=False)", "it is enabled, which it is not by default"),
}


@pytest.mark.parametrize(("body", "condition"), DEFAULTS.values(), ids=DEFAULTS)
def test_the_default_is_decided_where_it_can_be(body: str, condition: str | None, served: Served) -> None:
    assert served(SOURCE.format(before="", body=body)) == {"add": condition}


@pytest.mark.parametrize(
    ("settings", "condition"),
    [
        ("class Settings(BaseSettings):\n    write: bool = True", None),
        ("class Settings(BaseSettings):\n    write: bool = False", "settings.write"),
        ("@dataclass\nclass Settings:\n    write: bool = os.getenv('W', 'yes') == 'yes'", None),
        ("class Settings:\n    @property\n    def write(self): return os.getenv('W') is not None", "settings.write"),
    ],
)
def test_settings_hold_their_defaults(settings: str, condition: str | None, served: Served) -> None:
    before = f"{settings}\nsettings = Settings()"
    assert served(SOURCE.format(before=before, body="if settings.write:\n        mcp.tool(add)")) == {"add": condition}


def test_an_option_of_click_holds_its_default(served: Served) -> None:
    source = """
import click
from fastmcp import FastMCP
mcp = FastMCP("demo")
def read(): ...
def write(): ...
@click.command()
@click.option("--allow-write/--read-only", "allow_write", default=False)
@click.option("--verbose", is_flag=True)
def main(allow_write, verbose):
    mcp.tool(read)
    if allow_write:
        mcp.tool(write)
    mcp.run()
"""
    assert served(source) == {"read": None, "write": "allow_write"}


def test_only_one_command_of_several_is_the_server(served: Served) -> None:
    source = """
import typer
from fastmcp import FastMCP
app = typer.Typer()
mcp = FastMCP("demo")
@app.command()
def serve(write: bool = typer.Option(False, "--write")):
    mcp.add_tool(add)
    if write:
        mcp.add_tool(store)
    mcp.run()
@app.command()
def version(): ...
def add(): ...
def store(): ...
"""
    assert served(source, "pkg.server:app") == {"add": None, "store": "write"}


def test_an_extra_that_is_not_installed_by_default_is_a_condition(served: Served) -> None:
    source = SOURCE.format(
        before="try:\n    import pandas\n    HAS = True\nexcept ImportError:\n    HAS = False",
        body="mcp.tool(main)\n    if HAS:\n        mcp.tool(add)",
    )
    metadata = "Name: pkg\nRequires-Dist: fastmcp\nRequires-Dist: pandas>=2; extra == 'frames'\n"
    found = served({"pkg/server.py": source, "pkg-1.dist-info/METADATA": metadata})
    assert found == {"add": "HAS", "main": None}


def test_another_command_of_the_package_is_named(served: Served) -> None:
    files = {
        "pkg/server.py": "from fastmcp import FastMCP\na = FastMCP('a')\n@a.tool\ndef one(): ...\ndef main(): a.run()",
        "pkg/other.py": "from fastmcp import FastMCP\nb = FastMCP('b')\n@b.tool\ndef two(): ...\ndef main(): b.run()",
        "pkg-1.dist-info/entry_points.txt": "[console_scripts]\nother = pkg.other:main\npkg = pkg.server:main\n",
    }
    assert served(files) == {"one": None, "two": "it is started as other"}


def test_the_same_function_whatever_wraps_it_is_one_tool(served: Served) -> None:
    before = """
import functools
def traced(fn):
    @functools.wraps(fn)
    def wrapper(): return fn()
    return wrapper
"""
    body = "wrapped = add\n    if os.getenv('TRACE'):\n        wrapped = traced(add)\n    mcp.tool(wrapped)"
    assert served(SOURCE.format(before=before, body=body)) == {"add": None}


def test_what_is_defined_whichever_way_a_test_goes_does_not_depend_on_it(served: Served) -> None:
    before = """
def bound(tool):
    if tool.__name__ in known():
        return store
    return tool
def store(): ...
"""
    body = """mcp.tool(bound(add), name="add")
    if allowed():
        mcp.tool(store)
    else:
        mcp.tool(store)"""
    assert served(SOURCE.format(before=before, body=body)) == {"add": None, "store": None}
