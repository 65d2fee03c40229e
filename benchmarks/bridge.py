"""A bridge: what a server lists over stdio, again over streamable HTTP and over HTTP+SSE on this machine."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from mcp import Client
from mcp.server.lowlevel import Server
from mcp.server.sse import SseServerTransport
from mcp_types import ListToolsResult, PaginatedRequestParams
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route


@asynccontextmanager
async def bridged(client: Client) -> AsyncIterator[dict[str, str]]:
    """Serve what `client` is connected to; yield the URLs by transport (`http`, `sse`)."""

    async def list_tools(_: Any, params: PaginatedRequestParams | None) -> ListToolsResult:
        page = await client.list_tools(cursor=params.cursor if params else None)
        return ListToolsResult(tools=page.tools, next_cursor=page.next_cursor)

    server: Server[Any] = Server("bridge", on_list_tools=list_tools)
    events = SseServerTransport("/messages/")

    async def sse(request: Request) -> Response:
        async with events.connect_sse(request.scope, request.receive, request._send) as streams:  # noqa: SLF001  # the SDK's own example
            await server.run(*streams, server.create_initialization_options())
        return Response()

    app = server.streamable_http_app()
    routes = [Route("/sse", sse), Mount("/messages/", app=events.handle_post_message), Mount("/", app=app)]
    whole = Starlette(routes=routes, lifespan=lambda _: app.router.lifespan_context(app))
    async with _serving(whole) as port:
        yield {"http": f"http://127.0.0.1:{port}/mcp", "sse": f"http://127.0.0.1:{port}/sse"}


@asynccontextmanager
async def _serving(app: Starlette) -> AsyncIterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
        running = uvicorn.Server(config)
        task = asyncio.create_task(running.serve(sockets=[listener]))
        while not running.started:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.01)
        try:
            yield listener.getsockname()[1]
        finally:
            running.should_exit = True
            with contextlib.suppress(asyncio.CancelledError):
                await task
