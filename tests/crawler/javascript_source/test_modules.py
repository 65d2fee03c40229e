"""Constants and functions are followed through the files of a package, however they are joined."""

from collections.abc import Callable

import pytest

from crawler.extractors import javascript
from crawler.javascript_source.resolution import Resolver
from crawler.source_tree import SourceTree

Served = Callable[..., dict[str, str | None]]

MAIN = """
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
const server = new McpServer({});
"""
COMMONJS = """
const { McpServer } = require("@modelcontextprotocol/sdk/server/mcp.js");
const server = new McpServer({});
"""

JOINED = {
    "named": {
        "src/index.ts": MAIN + 'import { NAME as name } from "./names.js"; server.tool(name, () => 1);',
        "src/names.ts": 'export const NAME = "add" as const;',
    },
    "default": {
        "index.js": MAIN + 'import name from "./name"; server.tool(name, () => 1);',
        "name.js": 'export default "add";',
    },
    "a whole namespace": {
        "index.js": MAIN + 'import * as tools from "./tools"; Object.values(tools).forEach(t => server.addTool(t));',
        "tools/index.js": 'export * from "./add.js";',
        "tools/add.js": 'export const add = { name: "add" };',
    },
    "given on under another name": {
        "index.js": MAIN + 'import { all } from "./all.js"; all.names.map(n => server.tool(n, () => 1));',
        "all.js": 'export * as all from "./names.js"; export { NAMES as unused } from "./names.js";',
        "names.js": 'const NAMES = ["add"]; export { NAMES as names, NAMES };',
    },
    "a function": {
        "index.js": MAIN + 'import register from "./register.js"; register(server);',
        "register.js": 'import { NAME } from "./name.js"; export default function (to) { to.tool(NAME, () => 1); }',
        "name.js": 'export const NAME = ["a", "dd"].join("");',
    },
    "what an import does": {
        "index.js": 'import { server } from "./server.js"; import "./add.js"; server.connect();',
        "server.js": MAIN.replace("const server", "export const server"),
        "add.js": 'import { server } from "./server.js"; server.tool("add", () => 1);',
    },
    "a circle": {
        "index.js": 'import { start } from "./a.js"; start();',
        "a.js": MAIN
        + 'import { register } from "./b.js"; export const NAME = "add"; export const start = () => register(server);',
        "b.js": 'import { NAME } from "./a.js"; export function register(to) { to.tool(NAME, () => 1); }',
    },
    "require": {
        "index.js": COMMONJS + 'const { name, register } = require("./lib"); register(server, name);',
        "lib/index.js": 'exports.name = "add"; module.exports.register = (to, name) => to.tool(name, () => 1);',
    },
    "compiled imports": {
        "dist/index.js": '"use strict";\n' + COMMONJS + 'const lib_js_1 = __importDefault(require("./lib.js"));'
        "(0, lib_js_1.default)(server);",
        "dist/lib.js": """
            "use strict";
            var __importStar = (this && this.__importStar) || function (m) { return m; };
            Object.defineProperty(exports, "__esModule", { value: true });
            exports.default = register;
            const names = __importStar(require("./names.js"));
            function register(to) { to.tool(names.Name.ADD, () => 1); }
        """,
        "dist/names.js": 'var Name; (function (N) { N["ADD"] = "add"; })(Name || (exports.Name = Name = {}));',
    },
    "an asynchronous import": {
        "index.js": MAIN + 'const { register } = await import("./lib.js"); register(server);',
        "lib.js": 'export const register = async (to) => to.tool("add", () => 1);',
    },
    "a folder that is read": {
        "dist/index.js": MAIN
        + """
            import { readdirSync } from "node:fs";
            import { join, dirname } from "node:path";
            import { fileURLToPath, pathToFileURL } from "node:url";
            const folder = join(dirname(fileURLToPath(import.meta.url)), "tools");
            for (const file of readdirSync(folder).filter(f => f.endsWith(".js"))) {
              const { tool } = await import(pathToFileURL(join(folder, file)).href);
              server.registerTool(tool.name, tool, () => 1);
            }
        """,
        "dist/tools/add.js": 'export const tool = { name: "add" };',
    },
    "a document": {
        "index.js": MAIN
        + """
            import fs from "fs"; import path from "path";
            const api = JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, "api.json"), "utf8"));
            for (const [, methods] of Object.entries(api.paths))
              for (const { operationId } of Object.values(methods)) server.tool(operationId.replace(/[A-Z]/g, ""), () => 1);
        """,
        "api.json": '{"paths": {"/sums": {"post": {"operationId": "aXdYd"}}}}',
    },
    "an imported document": {
        "index.js": MAIN
        + 'import tools from "./tools.json" with { type: "json" }; tools.forEach(t => server.addTool(t));',
        "tools.json": '[{"name": "add"}]',
    },
    "the package by its own name": {
        "index.js": MAIN + 'import { NAME } from "demo/names"; server.tool(NAME, () => 1);',
        "package.json": '{"name": "demo", "exports": {"./*": {"types": "./x.d.ts", "import": "./lib/*.js"}}}',
        "lib/names.js": 'export const NAME = "add";',
    },
    "a private alias": {
        "index.js": MAIN + 'import { NAME } from "#names"; server.tool(NAME, () => 1);',
        "package.json": '{"imports": {"#names": "./lib/names.js"}}',
        "lib/names.js": 'export const NAME = "add";',
    },
    "a source alias": {
        "src/index.ts": MAIN + 'import { NAME } from "@/lib/names"; server.tool(NAME, () => 1);',
        "src/lib/names.ts": 'export enum N { ADD = "add" } export const NAME = N.ADD;',
    },
    "a package inside the package": {
        "index.js": MAIN + 'import { register } from "@demo/sums"; register(server);',
        "node_modules/@demo/sums/package.json": '{"main": "main.js"}',
        "node_modules/@demo/sums/main.js": 'exports.register = (to) => to.tool("add", () => 1);',
    },
}


