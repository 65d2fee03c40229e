"""Programs as bundlers and minifiers write them."""

from collections.abc import Callable

import pytest

from crawler.extractor import Extraction

Read = Callable[..., Extraction]
Served = Callable[..., dict[str, str | None]]

SDK = """
var Protocol = class {
  setRequestHandler(schema, handler) { const m = schema.shape.method.value; this.assertCanSetRequestHandler(m); }
  assertCanSetRequestHandler(m) {} setNotificationHandler(s, h) {} removeRequestHandler(m) {}
};
var Server = class extends Protocol {
  assertNotificationCapability(m) {} assertRequestHandlerCapability(m) {} createMessage(p) {} listRoots() {}
};
var McpServer = class {
  constructor(info) { this.server = new Server(info); this._registeredTools = {}; }
  setToolRequestHandlers() { this.server.setRequestHandler(ListTools, () => ({ tools: [{ name: "never" }] })); }
  tool(name, ...rest) { this._registeredTools[name] = rest; this.setToolRequestHandlers(); }
  registerTool(name, config, cb) { this._registeredTools[name] = config; }
};
"""
ZOD = """
function $constructor(name, init) {
  function _(def) { const inst = this; init(inst, def); (inst._zod.deferred ??= []); return inst; }
  return _;
}
var ZodType = $constructor("ZodType", (inst, def) => {}), ZodObject = $constructor("ZodObject", () => {});
var ZodString = $constructor("ZodString", () => {}), ZodLiteral = $constructor("ZodLiteral", () => {});
function string(p) { return new ZodString({ type: "string", ...p }); }
function literal(v, p) { return new ZodLiteral({ type: "literal", values: Array.isArray(v) ? v : [v], ...p }); }
function object(shape, p) { return new ZodObject({ type: "object", shape: shape ?? {}, ...p }); }
"""

BUNDLES = {
    "esbuild, modules": """
        var __defProp = Object.defineProperty;
        var __export = (target, all) => { for (var name in all) __defProp(target, name, { get: all[name], enumerable: true }); };
        var __esm = (fn, res) => function __init() { return fn && (res = (0, fn[Object.getOwnPropertyNames(fn)[0]])(fn = 0)), res; };
        var tools_exports = {};
        __export(tools_exports, { add: () => add });
        var add;
        var init_tools = __esm({ "src/tools.ts"() { "use strict"; add = { name: "add" }; } });
        import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
        init_tools();
        var server = new McpServer({});
        for (const tool of Object.values(tools_exports)) server.registerTool(tool.name, tool, () => 1);
    """,
    "esbuild, CommonJS, minified": """
        var r=(t,e)=>()=>(e||t((e={exports:{}}).exports,e),e.exports);
        var n=r((x,o)=>{o.exports={N:"add",go:(s,e)=>s.tool(e,()=>1)}});
        import{McpServer as M}from"@modelcontextprotocol/sdk/server/mcp.js";
        var{N:a,go:g}=n(),s=new M({name:"x"});g(s,a),void 0;
    """,
    "webpack": """
        (() => { var modules = { 7: (m, exports, need) => { need.d(exports, { A: () => names }); const names = ["add"]; },
            9: (m) => { m.exports = require("@modelcontextprotocol/sdk/server/mcp.js"); } };
          var cache = {};
          function need(id) { var c = cache[id]; if (void 0 !== c) return c.exports;
            var m = (cache[id] = { exports: {} }); return modules[id](m, m.exports, need), m.exports; }
          need.d = (e, d) => { for (var k in d) Object.defineProperty(e, k, { enumerable: !0, get: d[k] }); };
          (() => { var sdk = need(9), names = need(7); const s = new sdk.McpServer({});
            names.A.forEach(n => { s.tool(n, () => 1); }); })();
        })();
    """,
    "sequences, ternaries and short truth values": """
        import{McpServer as M}from"@modelcontextprotocol/sdk/server/mcp.js";
        const s=new M({}),t=!0,f=!1;f?s.tool("take",()=>1):t&&(0,s.tool)("add",()=>1);
    """,
    "the SDK inside": SDK + 'var s = new McpServer({}); s.tool("add", {}, () => 1);',
    "the SDK inside, by its handler": SDK
    + ZOD
    + """
        var qe = object({ method: literal("tools/list") }), Xe = object({ method: literal("prompts/list") });
        var s = new Server({});
        s.setRequestHandler(qe, async () => ({ tools: [{ name: "add" }] }));
        s.setRequestHandler(Xe, async () => ({ tools: [{ name: "asked" }] }));
    """,
    "an async function for old engines": """
        import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
        function main() { return __awaiter(this, void 0, void 0, function* () {
          const s = yield make(); s.tool("add", () => 1); }); }
        function make() { return __awaiter(this, void 0, void 0, function* () { return new McpServer({}); }); }
        main().catch(e => process.exit(1));
    """,
    "a call that is awaited in parentheses": """
        const lib = { start: async (s) => s.tool("add", () => 1) };
        async function main() { await (0, lib.start)(new (require("@modelcontextprotocol/sdk").McpServer)({})); } main();
    """,
    "kept names": """
        import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
        var s = new McpServer({}); var go = /* @__PURE__ */ __name((n) => s.tool(n, () => 1), "go"); go("add");
    """,
    "compiled class fields": """
        import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
        var __classPrivateFieldGet = (o, m) => m.get(o);
        var _App_names;
        class App { constructor() { _App_names.set(this, ["add"]);
          Object.defineProperty(this, "server", { enumerable: true, value: new McpServer({}) }); }
          start() { __classPrivateFieldGet(this, _App_names, "f").forEach(n => this.server.tool(n, () => 1)); } }
        _App_names = new WeakMap(); new App().start();
    """,
}


