"""What we recommend follows from risk and effects, and says why."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.policy import decode, encode
from gateway.recommend import document, recommend
from toolcensus.records import BOUNDS, CATEGORIES, EFFECTS, RISKS, Action, Evidence, Label, Tool


def label(category: Any, risk: Any, *effects: Any, **more: Any) -> Label:
    facts = {"bounds": (), "confidence": 0.9, "rationale": "It does.", "evidence": (Evidence("name", 0, 1, "it"),)}
    return Label(category=category, risk=risk, effects=effects, **{**facts, **more})


def as_json(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def entry(tool: Tool, given_label: Label) -> Any:
    return as_json(recommend(tool, given_label).entry)


def limits(name: str, minute: int, hour: int | None = None) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = [{"counter": f"{name}_rate", "window": "minute", "max": minute, "scope": "grant"}]
    if hour is not None:
        made.append({"counter": f"{name}_rate_hour", "window": "hour", "max": hour, "scope": "grant"})
    return made


def waits(*conditions: dict[str, Any]) -> list[dict[str, Any]]:
    approve = {"by": "person", "expires": "10m"}
    return [{"conditions": list(conditions), "on_deny": "needs approval", "approve": approve}]


@pytest.mark.parametrize("given_label", [label("Read", "low", "untrusted"), label("Write", "low")])
def test_low_risk_is_simply_allowed(given_label: Label) -> None:
    assert entry(Tool(name="note"), given_label) == {}


@pytest.mark.parametrize(
    ("given_label", "expected", "why"),
    [
        (label("Read", "medium", "egress"), limits("t", 60), "at most 60 calls a minute."),
        (label("Read", "medium", "personal", "bulk"), limits("t", 30, 200), "copy everybody's data"),
        (label("Read", "high", "secrets"), limits("t", 5, 30), "touches secrets"),
        (label("Write", "medium", "destructive"), limits("t", 30), "stay changed"),
        (label("Write", "high"), limits("t", 10, 100), "would reach far"),
        (label("Write", "high", "destructive"), limits("t", 5, 30), "cannot be put back"),
        (label("Write", "high", "communicates"), limits("t", 5, 30), "other people see"),
        (label("Write", "high", "bulk", "access"), limits("t", 5, 30), "who may do what"),
        (label("Execute", "medium"), limits("t", 20), "an environment of its own"),
        (label("Execute", "high"), limits("t", 10, 100), "goes on by itself"),
        (label("Execute", "high", "infrastructure"), limits("t", 5, 60), "running systems"),
    ],
)
def test_medium_and_high_risk_get_a_cap(given_label: Label, expected: Any, why: str) -> None:
    made = recommend(Tool(name="t"), given_label)
    assert as_json(made.entry) == {"limits": expected}
    assert made.reason.startswith(f"{given_label.category}, {given_label.risk} risk: ")
    assert why in made.reason


@pytest.mark.parametrize(
    ("given_label", "why"),
    [
        (label("Execute", "critical", "code"), "it runs whatever it is given, so every call waits for a person."),
        (label("Write", "critical", "destructive", "bulk"), "one call can destroy many things"),
        (label("Write", "critical", "destructive", bounds=("container",)), "with all that it holds"),
        (label("Write", "critical", "financial"), "it moves money"),
        (label("Write", "high", "financial"), "it moves money"),
        (label("Read", "critical"), "lasting and wide harm"),
    ],
)
def test_critical_tools_and_those_that_move_money_wait_for_a_person(given_label: Label, why: str) -> None:
    made = recommend(Tool(name="t"), given_label)
    assert as_json(made.entry) == {"deny_if": waits()}
    assert why in made.reason


MANAGE = {"type": "object", "properties": {"action": {"type": "string", "enum": ["list", "rename", "drop"]}}}
ACTIONS = (Action("list", "Read", "low"), Action("rename", "Write", "medium"), Action("drop", "Write", "critical"))


def test_harmless_actions_of_a_critical_tool_pass_without_asking() -> None:
    given_label = label("Write", "critical", "destructive", actions=ACTIONS)
    made = recommend(Tool(name="Manage", input_schema=MANAGE), given_label)
    condition = {"path": "args.action", "op": "not_in", "value": ["list", "rename"]}
    assert as_json(made.entry) == {"deny_if": waits(condition), "limits": limits("manage", 30)}
    assert "unless `action` is `list` or `rename`." in made.reason


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"action": {"$ref": "#/$defs/Act"}}, "$defs": {"Act": {"enum": ["list", "rename", "drop"]}}},
        {"properties": {"action": {"anyOf": [{"const": "list"}, {"enum": ["rename", "drop"]}]}}},
    ],
)
def test_a_choice_is_found_behind_a_reference_and_in_alternatives(schema: dict[str, Any]) -> None:
    made = entry(Tool(name="t", input_schema=schema), label("Write", "critical", actions=ACTIONS))
    assert made["deny_if"][0]["conditions"][0]["path"] == "args.action"


@pytest.mark.parametrize(
    "schema",
    [
        None,
        {"properties": {"action": {"type": "string"}}},
        {"properties": {"a.b": MANAGE["properties"]["action"]}},  # type: ignore[index]  # no path can name it
        {"properties": {"one": MANAGE["properties"]["action"], "two": MANAGE["properties"]["action"]}},  # type: ignore[index]
        {"properties": {"action": {"$ref": "https://example.org/elsewhere"}}},
        {"properties": ["action"]},
    ],
)
def test_a_choice_that_no_condition_can_name_waits_always(schema: dict[str, Any] | None) -> None:
    given_label = label("Write", "critical", actions=ACTIONS)
    assert entry(Tool(name="t", input_schema=schema), given_label) == {"deny_if": waits()}


def flagged(name: str, **schema: Any) -> Tool:
    return Tool(name="pay", input_schema={"type": "object", "properties": {name: {"type": "boolean", **schema}}})


@pytest.mark.parametrize(
    "tool",
    [flagged("dry_run"), flagged("dryRun"), flagged("read_only", description="Run the query in a read-only session")],
)
def test_a_flag_that_keeps_the_call_from_acting_lets_it_pass(tool: Tool) -> None:
    made = recommend(tool, label("Execute", "critical", "code"))
    (flag,) = (tool.input_schema or {})["properties"]
    assert as_json(made.entry) == {"deny_if": waits({"path": f"args.{flag}", "op": "neq", "value": True})}
    assert f"unless `{flag}` is true." in made.reason


@pytest.mark.parametrize(
    "tool",
    [
        flagged("read_only", description="Mount the volume read-only"),
        flagged("dry_run", type="string"),
        flagged("force"),
    ],
)
def test_a_flag_that_only_looks_like_it_does_not(tool: Tool) -> None:
    assert entry(tool, label("Execute", "critical", "code")) == {"deny_if": waits()}


def test_an_unsure_label_is_said_to_be_one() -> None:
    assert "The label is unsure" in recommend(Tool(name="t"), label("Read", "low", review=True)).reason


def test_a_document_denies_what_it_does_not_name() -> None:
    tools = {"get": label("Read", "low"), "eval": label("Execute", "critical", "code")}
    policy = document({name: recommend(Tool(name=name), one).entry for name, one in tools.items()})
    assert policy.default == "deny"
    assert list(policy.tools) == ["eval", "get"]


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3))
SCHEMA_KEYS = st.sampled_from(["type", "enum", "anyOf", "$ref", "description", "const"])
PROPERTIES = st.dictionaries(
    st.sampled_from(["action", "dry_run", "read_only", "a.b", ""]) | st.text(max_size=4),
    JSON | st.dictionaries(SCHEMA_KEYS, JSON, max_size=4),
    max_size=4,
)
TOOLS = st.builds(
    Tool, name=st.text(), input_schema=st.none() | st.fixed_dictionaries({"properties": PROPERTIES | JSON})
)
RISK, CATEGORY = st.sampled_from(RISKS), st.sampled_from(CATEGORIES)
LABELS = st.builds(
    Label,
    category=CATEGORY,
    risk=RISK,
    effects=st.lists(st.sampled_from(EFFECTS), unique=True).map(tuple),
    bounds=st.lists(st.sampled_from(BOUNDS), unique=True).map(tuple),
    confidence=st.floats(0, 1),
    rationale=st.text(),
    evidence=st.just(()),
    actions=st.lists(st.builds(Action, value=st.text(max_size=3), category=CATEGORY, risk=RISK), max_size=3).map(tuple),
)


@given(TOOLS, LABELS)
def test_any_tool_and_label_make_a_valid_document(tool: Tool, given_label: Label) -> None:
    made = recommend(tool, given_label)
    policy = document({tool.name: made.entry})
    assert decode(encode(policy)) == policy
    assert made.reason.endswith(".")
    if given_label.risk == "critical" or "financial" in given_label.effects:
        assert made.entry.deny_if
