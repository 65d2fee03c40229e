"""Reading tool definitions that strangers wrote: what is a tool, what is an error, and what the error says."""

from typing import Any

import msgspec
import pytest

from toolcensus import protocol
from toolcensus.errors import InputError, LimitError
from toolcensus.protocol import Entry, parse, read
from toolcensus.records import Tool


def test_a_definition_is_read_and_what_the_protocol_does_not_name_is_ignored() -> None:
    line = b"""{"name": "get_time", "title": null, "description": "Tells the time.", "inputSchema": {"type": "object"},
        "annotations": {"readOnlyHint": true}, "_meta": {"x": 1}, "icons": [], "server": "pkg:npm/clock"}"""
    tool = Tool(
        name="get_time",
        description="Tells the time.",
        input_schema={"type": "object"},
        annotations={"readOnlyHint": True},
    )
    assert read(line).entries == (Entry(tool, "pkg:npm/clock"),)
    assert not read(line).listed


@pytest.mark.parametrize(
    "line",
    [
        b'{"tools": [{"name": "a"}, {"name": "b"}], "nextCursor": "x"}',
        b'{"jsonrpc": "2.0", "id": 1, "result": {"tools": [{"name": "a"}, {"name": "b"}]}}',
        b'\xef\xbb\xbf{"tools": [{"name": "a"}, {"name": "b"}]}',
    ],
)
def test_a_list_is_read_bare_or_in_its_json_rpc_answer(line: bytes) -> None:
    definitions = read(line)
    assert definitions.listed
    assert definitions.entries == (Entry(Tool(name="a")), Entry(Tool(name="b")))


def test_a_bad_entry_of_a_list_is_an_error_in_its_place_and_the_others_are_kept() -> None:
    first, second, third = read(b'{"server": "s", "tools": [{"name": "a"}, 7, {"name": ""}]}').entries
    assert first == Entry(Tool(name="a"), "s")
    assert isinstance(second, InputError)
    assert second.message == "a tool definition is an object, not a number"
    assert isinstance(third, InputError)
    assert third.message == "name: a string that is not empty is needed; it is empty"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"name": "\xff"}', "not UTF-8"),
        (b'{"name": "a"} {"name": "b"}', "not JSON"),
        (b'{"name": NaN}', "not JSON"),
        (b'{"name": "\\ud800"}', "not JSON"),
        (b"null", "a tool definition is an object, not null"),
        (b"[]", "a tool definition is an object, not an array"),
        (b"{}", "name: a string that is not empty is needed; it is missing"),
        (b'{"name": 3}', "name: a string that is not empty is needed; it is not a number"),
        (b'{"name": "a", "description": 3}', "description: a string is needed, not a number"),
        (b'{"name": "a", "inputSchema": "x"}', "inputSchema: an object is needed, not a string"),
        (b'{"name": "a", "inputSchema": true}', "inputSchema: an object is needed, not true or false"),
        (b'{"name": "a", "inputSchema": {"properties": []}}', "inputSchema/properties: an object is needed"),
        (b'{"name": "a", "annotations": []}', "annotations: an object is needed, not an array"),
        (b'{"tools": {}}', "tools: an array is needed, not an object"),
        (b'{"jsonrpc": "2.0", "error": {"code": 1}}', "a JSON-RPC message without a list of tools"),
        (b'{"name": "a", "description": "x", "description": "y"}', "the key 'description' stands twice in one object"),
        (b'{"name": "a", "inputSchema": {"a": {"b": 1, "b": 2}}}', "the key 'b' stands twice in one object"),
    ],
)
def test_what_is_no_definition_is_an_error_that_says_what_and_what_to_do(line: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(line)
    assert caught.value.message.startswith(message)
    assert caught.value.advice


@pytest.mark.parametrize("text", [':"', '\\":', '"', "a: b", '{"a": 1, "a": 2}'])
def test_colons_and_quotes_in_a_text_are_not_taken_for_keys(text: str) -> None:
    assert read(msgspec.json.encode({"name": "a", "description": text})).entries == (
        Entry(Tool(name="a", description=text)),
    )


def test_inside_a_schema_anything_may_stand() -> None:
    schema: dict[str, Any] = {"type": 7, "required": True, "properties": {"a": None, "b": [1], "c": {"enum": "x"}}}
    assert parse({"name": "a", "inputSchema": schema}).input_schema == schema


def _nested(depth: int) -> bytes:
    return b'{"name": "a", "x": ' + b"[" * depth + b"]" * depth + b"}"


def test_sixty_four_levels_are_read_and_more_are_not() -> None:
    assert read(_nested(63)).entries
    for depth in (64, 1_000, 100_000):
        with pytest.raises(LimitError, match="more than 64 levels deep"):
            read(_nested(depth))


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ({"name": "a" * 1_001}, "name: 1,001 characters"),
        ({"name": "a", "description": "x\0y"}, "a NUL character in"),
        ({"name": "a", "inputSchema": {"x\0": 1}}, "a NUL character in"),
        ({"name": "a", "description": "\ud800"}, "half of a surrogate pair in"),
        ({"name": "a", "x": [0] * 200_001}, "more than 200,000 values"),
    ],
)
def test_what_is_too_much_is_a_limit(definition: dict[str, Any], message: str) -> None:
    with pytest.raises(LimitError, match=message):
        parse(definition)


def test_a_document_over_four_mebibytes_is_not_decoded() -> None:
    document = b'{"name": "a", "description": "' + b"x" * protocol.MAX_BYTES + b'"}'
    with pytest.raises(LimitError, match=r"4,194,336 bytes long; at most 4,194,304 are read"):
        read(document)
    with pytest.raises(LimitError, match=r"tools: 10,001 entries"):
        read(msgspec.json.encode({"tools": [1] * 10_001}))
