"""What JavaScript's and TypeScript's expressions mean: each one below is the name `add`."""

from collections.abc import Callable

import pytest

from crawler.extractor import Extraction

Read = Callable[..., Extraction]
Served = Callable[..., dict[str, str | None]]

EXPRESSIONS = {
    "'a' + 'd' + \"d\"": "concatenation",
    "`${'a'}${'dd'}`": "template",
    "'\\u0061\\x64\\u{64}'": "escapes",
    "true ? 'add' : 'x'": "ternary",
    "null ?? 'add'": "nullish",
    "'' || 'add'": "or",
    "1 && 'add'": "and",
    "(0, 'add')": "sequence",
    "void 0 === undefined ? 'add' : 'x'": "void",
    "typeof {} === 'object' && 'add'": "typeof",
    "({ key: 'add' }).key": "property",
    "({ ['k' + 1]: 'add' }).k1": "computed property",
    "({ get key() { return 'add'; } }).key": "getter",
    "({ key: 'x', ...{ key: 'add' } })['key']": "spread",
    "(({ a: { b = 'add' } }) => b)({ a: {} })": "destructured default",
    "(([, second]) => second)(['x', 'add'])": "destructured array",
    "((...rest) => rest[1])('x', 'add')": "rest",
    "((a, b = a) => b)('add')": "parameter default",
    "(function () { return arguments[0]; })('add')": "arguments",
    "(() => { try { throw 'add'; } catch (e) { return e; } })()": "caught",
    "(() => { let x = 'a'; x += 'dd'; return x; })()": "assignment",
    "(() => { let n = 0; while (n < 3) n++; return n === 3 ? 'add' : 'x'; })()": "while",
    "(() => { for (const k in { add: 1 }) return k; })()": "for in",
    "(() => { out: for (;;) { for (;;) break out; } return 'add'; })()": "label",
    "(() => { switch (2) { case 1: return 'x'; case 2: case 3: return 'add'; } })()": "switch",
    "new (class { name = 'add'; })().name": "field",
    "new (class { #n = 'add'; get n() { return this.#n; } })().n": "private field",
    "new (class extends (class { n() { return 'dd'; } }) { n() { return 'a' + super.n(); } })().n()": "super",
    "(class { static n = 'add'; static { this.m = this.n; } }).m": "static",
    "new (function () { this.n = 'add'; })().n": "old class",
    "[...new Set(['add', 'add'])].join()": "set",
    "new Map([['k', 'add']]).get('k')": "map",
    "Object.fromEntries([['k', 'add']]).k": "entries",
    "Object.keys({ add: 1 })[0]": "keys",
    "Object.assign({}, { k: 'add' }).k": "assign",
    "Object.create({ k: 'add' }).k": "inherited",
    'JSON.parse(\'{"k": ["add"]}\').k.at(-1)': "parsed",
    "JSON.stringify('add').slice(1, -1)": "written",
    "'ADD'.toLowerCase().trim()": "lower case",
    "'addAll'.replace(/([a-z])([A-Z]).*/, '$1')": "replace",
    "'a-d-d'.replace(/-(.)/g, (_, c) => c)": "replace by function",
    "'a,d,d'.split(',').reverse().reverse().join('')": "split",
    "'xaddx'.match(/a(d+)/)[0]": "match",
    "/^a/.test('add') ? 'add' : 'x'": "test",
    "'a'.padEnd(3, 'd')": "pad",
    "['x', 'add'].find(n => n.startsWith('a'))": "find",
    "['dd', 'a'].sort().join('')": "sort",
    "[['a'], ['dd']].flat().concat([]).reduce((x, y) => x + y)": "reduce",
    "['a', 'd'].flatMap(c => c === 'd' ? [c, c] : c).join('')": "flat map",
    "['x', 'add', 'y'].slice(1).filter((n, i) => i === 0)[0]": "filter",
    "Array.from({ length: 2 }, (_, i) => 'd').join('') .replace('d', 'ad')": "array from",
    "(a => a?.b?.c ?? 'add')({})": "optional chain",
    "(a => a.b?.())({ b: () => 'add' })": "optional call",
    "String(parseInt('7px') === 7 && 'add')": "parseInt",
    "((n: string): string => n!)('add' as const)": "types",
    "(<T,>(x: T) => x satisfies T)('add')": "generics",
}


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=EXPRESSIONS.values())
def test_an_expression_means_what_it_means_in_the_language(expression: str, served: Served) -> None:
    source = f"declare const s: any;\nconst name = {expression};\nserver.tool(name, () => 1);"
    assert served({"index.ts": source}) == {"add": None}


def test_typescripts_own_declarations_are_known(served: Served) -> None:
    source = """
        enum Kind { First, Second = "add" }
        namespace Names { export const take = "take"; }
        abstract class Tool { constructor(protected readonly name: string, private server: any) {}
          register(): void { this.server.tool(this.name, () => 1); } }
        class Any extends Tool {}
        new Any(Kind.Second, server).register();
        new Any(Names.take + Kind.First + Kind[0], server).register();
    """
    assert served({"index.ts": source}) == {"add": None, "take0First": None}


def test_what_runs_later_is_followed_too(served: Served) -> None:
    source = """
        setTimeout(() => server.tool("timed", () => 1));
        app.post("/mcp", async (request, response) => { server.tool("asked", () => 1); });
        new Promise(resolve => resolve("kept")).then(name => server.tool(name, () => 1)).finally(() => {});
        connection.oninitialized = () => server.tool("begun", () => 1);
        process.on("exit", { handler() { server.tool("handled", () => 1); } });
    """
    assert list(served(source)) == ["asked", "begun", "handled", "kept", "timed"]


def test_the_callback_of_a_tool_is_not_run(served: Served) -> None:
    source = 'server.tool("open", () => { server.tool("opened", () => 1); });'
    assert served(source) == {"open": None}
