"""Where a reading starts, how far it goes, and what stops it."""

import time
from collections.abc import Callable

import pytest

from crawler.extractor import Extraction

Served = Callable[..., dict[str, str | None]]
Read = Callable[..., Extraction]

FAST = "from fastmcp import FastMCP\nmcp = FastMCP('x')\n@mcp.tool\ndef add(): ...\n"


@pytest.mark.parametrize(
    ("start", "source"),
    [
        ("pkg.server:main", FAST + "def main(): mcp.run()"),
        ("pkg.server:mcp.run", FAST),
        ("pkg.server:main", FAST + "import asyncio\nasync def go(): mcp.run_stdio()\ndef main(): asyncio.run(go())"),
        ("pkg.server:main", FAST + "import anyio, functools\ndef main(): anyio.run(functools.partial(mcp.run_async))"),
        ("pkg.server:main", FAST + "import uvicorn\ndef main(): uvicorn.run(mcp.streamable_http_app())"),
        ("pkg.server:main", FAST + "import x\ndef main(): x.launch(mcp)"),
        ("", FAST + "if __name__ == '__main__': mcp.run()"),
        ("", FAST),
        ("pkg.server:gone", FAST),
    ],
)  # fmt: skip
def test_a_server_is_found_however_it_is_started(start: str, source: str, served: Served) -> None:
    assert served(source, start) == {"add": None}


def test_a_server_that_is_not_started_is_not_served(served: Served) -> None:
    source = FAST + "other = FastMCP('y')\n@other.tool\ndef sub(): ...\ndef main(): other.run()"
    assert served(source) == {"sub": None}


def test_a_server_that_nothing_was_seen_to_start_is_conditional(served: Served) -> None:
    source = """
from fastmcp import FastMCP
class Extension:
    def __init__(self):
        self.mcp = FastMCP("x")
        self.mcp.tool(self.add)
    def add(self): ...
def main(): print("see the manual")
"""
    assert served(source) == {"add": "something starts it, which was not found"}


def test_tests_and_examples_are_left_out(served: Served) -> None:
    files = {"pkg/app.py": FAST.replace("add", "real"), "examples/demo.py": FAST, "tests/test_app.py": FAST}
    assert served({**files, "pkg/server.py": ""}, "") == {"real": None}


def test_tools_registered_when_the_server_starts_up_are_served(served: Served) -> None:
    source = (
        FAST
        + """
from contextlib import asynccontextmanager
@asynccontextmanager
async def lifespan(server):
    server.add_tool(late)
    yield {}
def late(): ...
mcp = FastMCP("y", lifespan=lifespan)
def main(): mcp.run()
"""
    )
    assert served(source) == {"late": None}


def test_a_library_that_the_package_carries_is_still_the_library(served: Served) -> None:
    files = {
        "pkg/server.py": FAST.replace("fastmcp", "._vendor.fastmcp") + "def main(): mcp.run()",
        "pkg/_vendor/__init__.py": "",
        "pkg/_vendor/fastmcp/__init__.py": "class FastMCP:\n    def tool(self, fn): return fn\n    def run(self): ...",
    }
    assert served(files) == {"add": None}


def test_a_package_that_starts_no_server_says_so(extract: Read) -> None:
    found = extract("import mcp\ndef main(): raise SystemExit('deprecated')")
    assert (found.tools, [note.reason for note in found.unresolved]) == (
        (),
        ["nothing that it starts leads to an MCP server"],
    )


HOSTILE = {
    "a syntax error": "def main(:",
    "deep brackets": "x = " + "(" * 5000 + ")" * 5000,
    "a deep sum": "x = " + "1+" * 20_000 + "1",
    "deep attributes": "x = a" + ".b" * 5000,
    "a null byte": "x = 1\0",
    "an endless loop": "def main():\n    while True:\n        main()",
    "a circle of imports": "from pkg.server import main as other\ndef main(): other()",
    "a circle of constants": "A = B = []\nA.append(B)\nB.extend(A)\ndef main(): return f'{A}'",
    "a class that is its own base": "class A: ...\nclass A(A): ...\nA.__mro__",
    "many ways": "import x\nn = []\n" + "if x.y(): n = n + [1]\nelse: n = n + [2]\n" * 500,
    "doubling text": "a = 'x' * 1000\n" + "a = a + a\n" * 60,
    "doubling lists": "a = [1]\n" + "a = a + a\n" * 60,
    "doubling tuples": "a = (1,)\n" + "a = (a, a)\n" * 60 + "d = {a: 1}\n",
    "huge numbers": "a = 10 ** 10 ** 10\nb = 1 << 10 ** 9\nc = 'x' * 10 ** 12\nd = '{:>999999999}'.format('x')",
    "nested loops": "r = range(1000)\nfor a in r:\n    for b in r:\n        for c in r:\n            print(a, b, c)",
    "doubling recursion": "def f(n):\n    f(n + 1)\n    f(n + 2)\ndef main(): f(0)",
    "a long line of classes": "class C0: ...\n"
    + "".join(f"class C{n + 1}(C{n}): ...\n" for n in range(9000))
    + "C9000().x",
    "a long line of enumerations": (
        "import enum\nclass C0(enum.Enum): ...\n"
        + "".join(f"class C{n + 1}(C{n}): ...\n" for n in range(9000))
        + "C9000().x"
    ),
    "types in types": "def f(x): ...\na = int\n" + "a = list[a]\n" * 9000 + "f(a)\nmain = f",
    "functions in functions": (
        "import functools\ndef f(): ...\ndef w(g):\n    @functools.wraps(g)\n    def h(): ...\n    return h\n"
        + "f = w(f)\n" * 9000
        + "f.__name__\nf.__doc__\nf.nothing"
    ),
    "lists in lists": "a = []\n" + "a = [a]\n" * 9000 + "f'{a}'\n{a: 1}\na == a",
    "a million lines": "x = 1\n" * 1_000_000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_source_ends_soon_and_what_is_beside_it_is_still_found(source: str, served: Served) -> None:
    begun = time.process_time()
    tools = served(
        {"pkg/server.py": FAST + "from . import bad\nbad.main()\nmcp.run()", "pkg/bad.py": source}, "pkg.server:main"
    )
    assert tools == {"add": None}
    assert time.process_time() - begun < 20


def test_a_file_that_cannot_be_parsed_is_named(extract: Read) -> None:
    found = extract({"pkg/server.py": FAST + "from . import bad\ndef main(): mcp.run()", "pkg/bad.py": "def main(:"})
    assert [note.where for note in found.unresolved] == ["pkg/bad.py"]


def test_the_same_source_gives_the_same_answer(extract: Read) -> None:
    source = (
        FAST + "import x\nfor name in {'b', 'a', 'c'}:\n    if x.y(): mcp.tool(name=name)(add)\ndef main(): mcp.run()"
    )
    assert extract(source) == extract(source)
