"""Server cards as they are really written, and of which server each speaks."""

import json
from typing import Any

import pytest

from crawler.cards import find_card, read_manifest

HOST = "https://a.example/.well-known/mcp/server-card.json"
REMOTE = "https://a.example/mcp"
TOOL = {"name": "read_file", "description": "Read one.", "inputSchema": {"type": "object"}}


def find(document: Any, place: str = HOST, remote: str = REMOTE) -> Any:
    return find_card(json.dumps(document).encode(), place, remote)


def test_card_of_the_first_proposal_lists_its_tools() -> None:
    card = find(
        {
            "serverInfo": {"name": "files", "title": "Files", "version": "2"},
            "protocolVersion": "2025-06-18",
            "transport": {"type": "streamable-http", "endpoint": "/mcp"},
            "authentication": {"required": True, "schemes": ["oauth2"]},
            "instructions": "Ask away.",
            "tools": [TOOL],
        }
    )
    assert [tool.name for tool in card.tools] == ["read_file"]
    assert (card.protocol, card.addresses) == ("2025-06-18", ("https://a.example/mcp",))
    assert card.facts == {
        "card": HOST,
        "server": "files",
        "title": "Files",
        "version": "2",
        "instructions": "Ask away.",
        "login": "required",
    }


def test_card_of_the_second_proposal_gives_no_list() -> None:
    remotes = [{"type": "streamable-http", "url": "https://a.example/mcp", "supportedProtocolVersions": []}]
    card = find({"name": "example.a/files", "version": "1.0", "description": "Files.", "remotes": remotes})
    assert (card.tools, card.facts["server"], card.facts["instructions"]) == (None, "example.a/files", "Files.")


@pytest.mark.parametrize("tools", [["dynamic"], [], "dynamic", None])
def test_list_that_is_made_at_run_time_is_none(tools: Any) -> None:
    assert find({"serverInfo": {"name": "x"}, "tools": tools}).tools is None


def test_document_of_several_servers_speaks_of_the_one_with_the_address() -> None:
    servers = {
        "mail": {"url": "https://a.example/mail/mcp", "tools": [TOOL | {"name": "send"}]},
        "files": {"url": "https://a.example/files/mcp", "tools": [TOOL]},
    }
    for document in ({"servers": list(servers.values())}, {"mcpServers": servers}):
        card = find(document, remote="https://a.example/files/mcp/")
        assert [tool.name for tool in card.tools] == ["read_file"]
        assert find(document, remote="https://a.example/other/mcp") is None


@pytest.mark.parametrize(
    ("remote", "found"),
    [("https://a.example/mcp", True), ("https://a.example/", True), ("https://a.example/tenants/7/mcp", False)],
)
def test_card_without_an_address_speaks_of_the_only_server_of_its_host(remote: str, found: bool) -> None:
    assert (find({"serverInfo": {"name": "x"}, "tools": [TOOL]}, remote=remote) is not None) == found


def test_card_at_the_endpoint_itself_speaks_of_it() -> None:
    remote = "https://a.example/tenants/7/mcp"
    assert find({"serverInfo": {"name": "x"}, "tools": [TOOL]}, f"{remote}/server-card", remote)


def test_card_of_another_address_is_not_ours() -> None:
    assert find({"serverInfo": {"name": "x"}, "transport": {"url": "https://b.example/mcp"}, "tools": [TOOL]}) is None


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'"x"', b'{"name":"x","url":"/mcp"}', b"[" * 10_000, b"\xff"])
def test_what_is_no_card_is_none(body: bytes) -> None:
    assert find_card(body, HOST, REMOTE) is None


def test_manifest_of_a_bundle_lists_tools_without_schemas() -> None:
    tools = [{"name": "read_file", "description": "Read one."}]
    card = read_manifest(
        json.dumps({"name": "files", "version": "1", "tools": tools, "tools_generated": True}).encode()
    )
    assert card
    assert [(tool.name, tool.description) for tool in card.tools or ()] == [("read_file", "Read one.")]
    assert [entry.reason for entry in card.unresolved] == [
        "inputSchema: there is none",
        "it says that more tools are made when the server runs",
    ]
    assert read_manifest(b"{}") is None
