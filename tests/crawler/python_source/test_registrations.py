"""Ways to register a tool with FastMCP and MCPServer."""

from collections.abc import Callable

import pytest

from crawler.extractor import Extraction

Served = Callable[..., dict[str, str | None]]
Read = Callable[..., Extraction]

HEAD = """
from fastmcp import FastMCP
from mcp.types import ToolAnnotations
mcp = FastMCP("demo")
"""
TAIL = """
def main():
    mcp.run()
"""

WAYS = {
    "a decorator without a call": ("@mcp.tool\ndef add(): ...", ["add"]),
    "a decorator with a call": ("@mcp.tool()\nasync def add(): ...", ["add"]),
    "a name in the decorator": ("@mcp.tool('sum')\ndef add(): ...", ["sum"]),
    "a named name": ("@mcp.tool(name='sum', annotations=ToolAnnotations(readOnlyHint=True))\ndef add(): ...", ["sum"]),
    "a call with a function": ("def add(): ...\nmcp.tool(add)", ["add"]),
    "a call of the decorator": ("def add(): ...\nmcp.tool(name='sum')(add)", ["sum"]),
    "add_tool": ("def add(): ...\nmcp.add_tool(add, name='sum')", ["sum"]),
    "a tool made before": (
        "from fastmcp.tools import Tool\ndef add(): ...\nmcp.add_tool(Tool.from_function(add, name='sum'))",
        ["sum"],
    ),
    "a marked function": (
        "from fastmcp.tools import tool\n@tool(name='sum')\ndef add(): ...\nmcp.add_tool(add)",
        ["sum"],
    ),
    "a loop over functions": ("def a(): ...\ndef b(): ...\nfor each in [a, b]:\n    mcp.tool()(each)", ["a", "b"]),
    "a loop over a mapping": (
        "def f(): ...\nTOOLS = {'one': f, 'two': f}\nfor name, fn in TOOLS.items():\n    mcp.tool(name)(fn)",
        ["one", "two"],
    ),
    "a list for the constructor": ("def add(): ...\nmcp = FastMCP('x', tools=[add])", ["add"]),
    "a wrapping decorator": (
        (
            "import functools\ndef logged(fn):\n    @functools.wraps(fn)\n    def wrapper(*args): return fn(*args)\n"
            "    return wrapper\n@mcp.tool()\n@logged\ndef add(): ..."
        ),
        ["add"],
    ),
    "a decorator of the package's own": (
        "def my_tool(name):\n    return mcp.tool(name=f'pre_{name}')\n@my_tool('add')\ndef f(): ...",
        ["pre_add"],
    ),
    "a helper function": (
        "def register(server, fn, name):\n    server.tool(name)(fn)\nregister(mcp, print_it := lambda: 1, 'say')",
        ["say"],
    ),
    "a partial": ("from functools import partial\ndef f(a): ...\nmcp.tool(name='half')(partial(f, 1))", ["half"]),
    "the members of an enumeration": (
        (
            "from enum import Enum\nclass T(str, Enum):\n    ONE = 'one'\n@mcp.tool(name=T.ONE)\ndef f(): ...\n"
            "@mcp.tool(name=T.ONE.value + '_more')\ndef g(): ..."
        ),
        ["one", "one_more"],
    ),
    "a class that registers its methods": (
        (
            "class Tools:\n    def __init__(self, server):\n        self.server = server\n"
            "        self.server.tool()(self.add)\n"
            "        for name in ('sub', 'mul'):\n            server.add_tool(getattr(self, name))\n"
            "    def add(self): ...\n    def sub(self): ...\n    def mul(self): ...\nTools(mcp)"
        ),
        ["add", "mul", "sub"],
    ),
    "fastmcp's mixin": (
        (
            "from fastmcp.contrib.mcp_mixin import MCPMixin, mcp_tool\nclass M(MCPMixin):\n    @mcp_tool(name='x')\n"
            "    def f(self): ...\nM().register_all(mcp, prefix='my')"
        ),
        ["my_x"],
    ),
    "subclasses that are asked for": (
        (
            "class Base:\n    def run(self): ...\nclass A(Base): name = 'a'\nclass B(Base): name = 'b'\n"
            "for cls in Base.__subclasses__():\n    mcp.add_tool(cls().run, name=cls.name)"
        ),
        ["a", "b"],
    ),
    "a registry filled by a decorator": (
        (
            "REGISTRY = {}\ndef register(name):\n"
            "    def inner(fn):\n        REGISTRY[name] = fn\n        return fn\n    return inner\n"
            "@register('one')\ndef f(): ...\nfor name, fn in REGISTRY.items(): mcp.tool(name=name)(fn)"
        ),
        ["one"],
    ),
    "a subclass of FastMCP": (
        (
            "class Mine(FastMCP):\n    def __init__(self):\n        super().__init__('x')\n"
            "        self.tool(self.add, name='plus')\n"
            "    def add(self): ...\nmcp = Mine()"
        ),
        ["plus"],
    ),
}


