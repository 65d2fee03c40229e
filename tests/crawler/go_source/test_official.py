"""The official SDK: tools as structs, and schemas from the types of their handlers."""

from collections.abc import Callable

import pytest

from crawler.extractor import Extraction

Official = Callable[..., Extraction]

HANDLER = """
func handle(ctx context.Context, req *mcp.CallToolRequest, in Input) (*mcp.CallToolResult, any, error) {
	return nil, nil, nil
}
"""

FIELDS = {
    'Name string `json:"name"`': ({"name": {"type": "string"}}, ["name"]),
    'Name string `json:"name,omitempty"`': ({"name": {"type": "string"}}, None),
    'Name string `json:"name" jsonschema:"who it is"`': (
        {"name": {"type": "string", "description": "who it is"}},
        ["name"],
    ),
    'Name string `json:"-"`': ({}, None),
    "Name string": ({"Name": {"type": "string"}}, ["Name"]),
    "name string": ({}, None),
    'Tags []string `json:"tags"`': ({"tags": {"type": ["null", "array"], "items": {"type": "string"}}}, ["tags"]),
    'Size *int `json:"size,omitempty"`': ({"size": {"type": ["null", "integer"]}}, None),
    'More map[string]bool `json:"more,omitzero"`': (
        {"more": {"type": "object", "additionalProperties": {"type": "boolean"}}},
        None,
    ),
    'Any any `json:"any"`': ({"any": {}}, ["any"]),
    "Page": ({"page": {"type": "integer"}}, ["page"]),
    'Level Level `json:"level"`': ({"level": {"type": "string"}}, ["level"]),
    'Mode string `json:"mode" jsonschema:"required,enum=a,enum=b,description=How\\\\, exactly"`': (
        {"mode": {"type": "string", "enum": ["a", "b"], "description": "How, exactly"}},
        ["mode"],
    ),
    'In struct { Deep float64 `json:"deep"` } `json:"in"`': (
        {
            "in": {
                "type": "object",
                "properties": {"deep": {"type": "number"}},
                "additionalProperties": False,
                "required": ["deep"],
            }
        },
        ["in"],
    ),
}
KINDS = 'type Level string\ntype Page struct { Number int `json:"page"` }\n'


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_the_handlers_struct_is_a_parameter(official: Official, field: str) -> None:
    rest = f"{KINDS}type Input struct {{ {field} }}\n{HANDLER}"
    tool = official('mcp.AddTool(s, &mcp.Tool{Name: "x"}, handle)', rest).tools[0]
    properties, required = FIELDS[field]
    expected = {"type": "object", "properties": properties, "additionalProperties": False}
    assert tool.input_schema == (expected | {"required": required} if required else expected)


HANDLERS = {
    "a function": "handle",
    "a literal": "func(ctx context.Context, req *mcp.CallToolRequest, in Input) (r, o, e any) { return }",
    "a method": "service{}.handle",
    "a function that makes one": "maker()",
    "a generic wrapper": "wrap(handle)",
    "an older SDK's request": "func(ctx context.Context, s *mcp.ServerSession, p *mcp.CallToolParamsFor[Input]) {}",
}


@pytest.mark.parametrize("handler", HANDLERS)
def test_the_struct_is_found_through_any_kind_of_handler(official: Official, handler: str) -> None:
    rest = (
        'type Input struct { City string `json:"city"` }\ntype service struct{}\n'
        + HANDLER
        + HANDLER.replace("func handle", "func (service) handle")
        + "func maker() mcp.ToolHandlerFor[Input, any] { return handle }\n"
        "func wrap[In, Out any](h mcp.ToolHandlerFor[In, Out]) mcp.ToolHandlerFor[In, Out] {\n"
        "return func(c context.Context, r *mcp.CallToolRequest, in In) (*mcp.CallToolResult, Out, error) "
        "{ return h(c, r, in) } }\n"
    )
    tool = official(f'mcp.AddTool(s, &mcp.Tool{{Name: "x"}}, {HANDLERS[handler]})', rest).tools[0]
    assert tool.input_schema is not None
    assert tool.input_schema["properties"] == {"city": {"type": "string"}}


def test_a_tool_that_gives_its_own_schema_keeps_it(official: Official) -> None:
    body = """
        s.AddTool(&mcp.Tool{
            Name: "x", Title: "X", Description: "Does x.",
            Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true, DestructiveHint: ptr(false)},
            InputSchema: &jsonschema.Schema{
                Type: "object",
                Properties: map[string]*jsonschema.Schema{"mode": {Type: "string", Enum: []any{"a", "b"}}},
                Required: []string{"mode"},
            },
        }, nil)
    """
    tool = official(body, "func ptr[T any](value T) *T { return &value }").tools[0]
    assert (tool.title, tool.description) == ("X", "Does x.")
    assert tool.annotations == {"readOnlyHint": True, "destructiveHint": False}
    assert tool.input_schema == {
        "type": "object",
        "properties": {"mode": {"type": "string", "enum": ["a", "b"]}},
        "required": ["mode"],
    }


def test_a_schema_that_is_derived_by_hand_is_the_types(official: Official) -> None:
    body = """
        schema, err := jsonschema.For[Input](nil)
        if err != nil { panic(err) }
        s.AddTool(&mcp.Tool{Name: "x", InputSchema: schema}, nil)
    """
    tool = official(body, "type Input struct { A bool }").tools[0]
    assert tool.input_schema is not None
    assert tool.input_schema["properties"] == {"A": {"type": "boolean"}}


def test_a_bare_request_tells_no_parameters(official: Official) -> None:
    handler = "func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) { return nil, nil }"
    assert official(f'mcp.AddTool(s, &mcp.Tool{{Name: "x"}}, {handler})').tools[0].input_schema is None


def test_a_type_that_holds_itself_ends(official: Official) -> None:
    rest = f'type Input struct {{ Next *Input `json:"next,omitempty"` }}\n{HANDLER}'
    tool = official('mcp.AddTool(s, &mcp.Tool{Name: "x"}, handle)', rest).tools[0]
    assert tool.input_schema is not None
    assert tool.input_schema["properties"] == {"next": {"type": ["null", "object"]}}


def test_parameters_are_found_where_a_program_derives_them_from_a_handler_itself(official: Official) -> None:
    """The function that makes the tool is given a typed handler, and looks into it while it runs."""
    rest = """
        type Input struct { Query string `json:"query" jsonschema:"required,description=What to find"` }
        func search(ctx context.Context, in Input) (string, error) { return "", nil }
        func tool[T, R any](name string, handler func(context.Context, T) (R, error)) *mcp.Tool {
            return &mcp.Tool{Name: name, InputSchema: reflected(handler)}
        }
    """
    tool_found = official('s.AddTool(tool("search", search), nil)', rest).tools[0]
    assert tool_found.input_schema is not None
    assert tool_found.input_schema["properties"] == {"query": {"type": "string", "description": "What to find"}}
