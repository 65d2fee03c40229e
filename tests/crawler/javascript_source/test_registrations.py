"""The ways in which a program gives its tools to a server."""

from collections.abc import Callable

import pytest

from crawler.extractor import Extraction

Read = Callable[..., Extraction]
Served = Callable[..., dict[str, str | None]]

CALLS = {
    "name and callback": 'server.tool("add", async () => ({}));',
    "with a description": 'server.tool("add", "Adds.", async () => ({}));',
    "with a shape": 'server.tool("add", { a: z.number() }, async () => ({}));',
    "with annotations": 'server.tool("add", "Adds.", { a: z.number() }, { readOnlyHint: true }, async () => ({}));',
    "with a configuration": 'server.registerTool("add", { description: "Adds.", inputSchema: {} }, async () => ({}));',
    "as an object": 'server.addTool({ name: "add", description: "Adds.", execute: async () => "" });',
    "several objects": 'server.addTools([{ name: "add", description: "Adds.", execute: async () => "" }]);',
    "bound": 'const tool = server.tool.bind(server); tool("add", "Adds.", async () => ({}));',
    "called": 'server.tool.call(server, "add", "Adds.", async () => ({}));',
    "applied": 'server.tool.apply(server, ["add", "Adds.", async () => ({})]);',
    "as a task": 'server.experimental.tasks.registerToolTask("add", { description: "Adds." }, {});',
    "by a page's helper": (
        'import { registerAppTool } from "@modelcontextprotocol/ext-apps/server";'
        'registerAppTool(server, "add", { description: "Adds." }, async () => ({}));'
    ),
    "a low-level handler": (
        'import { ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";'
        'server.server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: [{ name: "add" }] }));'
    ),
    "a handler named by its method": (
        'server.setRequestHandler("tools/list", () => ({ tools: [{ name: "add", inputSchema: { type: "object" } }] }));'
    ),
    "a handler whose request is written by hand": (
        'const Listing = z.object({ method: z.literal("tools/list") });'
        'server.setRequestHandler(Listing, () => ({ tools: [{ name: "add" }] }));'
    ),
}


@pytest.mark.parametrize("source", CALLS.values(), ids=CALLS)
def test_each_way_of_registering_is_known(source: str, body: Served) -> None:
    assert body(source) == {"add": None}


HELPERS = {
    "a wrapper": """
        function register(name, handler) { server.tool(name, `Does ${name}.`, {}, handler); }
        register("add", () => 1); register("take", () => 1);
    """,
    "a loop": "for (const name of ['add', 'take']) server.tool(name, {}, () => 1);",
    "a counting loop": "const names = ['add', 'take']; for (let i = 0; i < names.length; i++) server.tool(names[i], () => 1);",
    "a list of objects": """
        const tools = [{ name: "add" }, { name: "take" }];
        tools.forEach(({ name, ...rest }) => server.registerTool(name, rest, () => 1));
    """,
    "an object's values": """
        const tools = { first: { name: "add" }, second: { name: "take" } };
        Object.values(tools).map(tool => server.registerTool(tool.name, tool, () => 1));
    """,
    "an object's keys": """
        const handlers = { add: () => 1, take: () => 2 };
        for (const [name, handler] of Object.entries(handlers)) server.tool(name, {}, handler);
    """,
    "a class that registers itself": """
        class Tool { constructor(name) { this.name = name; } register(to) { to.tool(this.name, () => 1); } }
        class Add extends Tool { constructor() { super("add"); } }
        class Take extends Tool { constructor() { super("take"); } }
        [new Add(), new Take()].forEach(tool => tool.register(server));
    """,
    "a registry": """
        class Registry {
          #tools = new Map();
          set(tool) { this.#tools.set(tool.name, tool); return this; }
          get all() { return [...this.#tools.values()]; }
        }
        const registry = new Registry().set({ name: "add" }).set({ name: "take" });
        server.setRequestHandler("tools/list", async () => ({ tools: registry.all.map(t => ({ ...t })) }));
    """,
    "a generator": """
        function* tools() { yield { name: "add" }; yield* [{ name: "take" }]; }
        for (const tool of tools()) server.addTool(tool);
    """,
    "a prefix": "const withPrefix = (prefix) => (name) => server.tool(prefix + name, () => 1);"
    "const tool = withPrefix(''); ['add', 'TAKE'].map(name => name.toLowerCase()).forEach(tool);",
    "a promise": "Promise.resolve(['add', 'take']).then(names => names.forEach(name => server.tool(name, () => 1)));",
    "a reduced list": "[['add'], ['take']].reduce((all, some) => [...all, ...some], []).forEach(n => server.tool(n, () => 1));",
    "a server that is handed over": "const register = [s => s.tool('add', () => 1), s => s.tool('take', () => 1)];"
    "register.forEach(f => f(server));",
    "a method replaced by a wrapper": """
        const original = server.registerTool.bind(server);
        server.registerTool = (name, config, run) => original(name.slice(1), config, run);
        server.registerTool("_add", {}, () => 1); server.registerTool("_take", {}, () => 1);
    """,
}


