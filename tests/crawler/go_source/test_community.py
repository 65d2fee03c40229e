"""mcp-go: tools made from options, and the ways in which programs register them."""

from collections.abc import Callable

import pytest

from crawler.extractor import Extraction

Read = Callable[..., Extraction]
Served = Callable[..., dict[str, str | None]]

WAYS = {
    "one": 's.AddTool(mcp.NewTool("x"), nil)',
    "several": 's.AddTools(server.ServerTool{Tool: mcp.NewTool("x"), Handler: nil})',
    "a slice that is spread": 's.AddTools([]server.ServerTool{{Tool: mcp.NewTool("x")}}...)',
    "a loop over names": 'for _, name := range []string{"x"} { add(name) }',
    "a loop over a map": 'for name := range map[string]string{"x": ""} { add(name) }',
    "a name that is put together": 'const prefix = "x"; add(prefix + "")',
    "a name that is formatted": 'add(fmt.Sprintf("%s%d", "x", 1)[:1])',
    "a name in other letters": 'add(strings.ToLower("X"))',
    "a function literal": 'func(name string) { add(name) }("x")',
    "a goroutine": 'go func() { add("x") }()',
    "a callback": 'library.Do(func() { add("x") })',
    "a struct of the SDK": 's.AddTool(mcp.Tool{Name: "x"}, nil)',
    "a pointer to one": 'tool := mcp.NewTool("y"); tool.Name = "x"; s.AddTool(tool, nil)',
    "a name of its own type": "type Name string; const only Name = `x`; add(string(only))",
    "another SDK's words": 's.RegisterTool("x", "Does x.", handle)',
}

ONE_OPTION = {
    'mcp.WithString("a")': {"type": "string"},
    'mcp.WithNumber("a", mcp.Min(1), mcp.Max(9), mcp.DefaultNumber(5))': {
        "type": "number",
        "minimum": 1,
        "maximum": 9,
        "default": 5,
    },
    'mcp.WithBoolean("a", mcp.DefaultBool(true))': {"type": "boolean", "default": True},
    'mcp.WithString("a", mcp.Enum("up", "down"), mcp.Description("Where to."))': {
        "type": "string",
        "enum": ["up", "down"],
        "description": "Where to.",
    },
    'mcp.WithArray("a", mcp.WithStringItems(mcp.MinLength(2)))': {
        "type": "array",
        "items": {"type": "string", "minLength": 2},
    },
    'mcp.WithArray("a", mcp.Items(map[string]any{"type": "number"}))': {"type": "array", "items": {"type": "number"}},
    'mcp.WithObject("a", mcp.Properties(map[string]any{"b": map[string]any{"type": "string"}}))': {
        "type": "object",
        "properties": {"b": {"type": "string"}},
    },
}


@pytest.mark.parametrize("way", WAYS)
def test_a_tool_is_found_however_it_is_registered(community: Served, way: str) -> None:
    assert community(WAYS[way]) == {"x": None}


@pytest.mark.parametrize("option", ONE_OPTION)
def test_an_option_becomes_a_parameter(extract: Read, option: str) -> None:
    tool = extract(COMMAND % f'mcp.NewTool("x", {option})').tools[0]
    assert tool.input_schema == {"type": "object", "properties": {"a": ONE_OPTION[option]}}


COMMAND = """
package main

import "github.com/mark3labs/mcp-go/mcp"
import "github.com/mark3labs/mcp-go/server"

func main() { server.NewMCPServer("a", "1").AddTool(%s, nil) }
"""


def test_what_is_required_and_what_is_hinted_is_read(extract: Read) -> None:
    """A tool whose author hints nothing is told as one that may destroy, as mcp-go tells it."""
    options = 'mcp.WithDescription("Finds."), mcp.WithReadOnlyHintAnnotation(true), mcp.WithString("q", mcp.Required())'
    tool = extract(COMMAND % f'mcp.NewTool("find", {options})').tools[0]
    assert tool.description == "Finds."
    assert tool.input_schema == {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}
    assert tool.annotations == {
        "readOnlyHint": True,
        "destructiveHint": True,
        "idempotentHint": False,
        "openWorldHint": True,
    }


def test_a_schema_in_json_is_taken_as_it_is(extract: Read) -> None:
    raw = 'mcp.NewToolWithRawSchema("x", "X.", []byte(`{"type": "object", "properties": {"a": {}}}`))'
    assert extract(COMMAND % raw).tools[0].input_schema == {"type": "object", "properties": {"a": {}}}


def test_an_option_of_the_program_itself_is_followed(extract: Read) -> None:
    paging = 'func paging() mcp.ToolOption { return func(t *mcp.Tool) { mcp.WithNumber("page")(t) } }\n'
    tool = extract(COMMAND % 'mcp.NewTool("x", paging())' + paging).tools[0]
    assert tool.input_schema == {"type": "object", "properties": {"page": {"type": "number"}}}


