"""What tests of remote servers need: one on this machine, whose every answer the test itself writes down."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

Told = Callable[[dict[str, Any]], Any] | dict[str, Any] | Any
"""A result, a whole reply, or what makes either from the message."""


class Remote:
    """A remote server: protocol method (or `GET`) → its answer, else `otherwise`; it remembers what it was asked."""

    def __init__(self, reply: Any) -> None:
        self.reply = reply
        self.answers: dict[str, Told] = {}
        self.otherwise: Told = reply(status=404)
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.stream: Any = None
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self.url = f"{self.origin}/mcp"

    def greets(self, tools: list[Any], version: str = "2025-06-18", **more: Any) -> "Remote":
        """Speak the protocol of the handshake and list these tools."""
        about = {"name": "files", "version": "1.2"}
        greeting = {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": about}
        self.answers |= {
            "initialize": greeting | more,
            "tools/list": {"tools": tools},
            "notifications/initialized": self.reply(status=202),
        }
        return self

    def told(self, asked: str, path: str, message: dict[str, Any]) -> Any:
        """Return the whole reply to a message; where a stream is open, the result goes there."""
        told = self.answers.get(path, self.answers.get(asked, self.otherwise))
        told = told(message) if callable(told) else told
        if not isinstance(told, dict):
            return told
        body = {"jsonrpc": "2.0", "id": message.get("id")} | (told if "error" in told else {"result": told})
        if not self.stream:
            return self.reply(json.dumps(body).encode(), headers={"Content-Type": "application/json"})
        self.stream.write(f"event: message\ndata: {json.dumps(body)}\n\n".encode())
        self.stream.flush()
        return self.reply(status=202)

    def start(self) -> None:
        """Answer from now on, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(remote: Remote) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            self.take("GET", {})

        def do_DELETE(self) -> None:
            self.take("DELETE", {})

        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.take(message.get("method", "answer"), message)

        def take(self, asked: str, message: dict[str, Any]) -> None:
            remote.asked.append(asked if asked != "GET" else f"GET {self.path}")
            remote.headers.append({name.lower(): value for name, value in self.headers.items()})
            told = remote.told(asked, self.path, message)
            self.send(told)
            if told.status == 200 and told.headers.get("Content-Type") == "text/event-stream" and told.length:
                remote.stream = self.wfile
                remote.over.wait(10)

        def send(self, told: Any) -> None:
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body) if told.length is None else told.length))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(told.body)
                self.wfile.flush()

        def log_message(self, *_: object) -> None:
            """Keep the tests' output quiet."""

    return Handler


@pytest.fixture
def remote(reply: Any) -> Iterator[Remote]:
    """Start a remote server on this machine."""
    server = Remote(reply)
    server.start()
    yield server
    server.stop()
