"""Parameters are found wherever a schema keeps them, and anything that is no schema yields none."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.schema import MOST_PARAMETERS, parameters_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "properties", "items", "enum", "anyOf", "$ref", "required", "description", "x/y~"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


def names(schema: object) -> list[str]:
    return [each.name for each in parameters_of(schema)]


def test_each_parameter_knows_its_pointer_type_and_need() -> None:
    schema = {
        "properties": {
            "sqlQuery": {"type": "string", "description": "The statement"},
            "mode": {"enum": ["read", "write"]},
            "id": {"type": "string", "pattern": "^x"},
        },
        "required": ["sqlQuery"],
    }
    sql, mode, key = parameters_of(schema)
    assert (sql.pointer, sql.type, sql.need, sql.freedom) == (
        "/inputSchema/properties/sqlQuery",
        "string",
        "required",
        "free",
    )
    assert [word.text for word in sql.words] == ["sql", "query"]
    assert (sql.description, sql.description_pointer) == (
        "The statement",
        "/inputSchema/properties/sqlQuery/description",
    )
    assert (mode.values, mode.values_pointer, mode.freedom) == (
        ("read", "write"),
        "/inputSchema/properties/mode/enum",
        "enum",
    )
    assert (key.freedom, key.free, key.need) == ("bounded", False, "optional")


def test_inner_parameters_are_found_under_objects_arrays_unions_and_references() -> None:
    schema = {
        "properties": {
            "options": {"properties": {"force": {"type": "boolean"}}},
            "edits": {"type": "array", "items": {"properties": {"text": {}}}},
            "target": {"anyOf": [{"type": "null"}, {"properties": {"path": {}}}]},
            "params": {"$ref": "#/$defs/Params"},
        },
        "$defs": {"Params": {"properties": {"sql": {"description": "SQL"}}}},
    }
    found = {each.name: each for each in parameters_of(schema)}
    assert list(found)[:4] == ["options", "edits", "target", "params"], "outer before inner"
    assert found["force"].pointer == "/inputSchema/properties/options/properties/force"
    assert found["text"].pointer == "/inputSchema/properties/edits/items/properties/text"
    assert found["path"].pointer == "/inputSchema/properties/target/anyOf/1/properties/path"
    assert found["sql"].pointer == "/inputSchema/$defs/Params/properties/sql", "where it really stands"


def test_an_optional_type_is_seen_through() -> None:
    (each,) = parameters_of({"properties": {"url": {"anyOf": [{"type": "null"}, {"type": "string"}]}}})
    assert (each.types, each.type, each.free) == (("null", "string"), "string", True)


def test_pointers_escape_tilde_and_slash() -> None:
    assert parameters_of({"properties": {"a/b~c": {}}})[0].pointer == "/inputSchema/properties/a~1b~0c"


@pytest.mark.parametrize(
    "schema", [None, [], "x", 7, {}, {"properties": []}, {"properties": None}, {"anyOf": "x"}, {"$ref": 3}]
)
def test_what_is_no_schema_has_no_parameter(schema: object) -> None:
    assert parameters_of(schema) == ()


@pytest.mark.parametrize(
    "body", [None, [], "string", True, {"type": {}}, {"enum": [1, 2]}, {"enum": [[]]}, {"$ref": "#/x"}]
)
def test_a_parameter_with_a_broken_body_is_still_a_parameter(body: object) -> None:
    (each,) = parameters_of({"properties": {"x": body}})
    assert (each.name, each.values) == ("x", ())


def test_a_reference_to_itself_ends() -> None:
    schema: dict[str, Any] = {"$defs": {"A": {"properties": {"a": {"$ref": "#/$defs/A"}}}}}
    schema["properties"] = {"start": {"$ref": "#/$defs/A"}}
    assert len(names(schema)) < 20
    assert names({"properties": {"a": {"$ref": "#/properties/a"}}}) == ["a"]


def test_depth_and_number_are_bounded() -> None:
    deep: dict[str, Any] = {}
    for _ in range(500):
        deep = {"properties": {"a": deep}}
    assert 5 < len(names(deep)) < 20
    wide = {"properties": {f"p{index}": {} for index in range(5 * MOST_PARAMETERS)}}
    assert len(names(wide)) == MOST_PARAMETERS


@given(JSON)
def test_no_json_value_is_too_strange(schema: object) -> None:
    for each in parameters_of(schema):
        assert each.pointer.startswith("/inputSchema/")
        assert each.freedom in {"free", "bounded", "enum"}