@pytest.mark.parametrize("source", BUNDLES.values(), ids=BUNDLES)
def test_bundled_code_means_what_its_source_meant(source: str, served: Served) -> None:
    assert served(source) == {"add": None}


def test_a_renamed_zod_is_known_by_what_its_constructors_are_given(extract: Read) -> None:
    source = SDK + ZOD + 'new McpServer({}).registerTool("add", { inputSchema: object({ a: string() }) }, () => 1);'
    assert extract(source).tools[0].input_schema == {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "required": ["a"],
    }


def test_an_older_zod_is_known_too(extract: Read) -> None:
    source = (
        SDK
        + """
        var Kind; (function (k) { k["ZodObject"] = "ZodObject"; k["ZodNumber"] = "ZodNumber";
          k["ZodOptional"] = "ZodOptional"; })(Kind || (Kind = {}));
        var e = class { constructor(def) { this._def = def; } }, r = class extends e {}, t = class extends e {};
        var n = class extends e {};
        t.create = (shape) => new t({ shape: () => shape, typeName: Kind.ZodObject });
        n.create = () => new n({ checks: [], typeName: Kind.ZodNumber });
        r.create = (inner) => new r({ innerType: inner, typeName: Kind.ZodOptional });
        var l = { object: t.create, number: n.create, optional: r.create };
        new McpServer({}).tool("add", l.object({ a: l.number().describe("A number."), b: l.optional(l.number()) }), () => 1);
    """
    )
    assert extract(source).tools[0].input_schema == {
        "type": "object",
        "properties": {"a": {"type": "number", "description": "A number."}, "b": {"type": "number"}},
        "required": ["a"],
    }


def test_a_dependencys_own_tools_in_a_bundle_are_not_served(served: Served) -> None:
    source = (
        SDK
        + """
        var example = () => { const s = new McpServer({}); s.tool("from_the_examples", () => 1); };
        var definitions = [{ name: "search", description: "Searches.", inputSchema: { type: "object" } }];
        new McpServer({}).tool("add", () => 1);
    """
    )
    assert served(source) == {"add": None}
