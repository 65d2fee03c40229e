"""What `tools/list` handlers answer."""

from collections.abc import Callable

import pytest

from crawler.extractor import Extraction

Served = Callable[..., dict[str, str | None]]
Read = Callable[..., Extraction]

LOW = """
from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.types import Tool
import mcp.types as types
server = Server("demo")
{handler}
async def main():
    async with stdio_server() as (reader, writer):
        await server.run(reader, writer, server.create_initialization_options())
"""

HANDLERS = {
    "a list": "return [Tool(name='a', inputSchema={}), types.Tool(name='b', inputSchema={})]",
    "a constant elsewhere": "return MORE + [Tool(name='b', inputSchema={})]",
    "stars": "return [*MORE, Tool(name='b', inputSchema={})]",
    "append and extend": (
        "tools = []\n    tools.append(Tool(name='b', inputSchema={}))\n    tools.extend(MORE)\n    return tools"
    ),
    "a result object": "return types.ListToolsResult(tools=[Tool(**each) for each in DICTS])",
    "handlers that describe themselves": "return [each.describe() for each in HANDLERS.values()]",
    "a generator": (
        "def made():\n        yield Tool(name='a', inputSchema={})\n"
        "        yield from [Tool(name='b', inputSchema={})]\n    return list(made())"
    ),
}
CONSTANTS = """
MORE = [Tool(name="a", inputSchema={})]
DICTS = [{"name": name, "inputSchema": {}} for name in ("a", "b")]
class Base:
    name = "?"
    def describe(self): return Tool(name=self.name, inputSchema={})
class A(Base): name = "a"
class B(Base):
    def __init__(self, name): self.name = name
HANDLERS = {each.name: each for each in (A(), B("b"))}
"""


@pytest.mark.parametrize("body", HANDLERS.values(), ids=HANDLERS)
def test_a_handler_is_followed(body: str, served: Served) -> None:
    handler = f"{CONSTANTS}\n@server.list_tools()\nasync def list_tools():\n    {body}"
    assert served(LOW.format(handler=handler)) == {"a": None, "b": None}


def test_the_newer_server_takes_its_handler_as_an_argument(served: Served) -> None:
    source = """
from mcp.server import Server
from mcp.types import ListToolsResult, Tool
async def answer(ctx, params):
    return ListToolsResult(tools=[Tool(name="a", input_schema={"type": "object"})])
def main():
    Server("demo", on_list_tools=answer).run()
"""
    assert served(source) == {"a": None}


def test_a_handler_under_an_option_keeps_its_tools_conditional(served: Served) -> None:
    handler = """
@server.list_tools()
async def list_tools():
    tools = [Tool(name="read", inputSchema={})]
    if os.environ.get("ALLOW_WRITE", "false").lower() == "true":
        tools.append(Tool(name="write", inputSchema={}))
    return [each for each in tools if each.name not in os.environ.get("DISABLED", "").split(",")]
"""
    condition = "os.environ.get('ALLOW_WRITE', 'false').lower() == 'true'"
    assert served("import os\n" + LOW.format(handler=handler)) == {"read": None, "write": condition}


def test_a_list_from_outside_is_not_guessed(extract: Read) -> None:
    handler = "import httpx\n@server.list_tools()\nasync def list_tools():\n    return httpx.get('https://x').json()"
    found = extract(LOW.format(handler=handler))
    assert found.tools == ()
    assert [note.reason for note in found.unresolved] == ["the list of tools comes from httpx.get().json()"]


def test_a_server_without_an_sdk_answers_by_hand(served: Served) -> None:
    source = """
import json, sys
TOOLS = [{"name": "a", "description": "first", "inputSchema": {"type": "object"}}]
class Server:
    def __init__(self): self.ready = False
    def handle(self, request):
        if request["method"] == "initialize":
            self.ready = True
            return {}
        if not self.ready:
            return {"error": "not ready"}
        if request["method"] == "tools/list":
            return {"result": {"tools": TOOLS}}
def main():
    server = Server()
    while True:
        print(json.dumps(server.handle(json.loads(sys.stdin.readline()))))
"""
    assert served(source) == {"a": None}