@pytest.mark.parametrize("source", HELPERS.values(), ids=HELPERS)
def test_registrations_are_followed_through_the_programs_own_code(source: str, body: Served) -> None:
    assert body(source) == {"add": None, "take": None}


NO_TOOLS = {
    "a prompt": 'server.registerPrompt("ask", { description: "Asks." }, () => ({}));',
    "a resource": 'server.resource("file", "file:///x", () => ({}));',
    "an object that nothing serves": 'const agent = { name: "helper", description: "Helps.", inputSchema: {} };',
    "a command": 'import { program } from "commander"; program.command("tool").description("d").action(() => {});',
    "a tool of a language model's toolkit": 'import { tool } from "ai"; export const t = tool({ name: "x", execute() {} });',
    "a span": 'import trace from "tracer"; trace.start().tool("span");',
    "another request": 'server.setRequestHandler("prompts/list", () => ({ tools: [{ name: "x" }] }));',
    "a function that is never called": "function later() { server.tool('x', () => 1); } server.tool('y', () => 1);",
}


@pytest.mark.parametrize("source", NO_TOOLS.values(), ids=NO_TOOLS)
def test_what_no_server_serves_is_no_tool(source: str, body: Served) -> None:
    assert "x" not in body(source)
    assert not body(source).keys() - {"y"}


FRAMEWORKS = {
    "mcp-nest decorators": {
        "main.ts": """
            import { Tool } from "@rekog/mcp-nest";
            export class Sums { @Tool({ name: "add", description: "Adds." }) async add() {} @Tool({}) async take() {} }
        """
    },
    "mcp-nest decorators, compiled": {
        "main.js": """
            const { Tool } = require("@rekog/mcp-nest");
            class Sums { add() {} take() {} }
            __decorate([(0, Tool)({ name: "add" })], Sums.prototype, "add", null);
            __decorate([(0, Tool)({ name: "take" })], Sums.prototype, "take", null);
        """
    },
    "mcp-framework's folder": {
        "dist/index.js": 'import { MCPServer } from "mcp-framework"; new MCPServer().start();',
        "dist/tools/Add.js": 'import { MCPTool } from "mcp-framework"; export default class extends MCPTool { name = "add"; }',
        "dist/tools/Take.js": 'export default class Take { name = "take"; description = "Takes."; }',
    },
    "a server made with its tools": {
        "index.js": """
            import { MCPServer } from "@mastra/mcp";
            import { createTool } from "@mastra/core/tools";
            new MCPServer({ name: "demo", tools: { add: createTool({ id: "a" }), take: createTool({ id: "t" }) } });
        """
    },
    "a server that asks for its tools": {
        "index.js": """
            import { createMcpServer, tool } from "@demo/mcp-utils";
            createMcpServer({ name: "demo", tools: async () => ({ add: tool({ description: "Adds." }), take: tool({}) }) });
        """
    },
    "the protocol spoken by hand": {
        "index.js": """
            const TOOLS = [{ name: "add", inputSchema: {} }, { name: "take", inputSchema: {} }];
            require("readline").createInterface({}).on("line", line => {
              const message = JSON.parse(line);
              switch (message.method) {
                case "initialize": return send({ tools: [{ name: "x" }] });
                case "tools/list": return send({ id: message.id, result: { tools: TOOLS } });
              }
            });
        """
    },
}


@pytest.mark.parametrize("files", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_frameworks_above_the_sdk_are_known(files: dict[str, str], served: Served) -> None:
    assert served(files) == {"add": None, "take": None}


def test_a_name_that_cannot_be_read_is_unresolved_and_not_guessed(extract: Read) -> None:
    found = extract(
        """
        import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
        import { load } from "./elsewhere";
        const server = new McpServer({});
        for (const item of await load()) server.registerTool(item.id, {}, () => 1);
        """
    )
    assert found.tools == ()
    assert [(item.where, item.reason) for item in found.unresolved] == [
        ("index.js:5", "the tool's name is load().[…].id of ./elsewhere")
    ]


def test_a_program_that_registers_nothing_says_which_packages_may(extract: Read) -> None:
    found = extract('import { start } from "@demo/core"; start();')
    assert [item.reason for item in found.unresolved] == [
        "nothing here registers a tool; if it is served by a dependency, it is one of: @demo/core"
    ]


def test_the_first_definition_of_a_name_is_kept(extract: Read) -> None:
    found = extract(
        'declare("add", "First."); declare("add", "Second."); function declare(n, d) { s.tool(n, d, () => 1); }'
    )
    assert [(tool.name, tool.description) for tool in found.tools] == [("add", "First.")]
