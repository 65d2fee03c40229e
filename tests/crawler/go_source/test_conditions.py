"""Which tools are there by default, and what the others depend on."""

from collections.abc import Callable

import pytest

Served = Callable[..., dict[str, str | None]]

ALWAYS = {
    "a flag that is not given": 'safe := flag.Bool("safe", false, ""); flag.Parse(); if !*safe { add("x") }',
    "a flag that is on": 'on := flag.Bool("writes", true, ""); if *on { add("x") }',
    "a flag that sets a variable": 'var off bool; flag.BoolVar(&off, "off", false, ""); if !off { add("x") }',
    "a variable that is not set": 'if os.Getenv("READ_ONLY") == "" { add("x") }',
    "a variable that is looked up": 'if _, set := os.LookupEnv("READ_ONLY"); !set { add("x") }',
    "a key that must be there": 'if os.Getenv("KEY") == "" { log.Fatal("no key") }; add("x")',
    "a failure that does not happen": 'client, err := connect(); if err != nil { panic(err) }; _ = client; add("x")',
    "something that must not be missing": "client := connect(); if client == nil { return }; add(`x`)",
    "a known constant": 'const enabled = true; if enabled { add("x") }',
    "arguments that are not given": 'if len(os.Args) > 1 { usage() } else { add("x") }',
    "a guard that is usually passed": 'if os.Getenv("OFF") != "" { return }; add("x")',
    "the same tool on both sides": 'if whoKnows() { add("x") } else { add("x") }',
    "the case that is taken": 'switch kind := "all"; kind { case "all": add("x"); default: add("y") }',
    "the way every tool is started": 'switch os.Args[1] { case "serve": add("x") }',
}

SOMETIMES = {
    "a flag that is given": ('on := flag.Bool("admin", false, ""); if *on { add("x") }', "*on"),
    "a variable that is set": ('if os.Getenv("ADMIN") != "" { add("x") }', 'os.Getenv("ADMIN") != ""'),
    "what nobody knows": ('if whoKnows() { add("x") }', "whoKnows()"),
    "the other side": ('if whoKnows() { return }; add("x")', "!whoKnows()"),
    "a case that may fit": ('switch mode() { case "a": add("x") }', 'mode() is "a"'),
    "a list that grows": (
        'names := []string{}; if whoKnows() { names = append(names, "x") }; for _, name := range names { add(name) }',
        "whoKnows()",
    ),
    "a tool that is only made": ('_ = mcp.NewTool("x")', "it is made, and nothing that registers it was found"),
}


@pytest.mark.parametrize("case", ALWAYS)
def test_what_holds_by_default_makes_a_tool_unconditional(community: Served, case: str) -> None:
    assert community(ALWAYS[case])["x"] is None


@pytest.mark.parametrize("case", SOMETIMES)
def test_what_does_not_hold_by_default_is_said(community: Served, case: str) -> None:
    body, condition = SOMETIMES[case]
    assert community(f'add("usual")\n{body}') == {"usual": None, "x": condition}


def test_an_assignment_that_does_not_happen_by_default_is_taken_back(community: Served) -> None:
    body = 'prefix := "a_"; if os.Getenv("PREFIX") != "" { prefix = os.Getenv("PREFIX") }; add(prefix + "list")'
    assert community(body) == {"a_list": None}


def test_what_a_second_command_serves_alone_is_conditional(extract: Callable[..., object]) -> None:
    """The command whose name speaks of MCP comes first."""
    main = """
        package main
        import "github.com/mark3labs/mcp-go/mcp"
        import "github.com/mark3labs/mcp-go/server"
        func main() { server.NewMCPServer("a", "1").AddTool(mcp.NewTool("%s"), nil) }
    """
    found = extract({"cmd/demo-mcp/main.go": main % "first", "cmd/debug/main.go": main % "second"})
    tools = {tool.name: tool.conditional for tool in found.tools}  # type: ignore[attr-defined]
    assert tools == {"first": None, "second": "it is started as cmd/debug"}


def test_tests_samples_and_copies_of_other_modules_are_not_read(extract: Callable[..., object]) -> None:
    main = """
        package main
        import "github.com/mark3labs/mcp-go/mcp"
        import "github.com/mark3labs/mcp-go/server"
        func main() { server.NewMCPServer("a", "1").AddTool(mcp.NewTool("%s"), nil) }
    """
    places = ("main.go", "examples/client/main.go", "vendor/example.com/other/main.go", "main_test.go")
    found = extract({path: main % path for path in places})
    assert [tool.name for tool in found.tools] == ["main.go"]  # type: ignore[attr-defined]
