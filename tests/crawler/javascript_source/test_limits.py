"""A stranger's program may be hostile: reading it ends, within its fuel, and loses nothing that was found."""

import sys
import time
from collections.abc import Callable

import pytest

from crawler.extractor import Extraction
from crawler.javascript_source import limits

Read = Callable[..., Extraction]

HOSTILE = {
    "parentheses": f"var x = {'(' * 50_000}1{')' * 50_000};",
    "arrays": f"f({'[' * 50_000}{']' * 50_000});",
    "calls": f"var x = {'f(' * 30_000}{')' * 30_000};",
    "a chain of calls": f"var x = a{'.b()' * 30_000};",
    "a long sum": "f(" + "'a' + " * 50_000 + "'b');",
    "branches": f"{'if (a) {' * 10_000}{'}' * 10_000}",
    "functions": f"{'(function () {' * 2_000}{'})();' * 2_000}",
    "broken code": "}" * 20_000 + "\0" * 100,
    "an endless loop": "for (;;) {}",
    "a text that doubles": "let s = 'a'; while (true) s = s + s;",
    "an array that doubles": "let a = [1]; for (let i = 0; i < 1e6; i++) a.push(...a);",
    "an object that holds itself": "const o = {}; o.o = o; JSON.stringify(o); server.tool('x', 'd', o, () => 1);",
    "an array that holds itself": "const a = []; a.push(a); String(a); a.flat(9);",
    "a prototype in a circle": "const a = {}, b = Object.create(a); Object.setPrototypeOf(a, b); a.z; 'z' in a;",
    "a class that extends itself": "class A extends A {} new A(); class B { b = new B(); } new B();",
    "a getter of itself": "const o = { get x() { return this.x; } }; o.x;",
    "recursion": "function f(n) { return f(n + 1) + f(n + 2); } f(1);",
    "recursion over something unknown": "function f(n) { return f(n.a) || f(n.b) || f(n.c); } f(unknown());",
    "alternatives": "let s = ''; " + "".join(f"if (process.env.A{n}) s += {n};" for n in range(300)) + " f(s);",
    "a regular expression": "for (let i = 0; i < 500; i++) /(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!');",
    "large numbers": "2 ** 99999 ** 9; 1 << 1e9; 'a'.repeat(1e99); new Array(1e99); 'x'.padStart(1e99); NaN | 0;",
    "nested data that is used twice": "let o = {}; for (let i = 0; i < 60; i++) o = { a: o, b: o }; JSON.stringify(o);",
    "a nested schema that is used twice": (
        "import { z } from 'zod'; let s = z.object({}); for (let i = 0; i < 60; i++) s = z.object({ a: s, b: s });"
        "server.tool('deep', s, () => 1);"
    ),
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_reading_ends_and_keeps_the_rest(source: str, extract: Read) -> None:
    started = time.process_time()
    found = extract(source + "\n;server.tool('after', () => 1);")
    assert "after" in {tool.name for tool in found.tools}
    assert time.process_time() - started < 20


def test_a_schema_that_would_grow_without_bound_is_left_out(extract: Read) -> None:
    (tool,) = extract(HOSTILE["a nested schema that is used twice"]).tools
    assert (tool.name, tool.input_schema) == ("deep", None)


def test_what_reading_could_not_finish_is_said(extract: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.javascript_source.modules.MOST_FUEL", 400)
    monkeypatch.setattr("crawler.javascript_source.served.FUEL", 400)
    found = extract("server.tool('add', () => 1); for (let i = 0; i < 900; i++) f(i); for (const x of y) f(x + 1);")
    assert [tool.name for tool in found.tools] == ["add"]
    assert [(item.where, item.reason) for item in found.unresolved] == [
        ("index.js:1", "a statement took so many steps that it was left"),
    ]


def test_a_file_that_is_too_long_is_not_read(extract: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.javascript_source.modules.SOURCE_CHARACTERS", 100)
    found = extract("server.tool('add', () => 1);" + " " * 100)
    assert found.tools == ()
    assert ("index.js", "the file is longer than 100 characters") in {(it.where, it.reason) for it in found.unresolved}


def test_the_same_program_is_read_the_same_twice(extract: Read) -> None:
    source = "".join(f"if (unknown{n}) server.tool('t{n}', () => 1);" for n in range(50))
    assert extract(source) == extract(source)


def test_python_recurses_no_deeper_afterwards(extract: Read) -> None:
    before = sys.getrecursionlimit()
    extract(HOSTILE["calls"])
    assert sys.getrecursionlimit() == before < limits.PYTHON_DEPTH


def test_a_small_function_may_be_called_often(extract: Read) -> None:
    """Lists of hundreds of tools are looked up in each other, and every look-up calls the same few functions."""
    source = """
        const allowed = name => { const parts = name.split('_'); return parts.length > 1 && parts[0] !== 'x'; };
        const rows = Array.from({ length: 900 }, (_, n) => ({ name: `tool_${n}` }));
        for (const row of rows) { for (const other of [1, 2, 3]) allowed(row.name); }
        if (allowed('tool_a')) server.tool('tool_a', () => 1);
    """
    assert [(tool.name, tool.conditional) for tool in extract(source).tools] == [("tool_a", None)]
