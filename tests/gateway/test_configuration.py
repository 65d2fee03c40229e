"""What clients' configurations share is read with bounds; a strange entry is kept as a server that is unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.client import ConfiguredServer
from gateway.configuration import MOST_SERVERS, read_json, read_toml, servers_at
from toolcensus.errors import InputError, LimitError


def one(entry: object) -> ConfiguredServer:
    (server,) = servers_at({"mcpServers": {"a/b": entry}}, "mcpServers")
    return server


@pytest.mark.parametrize(
    "entry", [None, 5, [], "npx", {}, {"command": 5}, {"command": " "}, {"url": ["x"]}, {"env": []}]
)
def test_an_entry_that_starts_nothing_is_kept(entry: object) -> None:
    assert one(entry) == ConfiguredServer(name="a/b", where="/mcpServers/a~1b")


def test_numbers_among_the_arguments_are_text_and_anything_else_is_a_question_mark() -> None:
    assert one({"command": "x", "args": ["a", 5, True, None, {"b": 1}]}).args == ("a", "5", "True", "?", "?")


def test_a_command_that_is_a_whole_line_is_masked_as_well() -> None:
    assert one({"command": "npx -y name --token hunter2"}).command == "npx -y name --token ***"


@pytest.mark.parametrize(
    ("entry", "transport"),
    [
        ({"command": "x", "url": "https://host/sse"}, "stdio"),
        ({"url": "https://host/mcp"}, "http"),
        ({"url": "https://host/sse"}, "sse"),
        ({"url": "https://host/mcp", "type": "sse"}, "sse"),
        ({"url": "https://host/mcp", "type": "streamable-http"}, "http"),
    ],
)
def test_how_a_server_is_reached(entry: dict[str, object], transport: str) -> None:
    assert one(entry).transport == transport


@pytest.mark.parametrize("entry", [{"command": "x", "disabled": True}, {"command": "x", "enabled": False}])
def test_a_server_that_is_switched_off_says_so(entry: dict[str, object]) -> None:
    assert one(entry).disabled


def test_keys_that_are_not_there_name_no_server() -> None:
    assert servers_at({"other": 1}, "mcpServers") == ()


@pytest.mark.parametrize("held", [[], "x", 5])
def test_servers_that_are_no_object_are_an_error(held: object) -> None:
    with pytest.raises(InputError, match="/mcpServers is no object"):
        servers_at({"mcpServers": held}, "mcpServers")


def test_more_servers_than_anybody_configures_are_refused() -> None:
    with pytest.raises(LimitError, match="names 1,001 servers"):
        servers_at({"mcpServers": dict.fromkeys(map(str, range(MOST_SERVERS + 1)))}, "mcpServers")


def test_a_document_that_is_no_object_is_an_error() -> None:
    with pytest.raises(InputError, match="the document is no object"):
        read_json(b"[1]")


@pytest.mark.parametrize("document", [b"a = ", b"\xff", b"a = " + b"[" * 100_000])
def test_toml_that_cannot_be_read_is_an_error(document: bytes) -> None:
    with pytest.raises(InputError):
        read_toml(document)


KEYS = st.sampled_from(["command", "args", "env", "url", "type", "cwd", "disabled"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_whatever_an_entry_holds_it_is_one_server(entries: dict[str, object]) -> None:
    found = servers_at({"mcpServers": entries}, "mcpServers")
    assert [server.name for server in found] == sorted(entries)
