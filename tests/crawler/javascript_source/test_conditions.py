"""Which tools are there by default, and what the others depend on."""

from collections.abc import Callable

import pytest

Served = Callable[..., dict[str, str | None]]

ADD = 'server.tool("add", () => 1);'

ALWAYS = {
    "a variable that is not set turns nothing off": f"if (!process.env.READ_ONLY) {{ {ADD} }}",
    "a comparison with a variable that is not set": f"if (process.env.MODE !== 'safe') {ADD}",
    "a variable with a default": f"const mode = process.env.MODE ?? 'full'; if (mode === 'full') {ADD}",
    "another kind of default": f"if ((process.env.WRITE || 'true').toLowerCase() === 'true') {ADD}",
    "a destructured default": f"function start({{ write = true }} = {{}}) {{ if (write) {ADD} }} start(globalThis.options);",
    "a flag that is not given": f"if (!process.argv.includes('--read-only')) {ADD}",
    "arguments that are not given": f"const [mode] = process.argv.slice(2); if (mode !== 'x') {ADD}",
    "a variable that only an option would set": (
        "let wanted; if (process.env.TOOLS) { wanted = new RegExp(process.env.TOOLS); }"
        f"for (const name of ['add']) {{ if (wanted && !wanted.test(name)) continue; {ADD} }}"
    ),
    "a method of what is not there": (
        f"const tool = {{ notes: {{}} }}; if (!Boolean(tool.notes.marks?.includes('slow'))) {ADD}"
    ),
    "a chain that ends early": f"const tool = {{}}; if (!tool.notes?.marks.includes('slow')) {ADD}",
    "what a row of another list says": (
        "const rows = Array.from({ length: 20 }, (_, n) => ({ name: `t${n}`, off: n === 3 }));"
        f"if (!rows.find(row => row.name === 't7').off && rows.some(row => row.name === 't9')) {ADD}"
    ),
    "a known constant": f"const ENABLED = true; ENABLED && {ADD}",
    "the else of a branch that is off": f"if (process.env.OTHER) {{}} else {{ {ADD} }}",
    "a guard that is usually passed": f"function start() {{ if (process.env.OFF) return; {ADD} }} start();",
    "a key that must be there": f"if (!process.env.API_KEY) {{ console.error('no key'); process.exit(1); }} {ADD}",
    "a key that must be there, in one line": f"process.env.API_KEY || (console.error('no'), process.exit(1)); {ADD}",
    "a check that throws": f"function start(key) {{ if (!key) throw new Error('no key'); {ADD} }} start(process.env.KEY);",
    "the same tool on both sides": f"if (whoKnows()) {{ {ADD} }} else {{ {ADD} }}",
    "the program's own start": f"if (import.meta.url === `file://${{process.argv[1]}}`) {{ {ADD} }}",
    "the case that is usually taken": f"switch (process.env.MODE ?? 'all') {{ case 'all': {ADD} break; case 'none': }}",
    "a filter that usually keeps all": (
        "const wanted = process.env.TOOLS?.split(',');"
        "['add'].filter(name => !wanted || wanted.includes(name)).forEach(name => server.tool(name, () => 1));"
    ),
    "a schema's default": (
        "const config = z.object({ WRITE: z.string().default('true').transform(v => v === 'true') }).parse(process.env);"
        f"if (config.WRITE) {ADD}"
    ),
    "what is only known to the framework around": (
        "import { program } from 'commander';"
        f"program.option('-r, --read-only', 'no writes', false).action(options => {{ if (!options.readOnly) {ADD} }});"
    ),
    "yargs": (
        "import yargs from 'yargs';"
        "const argv = yargs(process.argv).option('write', { type: 'boolean', default: true }).parseSync();"
        f"if (argv.write) {ADD}"
    ),
    "node's own parser of arguments": (
        "import { parseArgs } from 'node:util';"
        "const { values } = parseArgs({ options: { 'read-only': { type: 'boolean', default: false } } });"
        f"if (!values['read-only']) {ADD}"
    ),
}