@pytest.mark.parametrize(("source", "names"), WAYS.values(), ids=WAYS)
def test_every_way_to_register_is_followed(source: str, names: list[str], served: Served) -> None:
    assert served(HEAD + source + TAIL) == dict.fromkeys(names)


@pytest.mark.parametrize(
    ("mount", "name"),
    [
        ("mcp.mount(sub, prefix='s')", "s_add"),
        ("mcp.mount('s', sub)", "s_add"),
        ("mcp.mount(sub, namespace='s')", "s_add"),
        ("mcp.mount(sub)", "add"),
        ("await mcp.import_server(sub, prefix=PREFIX + '1')", "p1_add"),
    ],
)
def test_a_mounted_server_gives_its_names_a_prefix(mount: str, name: str, served: Served) -> None:
    source = f"""
from fastmcp import FastMCP
PREFIX = "p"
mcp, sub = FastMCP("main"), FastMCP("sub")
@sub.tool
def add(): ...
async def main():
    {mount}
    await mcp.run_async()
"""
    assert served(source) == {name: None}


def test_tools_in_other_modules_are_found_through_their_imports(served: Served) -> None:
    files = {
        "pkg/server.py": """
            from .app import mcp
            from . import tools
            from pkg.more import register_all
            register_all(mcp)
            def main(): mcp.run()
        """,
        "pkg/app.py": "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')",
        "pkg/names.py": "PREFIX = 'db'\nNAMES = {'list': f'{PREFIX}_list'}",
        "pkg/tools.py": "from .app import mcp\nfrom .names import NAMES\n@mcp.tool(name=NAMES['list'])\ndef f(): ...",
        "pkg/more/__init__.py": """
            import importlib, pkgutil
            def register_all(server):
                for info in pkgutil.iter_modules(__path__):
                    importlib.import_module(f'.{info.name}', __name__).register(server)
        """,
        "pkg/more/one.py": "def register(server):\n    @server.tool()\n    def from_one(): ...",
        "pkg/unused.py": "from .app import mcp\n@mcp.tool()\ndef never(): ...",
    }
    assert served(files) == {"db_list": None, "from_one": None}


def test_what_is_removed_again_is_conditional(served: Served) -> None:
    source = HEAD + "@mcp.tool\ndef a(): ...\n@mcp.tool\ndef b(): ...\nmcp.remove_tool('a')" + TAIL
    assert served(source) == {"a": "it is not removed again, which it is by default", "b": None}


def test_a_name_that_is_not_known_is_said_to_be_so(extract: Read) -> None:
    found = extract(HEAD + "import requests\n@mcp.tool(name=requests.get('x').text)\ndef a(): ..." + TAIL)
    assert found.tools == ()
    assert [note.reason for note in found.unresolved] == ["the tool's name is not known: requests.get().text"]


@pytest.mark.parametrize(
    "source",
    [
        "from pydantic_ai import Agent\nagent = Agent()\n@agent.tool\ndef f(): ...",
        "from langchain_core.tools import tool\n@tool\ndef f(): ...",
        "from mcp.types import Tool\nunused = Tool(name='x', description='y', inputSchema={})",
        "TOOLS = [{'name': 'x', 'description': 'y', 'inputSchema': {}}]",
    ],
)
def test_what_no_server_serves_is_no_tool(source: str, served: Served) -> None:
    assert served(HEAD + source + TAIL) == {}
