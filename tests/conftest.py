"""What many tests need: a web server on this machine, whose every answer the test itself writes down."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass(frozen=True)
class Reply:
    """One answer; `length` may promise more than `body` holds, which cuts the answer off."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None


class Loopback:
    """A server that gives each path's replies in turn, the last one for ever, and remembers what it was asked."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def serve(self, path: str, *replies: Reply | bytes) -> str:
        """Let `path` answer so; return its URL."""
        self.replies[path] = [Reply(reply) if isinstance(reply, bytes) else reply for reply in replies]
        return self.url + path

    def paths(self) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [path for path, _ in self.asked]

    def start(self) -> None:
        """Answer from now on, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(loopback: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            loopback.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            replies = loopback.replies.get(self.path, [Reply(b'{"error":"Not found"}', 404)])
            reply = replies.pop(0) if len(replies) > 1 else replies[0]
            etag = reply.headers.get("ETag")
            unchanged = etag is not None and self.headers.get("If-None-Match") == etag
            self.send_response(304 if unchanged else reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            body = b"" if unchanged else reply.body
            if not unchanged:
                self.send_header("Content-Length", str(len(body) if reply.length is None else reply.length))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = self.close_connection or reply.length is not None

        def log_message(self, *_: object) -> None:
            """Keep the tests' output quiet."""

    return Handler


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    """Start a web server on this machine."""
    server = Loopback()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def reply() -> type[Reply]:
    """Give the type of its answers to tests that need more than a body."""
    return Reply