@pytest.mark.parametrize("source", ALWAYS.values(), ids=ALWAYS)
def test_what_is_there_when_nobody_changes_a_setting_has_no_condition(source: str, body: Served) -> None:
    assert body(source) == {"add": None}


SOMETIMES = {
    f"if (process.env.WRITE) {ADD}": "process.env.WRITE",
    f"if (process.env.WRITE === 'true') {{ {ADD} }}": "process.env.WRITE === 'true'",
    f"process.env.WRITE && {ADD}": "process.env.WRITE",
    f"process.env.WRITE ? {ADD[:-1]} : 0;": "process.env.WRITE",
    f"if (process.argv.includes('--write')) {ADD}": "process.argv.includes('--write')",
    f"if (await allowed()) {ADD}": "await allowed()",
    f"function start() {{ if (!process.env.WRITE) return; {ADD} }} start();": "!(!process.env.WRITE)",
    f"for (const name of ['add']) {{ if (!process.env.WRITE) continue; {ADD} }}": "!(!process.env.WRITE)",
    f"switch (process.env.MODE) {{ case 'full': {ADD} }}": "process.env.MODE === 'full'",
    "const on = (process.env.TOOLS ?? '').split(',');"
    "['add'].filter(name => on.includes(name)).forEach(name => server.tool(name, () => 1));": "on.includes(name)",
    "const tools = ['take']; if (process.env.MORE) tools.push('add');"
    "tools.slice(1).forEach(name => server.tool(name, () => 1));": "process.env.MORE",
    "const all = { ...(process.env.MORE ? { add: 1 } : {}) };"
    "Object.keys(all).forEach(name => server.tool(name, () => 1));": "process.env.MORE",
    "let names = []; if (process.env.MORE) names = ['add']; names.forEach(n => server.tool(n, () => 1));": "process.env.MORE",
    "const t = server.registerTool('add', {}, () => 1); t.disable();": "it is switched on while the server runs",
    f"if (process.env.A) {{ if (process.env.B) {ADD} }}": "process.env.A && process.env.B",
}


@pytest.mark.parametrize(("source", "condition"), SOMETIMES.items(), ids=SOMETIMES.values())
def test_what_depends_on_a_setting_says_on_which(source: str, condition: str, body: Served) -> None:
    assert body(source) == {"add": condition}


NEVER = {
    "a constant that is off": f"const ENABLED = false; if (ENABLED) {ADD}",
    "a comparison of constants": f"const MODE = 'safe'; if (MODE === 'full') {{ {ADD} }}",
    "behind a return": f"function start() {{ return; {ADD} }} start();",
    "filtered out": "['add'].filter(name => name !== 'add').forEach(name => server.tool(name, () => 1));",
    "deleted": "const all = new Map([['add', 1]]); all.delete('add'); for (const [n] of all) server.tool(n, () => 1);",
}


@pytest.mark.parametrize("source", NEVER.values(), ids=NEVER)
def test_what_is_never_registered_is_no_tool(source: str, body: Served) -> None:
    assert body(source + "server.tool('other', () => 1);") == {"other": None}


def test_how_the_server_is_started_is_no_condition_of_its_tools(served: Served) -> None:
    source = f"""
        import {{ McpServer }} from "@modelcontextprotocol/sdk/server/mcp.js";
        if (process.env.TRANSPORT === "http") listen(); else start();
        function start() {{ const server = new McpServer({{}}); {ADD} }}
        function listen() {{ const server = new McpServer({{}}); {ADD} if (process.env.ADMIN) server.tool("take", () => 1); }}
    """
    assert served(source) == {"add": None, "take": "process.env.ADMIN"}


def test_a_long_condition_is_one_line_and_cut(body: Served) -> None:
    source = f"if (process.env.A &&\n     unknown('{'x' * 300}')) {ADD}"
    condition = body(source)["add"]
    assert condition is not None
    assert condition.startswith("process.env.A && unknown('xxx")
    assert len(condition) == 200
    assert condition.endswith("…")
