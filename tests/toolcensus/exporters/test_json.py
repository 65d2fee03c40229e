import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
import sqlalchemy

import toolcensus
from toolcensus import catalogue, labels, records, store
from toolcensus.canonical import digest
from toolcensus.exporters import json as exporter
from toolcensus.exporters import jsonl
from toolcensus.records import Action, Evidence, Finding, Label, Server, Tool

SCHEMA = json.loads((Path(toolcensus.__file__).parent / "catalogue.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

DELETE = Tool(
    name="delete", title="Delete", description="Deletes “it”.", input_schema={"type": "object", "maximum": 2**63 - 1},
    output_schema={}, annotations={"destructiveHint": True}, conditional="--all",
)  # fmt: skip
LABEL = Label(
    category="Write", effects=("destructive",), bounds=("overwrites",), risk="high", confidence=0.9,
    rationale="It deletes.",
    evidence=(Evidence(field="name", start=0, end=6, shows="deletes"),),
    actions=(Action(value="all", category="Write", risk="critical"),),
)  # fmt: skip
FINDING = Finding(kind="vague", severity="low", field="description", start=0, end=0, message="It says little.")


@pytest.fixture
def filled(index: sqlalchemy.Connection, save: Callable[..., Any]) -> sqlalchemy.Connection:
    """Fill it: a judged and an unjudged tool, a server without tools, one that was never tried, a candidate."""
    save("b", DELETE, "unjudged")
    save("a", outcome="no-source", reason="the package is empty")
    save("b", outcome="unreachable", reason="no answer", way="live", day=2)
    for key, candidate in (("pkg:npm/c", False), ("pkg:npm/d", True)):
        store.save_server(index, Server(key=key, slug=key[-1], name="c"), evidence={}, candidate=candidate)
    labels.save_labels(index, "v1", [(digest(DELETE), LABEL)], at="2026-01-03T00:00:00Z")
    labels.save_findings(index, "v1", [("pkg:npm/b", digest(DELETE), [FINDING])])
    labels.save_policies(index, [("pkg:npm/b", digest(DELETE), {"limits": []})])
    return index


def _export(connection: sqlalchemy.Connection, form: Any = exporter) -> bytes:
    out = io.BytesIO()
    *_, _last = form.export(connection, out, generated=catalogue.newest(connection))
    return out.getvalue()


def test_the_document_follows_its_published_schema(filled: sqlalchemy.Connection) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    VALIDATOR.validate(json.loads(_export(filled)))


def test_an_empty_index_is_an_empty_catalogue(index: sqlalchemy.Connection) -> None:
    document = json.loads(_export(index))
    VALIDATOR.validate(document)
    assert document == {"version": "1", "generated": "", "servers": []}
    assert _export(index, jsonl) == b""


def test_servers_come_by_key_and_one_without_tools_says_why(filled: sqlalchemy.Connection) -> None:
    servers = json.loads(_export(filled))["servers"]
    assert [(server["key"], len(server["tools"])) for server in servers] == [
        ("pkg:npm/a", 0),
        ("pkg:npm/b", 2),
        ("pkg:npm/c", 0),
    ]
    assert [(listing["outcome"], listing["reason"]) for listing in servers[0]["listings"]] == [
        ("no-source", "the package is empty")
    ]
    assert [listing["way"] for listing in servers[1]["listings"]] == ["live", "static"]
    assert servers[2]["listings"] == []


def test_a_tool_has_its_definition_label_findings_and_policy(filled: sqlalchemy.Connection) -> None:
    judged, unjudged = json.loads(_export(filled))["servers"][1]["tools"]
    assert judged["inputSchema"] == {"type": "object", "maximum": 9223372036854775807}
    assert (judged["description"], judged["conditional"]) == ("Deletes “it”.", "--all")
    assert judged["label"] == {
        "category": "Write",
        "effects": ["destructive"],
        "bounds": ["overwrites"],
        "risk": "high",
        "confidence": 0.9,
        "rationale": "It deletes.",
        "evidence": [{"field": "name", "start": 0, "end": 6, "shows": "deletes"}],
        "actions": [{"value": "all", "category": "Write", "risk": "critical"}],
        "review": False,
        "version": "v1",
    }
    assert judged["findings"][0]["kind"] == "vague"
    assert judged["policy"] == {"limits": []}
    assert (unjudged["label"], unjudged["findings"], unjudged["policy"]) == (None, None, None)


@pytest.mark.parametrize("form", [exporter, jsonl])
def test_the_same_index_gives_the_same_bytes(filled: sqlalchemy.Connection, form: Any) -> None:
    assert _export(filled, form) == _export(filled, form)
    assert catalogue.newest(filled) == "2026-01-03T00:00:00Z"


def test_json_lines_are_the_same_tools_with_their_server(filled: sqlalchemy.Connection) -> None:
    lines = [json.loads(line) for line in _export(filled, jsonl).splitlines()]
    tools = json.loads(_export(filled))["servers"][1]["tools"]
    assert lines == [{"server": "pkg:npm/b", "slug": "b", **tool} for tool in tools]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("risk", "enum"), records.RISKS),
        (("category", "enum"), records.CATEGORIES),
        (("way", "enum"), records.WAYS),
        (("listing", "properties", "outcome", "enum"), records.OUTCOMES),
        (("label", "properties", "effects", "items", "enum"), records.EFFECTS),
        (("label", "properties", "bounds", "items", "enum"), records.BOUNDS),
        (("finding", "properties", "kind", "enum"), get_args(records.FindingKind)),
    ],
)
def test_the_schema_knows_the_words_that_the_records_know(place: tuple[str, ...], words: tuple[str, ...]) -> None:
    found: Any = SCHEMA["$defs"]
    for step in place:
        found = found[step]
    assert tuple(found) == words