TOOLSETS = {
    "main.go": """
        package main
        import ("github.com/spf13/cobra"; "github.com/mark3labs/mcp-go/server"; "example.com/demo/sets")
        var command = &cobra.Command{RunE: func(c *cobra.Command, _ []string) error {
            enabled, err := c.Flags().GetStringSlice("sets")
            if err != nil { return err }
            all := sets.New(map[string]*sets.Set{"files": sets.Files(translate), "admin": sets.Admin()})
            all.Enable(enabled)
            all.Register(server.NewMCPServer("a", "1"))
            return nil
        }}
        func init() { command.Flags().StringSlice("sets", []string{"files"}, "what to serve") }
        func main() { command.Execute() }
        func translate(key, text string) string { return lookUp(key, text) }
    """,
    "sets/sets.go": """
        package sets
        import ("github.com/mark3labs/mcp-go/mcp"; "github.com/mark3labs/mcp-go/server")
        type Set struct { Enabled bool; tools []server.ServerTool }
        type Group struct { sets map[string]*Set }
        func New(sets map[string]*Set) *Group { return &Group{sets} }
        func (g *Group) Enable(names []string) { for _, name := range names { g.sets[name].Enabled = true } }
        func (g *Group) Register(s *server.MCPServer) { for _, set := range g.sets { set.register(s) } }
        func (set *Set) register(s *server.MCPServer) {
            if !set.Enabled { return }
            for _, tool := range set.tools { s.AddTool(tool.Tool, tool.Handler) }
        }
        func (set *Set) add(tool mcp.Tool, handler server.ToolHandlerFunc) *Set {
            set.tools = append(set.tools, server.ServerTool{Tool: tool, Handler: handler})
            return set
        }
        func Files(t func(key, text string) string) *Set { return (&Set{}).add(readFile(t)) }
        func Admin() *Set { return (&Set{}).add(mcp.NewTool("wipe"), nil) }
        func readFile(t func(key, text string) string) (tool mcp.Tool, handler server.ToolHandlerFunc) {
            return mcp.NewTool("read_file", mcp.WithDescription(t("READ_FILE", "Reads a file."))), nil
        }
    """,
}


def test_sets_of_tools_are_enabled_by_the_flags_defaults(extract: Read) -> None:
    """The text that a translation falls back to is the description."""
    found = {tool.name: (tool.description, tool.conditional) for tool in extract(TOOLSETS).tools}
    assert found == {
        "read_file": ("Reads a file.", None),
        "wipe": (None, "it is made, and nothing that registers it was found"),
    }


def test_tools_behind_an_interface_are_found(community: Served) -> None:
    rest = """
        type tool interface { Define() mcp.Tool }
        type base struct { name string }
        func (b base) Define() mcp.Tool { return mcp.NewTool(b.name) }
        type list struct { base }
        type find struct{}
        func (*find) Define() mcp.Tool { return mcp.NewTool("find") }
    """
    body = 'for _, each := range []tool{&list{base{"list"}}, &find{}} { s.AddTool(each.Define(), nil) }'
    assert community(body, rest) == {"find": None, "list": None}


def test_a_program_that_speaks_the_protocol_itself_is_read_by_what_its_tools_are(extract: Read) -> None:
    source = """
        package main
        type Tool struct {
            Name string `json:"name"`
            Description string `json:"description"`
            InputSchema map[string]any `json:"inputSchema"`
        }
        var tools []Tool
        func init() { tools = append(tools, Tool{Name: "ping", InputSchema: map[string]any{"type": "object"}}) }
        func main() { serve(tools) }
    """
    tool = extract(source).tools[0]
    assert (tool.name, tool.input_schema, tool.conditional) == ("ping", {"type": "object"}, None)


def test_what_cannot_be_read_is_said_with_its_place(extract: Read) -> None:
    found = extract(COMMAND % "mcp.NewTool(elsewhere.Name())")
    assert found.tools == ()
    assert [(each.where, each.reason) for each in found.unresolved] == [
        ("main.go:7", "the tool's name is the result of elsewhere.Name()")
    ]


def test_a_program_of_which_nothing_can_be_followed_says_so(extract: Read) -> None:
    found = extract('package main\nimport "github.com/mark3labs/mcp-go/server"\nfunc main() { server.Go() }')
    assert [each.reason for each in found.unresolved] == ["nothing that it starts leads to an MCP server"]


def test_a_library_without_a_command_is_read_by_its_functions(extract: Read) -> None:
    source = """
        package tools
        import "github.com/mark3labs/mcp-go/mcp"
        import "github.com/mark3labs/mcp-go/server"
        type Service struct { server *server.MCPServer }
        func (x *Service) Register() { x.server.AddTool(mcp.NewTool("serve"), nil) }
    """
    assert [(tool.name, tool.conditional) for tool in extract({"tools/tools.go": source}).tools] == [("serve", None)]