@pytest.mark.parametrize("files", JOINED.values(), ids=JOINED)
def test_a_package_is_read_as_one_program(files: dict[str, str], served: Served) -> None:
    assert served(files) == {"add": None}


def test_only_what_the_entry_point_reaches_counts(served: Served) -> None:
    files = {
        "dist/index.js": MAIN + 'server.tool("add", () => 1);',
        "src/index.ts": MAIN + 'server.tool("old", () => 1);',
        "examples/demo.js": MAIN + 'server.tool("demo", () => 1);',
        "dist/server.test.js": MAIN + 'server.tool("tested", () => 1);',
    }
    assert served(files) == {"add": None}


def test_without_an_entry_point_a_usual_place_is_read() -> None:
    tree = SourceTree({"src/index.ts": MAIN + 'server.tool("add", () => 1);', "README.md": ""})
    assert [tool.name for tool in javascript.extract(tree).tools] == ["add"]


def test_a_command_that_is_never_called_is_called_where_nothing_else_registers(served: Served) -> None:
    """A command line that cannot be followed ends in functions that nobody calls; tests and examples stay out."""
    files = {
        "bin/run.js": 'import { execute } from "@oclif/core"; await execute({ dir: import.meta.url });',
        "lib/commands/start.js": MAIN.replace("const server", "const make = () =>")
        + """
            function register(to) { for (const name of ["add", "take"]) to.tool(name, () => 1); }
            export default class Start { async run() { const { allowed } = await this.parse(Start); register(make()); } }
        """,
        "examples/start.js": MAIN + 'export function run() { server.tool("demo", () => 1); }',
    }
    assert served(files) == {"add": None, "take": None}


RESOLVED = {
    ("./b.js", "src/a.ts"): "src/b.ts",
    ("./b", "src/a.ts"): "src/b.ts",
    ("../src", "lib/x.js"): "src/index.ts",
    ("./data.json", "src/a.ts"): "src/data.json",
    ("/package/src/b.ts", "x.js"): "src/b.ts",
    ("./missing", "src/a.ts"): None,
    ("../../../etc/passwd", "src/a.ts"): None,
    ("express", "src/a.ts"): None,
}


@pytest.mark.parametrize(("question", "path"), RESOLVED.items(), ids=str)
def test_a_specifier_means_a_file_of_the_tree_or_none(question: tuple[str, str], path: str | None) -> None:
    files = dict.fromkeys(["src/a.ts", "src/b.ts", "src/index.ts", "src/data.json"], "")
    assert Resolver(files).resolve(*question) == path
