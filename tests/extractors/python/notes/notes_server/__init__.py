"""Notes in a folder, by the low-level server."""

import asyncio
import os

from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.types import TextContent, Tool

from .handlers import HANDLERS

server = Server("notes")
read_only = os.environ.get("NOTES_READ_ONLY", "true").lower() == "true"


@server.list_tools()
async def list_tools() -> list[Tool]:
    """Describe the handlers."""
    return [handler.describe() for handler in HANDLERS.values() if handler.reads or not read_only]


@server.call_tool()
async def call_tool(name: str, arguments: dict) -> list[TextContent]:
    """Call a handler."""
    return [TextContent(type="text", text=HANDLERS[name].run(arguments))]


async def serve() -> None:
    """Speak over stdio."""
    async with stdio_server() as (reader, writer):
        await server.run(reader, writer, server.create_initialization_options())


def main() -> None:
    """Start."""
    asyncio.run(serve())
