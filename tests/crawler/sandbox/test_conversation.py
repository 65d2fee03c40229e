"""Asking: in both protocol eras, and leniently; what a server gets wrong costs it no tool, and the listing says it."""

from collections.abc import Callable

import pytest

from crawler.sandbox.conversation import Heard

Start = Callable[..., Heard]
MODERN = """
for line in sys.stdin:
    message = json.loads(line)
    if message["method"] == "server/discover":
        found = {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}}
        say({"id": message["id"], "result": {**found, "resultType": "complete", "ttlMs": 0, "cacheScope": "private"}})
    elif message["method"] == "tools/list":
        page = {"tools": [TOOL], "resultType": "complete", "ttlMs": 0, "cacheScope": "private"}
        say({"id": message["id"], "result": page})
    else:
        raise SystemExit(message["method"])
"""


def names(heard: Heard) -> list[str]:
    return [tool.name for tool in heard.tools]


def test_the_older_era_is_spoken(listed: Start) -> None:
    heard = listed("serve()")
    assert (heard.outcome, names(heard), heard.protocol) == ("listed", ["peek"], "2025-11-25")
    assert heard.facts == {"server": "made-up", "version": "1"}


def test_the_newer_era_is_spoken(listed: Start) -> None:
    heard = listed(MODERN)
    assert (heard.outcome, names(heard), heard.protocol) == ("listed", ["peek"], "2026-07-28")


def test_a_server_that_dies_of_the_newer_era_is_asked_again_in_the_older_one(listed: Start) -> None:
    heard = listed("""
def strict(line):
    if json.loads(line)["method"] == "server/discover":
        raise SystemExit("unknown method")
    return line
sys.stdin = map(strict, sys.stdin)
serve()
""")
    assert (heard.outcome, names(heard), heard.protocol) == ("listed", ["peek"], "2025-11-25")


def test_definitions_are_kept_as_the_server_wrote_them_over_all_pages(listed: Start) -> None:
    heard = listed("""
def pages(params):
    number = int(params.get("cursor", 0))
    tool = {**TOOL, "name": f"tool{number}", "title": "T", "annotations": {"readOnlyHint": True, "own": 1},
            "outputSchema": {"type": "object"}, "inputSchema": {"type": "object", "x-own": [1.5, None]}}
    return {"tools": [tool], **({"nextCursor": str(number + 1)} if number < 3 else {})}
serve(pages)
""")
    assert names(heard) == ["tool0", "tool1", "tool2", "tool3"]
    first = heard.tools[0]
    assert (first.title, first.annotations) == ("T", {"readOnlyHint": True, "own": 1})
    assert (first.input_schema, first.output_schema) == ({"type": "object", "x-own": [1.5, None]}, {"type": "object"})


def test_a_page_that_the_sdk_refuses_for_one_tool_is_read_and_said(listed: Start) -> None:
    heard = listed("serve(lambda params: {'tools': [{'name': 'odd', 'inputSchema': {'properties': {}}}, TOOL]})")
    assert (heard.outcome, names(heard)) == ("listed", ["odd", "peek"])
    assert [(entry.where, entry.reason) for entry in heard.unresolved] == [
        ("odd", 'inputSchema: it is not of the type "object", as the protocol asks')
    ]


def test_an_entry_that_is_no_tool_is_said_and_the_others_are_kept(listed: Start) -> None:
    heard = listed("serve(lambda params: {'tools': [{'description': 'nameless'}, 7, TOOL]})")
    assert names(heard) == ["peek"]
    assert [entry.where for entry in heard.unresolved] == ["tools/0", "tools/1"]


def test_a_server_whose_greeting_the_sdk_refuses_is_asked_line_by_line(listed: Start) -> None:
    heard = listed("serve(more={'serverInfo': 'a string', 'capabilities': None, 'protocolVersion': '1999-01-01'})")
    assert (heard.outcome, names(heard), heard.protocol) == ("listed", ["peek"], "1999-01-01")
    assert heard.facts["lenient"] == "the official SDK cannot talk to this server"


@pytest.mark.parametrize(
    "code", ["serve(lambda params: {'tools': []})", "serve(lambda params: {'prompts': []})"], ids=["none", "no list"]
)
def test_a_server_without_tools_is_no_failure_of_its_own(listed: Start, code: str) -> None:
    heard = listed(code)
    assert (heard.outcome, heard.reason) == ("no-source", "it starts, and lists no tools")


def test_a_program_that_is_no_server_is_told_apart(listed: Start) -> None:
    heard = listed("print('usage: tool [OPTIONS]')")
    assert (heard.outcome, heard.reason) == (
        "not-a-server",
        "it ended without a word of the protocol: usage: tool [OPTIONS]",
    )
