"""What is found of a tool besides its name: description, schema, annotations, place."""

from collections.abc import Callable
from typing import Any

import pytest

from crawler.extractor import Extraction

Read = Callable[..., Extraction]

HEAD = """import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";
import { zodToJsonSchema } from "zod-to-json-schema";
const server = new McpServer({});
"""

PARTS: dict[str, dict[str, Any]] = {
    "z.string()": {"type": "string"},
    "z.string().min(1).max(9).describe('A word.')": {
        "type": "string",
        "minLength": 1,
        "maxLength": 9,
        "description": "A word.",
    },
    "z.string().url()": {"type": "string", "format": "uri"},
    "z.email()": {"type": "string", "format": "email"},
    "z.string().regex(/^a+$/)": {"type": "string", "pattern": "^a+$"},
    "z.number().int().positive()": {"type": "integer", "exclusiveMinimum": 0},
    "z.coerce.number().min(0).max(10)": {"type": "number", "minimum": 0, "maximum": 10},
    "z.boolean().refine(Boolean)": {"type": "boolean"},
    "z.enum(['a', 'b'])": {"type": "string", "enum": ["a", "b"]},
    "z.enum(LEVELS)": {"type": "string", "enum": ["low", "high"]},
    "z.nativeEnum({ A: 1, B: 2 })": {"type": "number", "enum": [1, 2]},
    "z.literal('x')": {"type": "string", "const": "x"},
    "z.array(z.string()).min(2)": {"type": "array", "items": {"type": "string"}, "minItems": 2},
    "z.record(z.string(), z.number())": {"type": "object", "additionalProperties": {"type": "number"}},
    "z.union([z.string(), z.number()])": {"anyOf": [{"type": "string"}, {"type": "number"}]},
    "z.string().or(z.null())": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    "z.string().nullable()": {"type": ["string", "null"]},
    "z.tuple([z.string()])": {"type": "array", "prefixItems": [{"type": "string"}]},
    "z.any()": {},
    "z.object({ b: z.string().optional() }).strict()": {
        "type": "object",
        "properties": {"b": {"type": "string"}},
        "additionalProperties": False,
    },
    "z.preprocess(v => v, z.number())": {"type": "number"},
    "z.lazy(() => z.string())": {"type": "string"},
    "z.array(someone.else())": {"type": "array", "items": {}},
}


@pytest.mark.parametrize(("part", "expected"), PARTS.items(), ids=PARTS)
def test_each_zod_type_is_written_as_json_schema(part: str, expected: dict[str, Any], extract: Read) -> None:
    found = extract(f"const LEVELS = ['low', 'high']; server.tool('t', {{ a: {part} }}, () => 1);", head=HEAD)
    assert found.tools[0].input_schema == {"type": "object", "properties": {"a": expected}, "required": ["a"]}


WHOLE = {
    "left out or given by default": "{ a: z.string(), b: z.number().default(3), c: z.string().optional() }",
    "extended": "z.object({ a: z.string() }).extend({ b: z.number().default(3), c: z.string().optional() })",
    "merged": "z.object({ a: z.string() }).merge(z.object({ b: z.number().default(3), c: z.string().optional() }))",
    "from a shape": "{ ...z.object({ a: z.string() }).shape, b: z.number().default(3), c: z.optional(z.string()) }",
    "picked": "z.object({ a: z.string(), b: z.number().default(3), c: z.string().optional(), d: z.any() }).omit({ d: true })",
    "as a document": "zodToJsonSchema(z.object({ a: z.string(), b: z.number().default(3), c: z.string().optional() }))",
    "by zod itself": "z.toJSONSchema(z.object({ a: z.string(), b: z.number().default(3), c: z.string().optional() }))",
    "by hand": "{ type: 'object', properties: { a: { type: 'string' }, b: { type: 'number', default: THREE },"
    " c: { type: 'string' } }, required: ['a'] }",
    "frozen": "Object.freeze({ a: z.string(), b: z.number().default(THREE), c: z.string().optional() })",
}


@pytest.mark.parametrize("schema", WHOLE.values(), ids=WHOLE)
def test_each_way_of_writing_a_schema_gives_the_same(schema: str, extract: Read) -> None:
    source = f"const THREE = 1 + 2; server.registerTool('t', {{ description: 'd', inputSchema: {schema} }}, () => 1);"
    assert extract(source, head=HEAD).tools[0].input_schema == {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "number", "default": 3}, "c": {"type": "string"}},
        "required": ["a"],
    }


def test_a_definition_is_read_whole(extract: Read) -> None:
    source = """
        const TEXT = ["Adds", "numbers"].join(" ");
        server.registerTool(
          "add",
          {
            title: "Add",
            description: `${TEXT}.`,
            inputSchema: { a: z.number() },
            outputSchema: { sum: z.number() },
            annotations: { readOnlyHint: true, openWorldHint: !1 },
          },
          async () => ({}),
        );
    """
    (tool,) = extract(source, head=HEAD).tools
    assert (tool.title, tool.description) == ("Add", "Adds numbers.")
    assert tool.annotations == {"readOnlyHint": True, "openWorldHint": False}
    assert tool.output_schema == {"type": "object", "properties": {"sum": {"type": "number"}}, "required": ["sum"]}
    assert tool.where == "index.js:9"


def test_annotations_and_schema_are_told_apart_by_what_they_hold(extract: Read) -> None:
    source = 'server.tool("add", "Adds.", { a: z.number() }, { title: "Add", readOnlyHint: true }, async () => ({}));'
    (tool,) = extract(source, head=HEAD).tools
    assert tool.input_schema is not None
    assert tool.input_schema["required"] == ["a"]
    assert tool.annotations == {"title": "Add", "readOnlyHint": True}


def test_what_is_not_known_of_a_schema_is_left_out(extract: Read) -> None:
    source = """
        import { elsewhere } from "elsewhere";
        server.registerTool("add", { description: elsewhere.text, inputSchema: elsewhere.schema }, () => 1);
        server.registerTool("take", { inputSchema: { type: "object", properties: { a: elsewhere, b: {} } } }, () => 1);
    """
    add, take = extract(source, head=HEAD).tools
    assert (add.description, add.input_schema) == (None, None)
    assert take.input_schema == {"type": "object", "properties": {"b": {}}}


def test_of_a_text_with_unknown_parts_the_known_ones_are_kept(extract: Read) -> None:
    source = """
        import { hostname } from "./elsewhere";
        server.tool("add", `Adds a number to the one that is kept on ${hostname()}, and returns the sum.`, () => 1);
        server.tool("few", `On ${hostname()}.`, () => 1);
    """
    found = {tool.name: tool.description for tool in extract(source).tools}
    assert found == {"add": "Adds a number to the one that is kept on …, and returns the sum.", "few": None}


def test_a_parameter_that_only_an_option_adds_is_left_out(extract: Read) -> None:
    source = """
        const properties = { name: { type: "string" } };
        if (process.env.VERBOSE) properties.verbose = { type: "boolean" };
        server.registerTool("add", { inputSchema: { type: "object", properties } }, () => 1);
    """
    (tool,) = extract(source).tools
    assert tool.input_schema == {"type": "object", "properties": {"name": {"type": "string"}}}
