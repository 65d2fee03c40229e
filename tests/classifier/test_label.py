"""The single entry: whatever comes in, a whole label comes out, the same each time, with evidence that is there."""

import time
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.label import CLASSIFIER_VERSION, RULES_DIGEST, label, label_batch, version_with
from classifier.model import model
from toolcensus.records import BOUNDS, CATEGORIES, EFFECTS, RISKS, Evidence, Label, Tool

WORDS = st.sampled_from(
    [
        *(
            "delete",
            "get",
            "run",
            "list",
            "send",
            "file",
            "user",
            "sql",
            "command",
            "all",
            "path",
            "update",
            "the",
            "a",
        ),
        *(
            "secret",
            "token",
            "email",
            "browser",
            "click",
            "删除",
            "文件",
            "eliminar",
            "удалить.",
            "(read-only)",
            "now,",
            "!",
        ),
        *("🗑", "\u202e", "\x1b[31m", "<b>", "{{x}}", "\ud800", "\u0130"),
    ]
)
TEXT = st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=40)
NAMES = st.lists(WORDS, max_size=4).map("_".join) | st.text(max_size=20)
BODY = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "array", "boolean", "object", 3, None]),
        "description": TEXT | st.none() | st.integers(),
        "enum": st.lists(NAMES | st.integers(), max_size=4) | st.text(max_size=3),
        "anyOf": st.lists(st.dictionaries(st.sampled_from(["type", "enum"]), TEXT, max_size=2), max_size=2),
        "$ref": st.sampled_from(["#/$defs/a", "#/properties", "#", "http://x", "#/properties/a~1b/items"]),
    },
)
SCHEMA = st.dictionaries(
    st.sampled_from(["properties", "required", "$defs", "items", "type", "anyOf"]),
    st.dictionaries(NAMES, BODY, max_size=4) | st.lists(NAMES, max_size=3) | st.none(),
    max_size=4,
)
TOOLS = st.builds(
    Tool,
    name=NAMES,
    title=st.none() | TEXT,
    description=st.none() | TEXT,
    input_schema=st.none() | SCHEMA,
    annotations=st.none() | st.dictionaries(st.sampled_from(["readOnlyHint", "title"]), st.booleans() | TEXT),
)


def string_at(tool: Tool, field: str) -> str:
    """Return the string that an evidence's field names, as the contract of labels says."""
    if field in {"name", "title", "description"}:
        return getattr(tool, field) or ""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in field.split("/")[1:]]
    value: Any = {"inputSchema": tool.input_schema, "annotations": tool.annotations}
    for step in steps:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return steps[-1] if steps[-2] == "properties" else value


def check(tool: Tool, given_label: Label) -> None:
    assert given_label.category in CATEGORIES
    assert given_label.risk in RISKS
    assert list(given_label.effects) == [effect for effect in EFFECTS if effect in given_label.effects]
    assert list(given_label.bounds) == [bound for bound in BOUNDS if bound in given_label.bounds]
    assert 0 < given_label.confidence < 1
    assert given_label.rationale.endswith(".")
    assert given_label.evidence, "a label without evidence is a bug"
    for span in given_label.evidence:
        string = string_at(tool, span.field)
        assert 0 <= span.start <= span.end <= len(string)
        assert span.start < span.end or not string
        assert span.shows


@settings(max_examples=300, deadline=None)
@given(TOOLS)
def test_any_definition_gets_a_whole_label_and_the_same_one_again(tool: Tool) -> None:
    first = label(tool)
    check(tool, first)
    assert label(tool) == first


def test_a_label_in_full() -> None:
    tool = Tool(
        name="delete_branch",
        description="Deletes a branch of a repository.",
        input_schema={"properties": {"branch": {"type": "string"}, "force": {"type": "boolean"}}},
    )
    given_label = label(tool)
    assert (given_label.category, given_label.effects, given_label.risk) == ("Write", ("destructive",), "high")
    assert given_label.rationale == (
        "It deletes a branch of a repository, and the call alone does not bring it back. "
        "That is Write with high risk: what it destroys is a whole record or object, and “force” widens the damage."
    )
    assert given_label.evidence[:2] == (
        Evidence(field="name", start=0, end=6, shows="Write: the verb “delete”"),
        Evidence(field="description", start=0, end=7, shows="Write: the verb “delete”"),
    )
    assert any(span.shows.startswith("destructive: ") for span in given_label.evidence)
    assert not given_label.review


def test_an_empty_definition_rests_on_its_name_and_asks_for_review() -> None:
    given_label = label(Tool(name="do_it"))
    assert (given_label.category, given_label.risk, given_label.review) == ("Execute", "high", True)
    assert given_label.evidence == (Evidence(field="name", start=0, end=2, shows="Execute: the verb “do”"),)
    nothing = label(Tool(name="xyz"))
    assert nothing.evidence == (Evidence(field="name", start=0, end=3, shows="all that the definition says"),)


def test_each_effect_and_bound_has_evidence_of_its_own() -> None:
    tool = Tool(
        name="send_to_channel",
        description="Send a message to a public channel. Returns nothing.",
        input_schema={"properties": {"channel": {"type": "string"}, "text": {"type": "string"}}},
    )
    given_label = label(tool)
    shown = [span.shows.split(":")[0] for span in given_label.evidence]
    assert "communicates" in given_label.effects
    assert set(shown) >= {*given_label.effects, *given_label.bounds}


def test_the_output_is_the_same_to_the_byte() -> None:
    tool = Tool(name="run_sql", description="Execute SQL.", input_schema={"properties": {"sql": {"type": "string"}}})
    assert msgspec.json.encode(label(tool)) == msgspec.json.encode(label(tool))


def test_the_version_names_code_rules_and_model() -> None:
    code, rules, *made = version_with(model()).split("+")
    assert code == "3"
    assert rules == f"rules.{RULES_DIGEST}"
    assert made == [f"model.{using.about.version}" for using in [model()] if using]
    assert version_with(None) == f"3+rules.{RULES_DIGEST}"
    assert version_with(model()) == CLASSIFIER_VERSION


def test_many_definitions_at_once_get_the_labels_that_each_gets_alone() -> None:
    tools = [
        Tool(name="delete_file", description="Delete a file", input_schema={"properties": {"path": {}}}),
        Tool(name="", description=""),
        Tool(name="get_time"),
        Tool(name="frobnicate", description="删除文件"),
    ]
    many = label_batch(tools * 100)
    assert msgspec.json.encode(many) == msgspec.json.encode([label(tool) for tool in tools] * 100)


@pytest.mark.parametrize("description", ["delete " * 50_000, "\u202e" * 5_000, "{" * 30_000, "a\n" * 30_000])
def test_long_and_odd_descriptions_are_read_up_to_their_bound(description: str) -> None:
    tool = Tool(name="x", description=description)
    check(tool, label(tool))


def test_a_huge_definition_takes_no_longer_than_a_big_one() -> None:
    properties = {f"p{index}": {"description": "delete " * 1_000} for index in range(3_000)}
    tool = Tool(
        name="delete" * 100_000,
        description="Deletes 删除 " * 1_000_000,
        input_schema={"properties": properties, "required": ["p1"] * 200_000},
    )
    began = time.process_time()
    check(tool, label(tool))
    assert time.process_time() - began < 3


def test_a_wide_schema_is_read_up_to_its_bound() -> None:
    properties = {f"p{index}": {"type": "string", "description": "x" * 100} for index in range(10_000)}
    tool = Tool(name="update_all", input_schema={"properties": properties})
    check(tool, label(tool))
