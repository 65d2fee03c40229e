from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from toolcensus import canonical
from toolcensus.errors import LimitError
from toolcensus.records import Tool


def _schema(value: Any) -> bytes:
    """Return the canonical bytes of one value in a schema, without what is around it."""
    made = canonical.definition_bytes(Tool(name="t", input_schema={"x": value}))
    return made.removeprefix(b'{"inputSchema":{"x":').removesuffix(b'},"name":"t"}')


def test_the_digest_covers_what_is_served_and_not_where_it_was_found() -> None:
    tool = Tool(name="t", description="d", conditional="--flag", where="a.py:1")
    assert canonical.definition_bytes(tool) == b'{"description":"d","name":"t"}'
    assert canonical.digest(tool) == "sha256:b9f15ebfa8bc28bcffb5a46b5a868e0d86c2664f18a2661e6573f8172e1ec05f"


@pytest.mark.parametrize("field", ["title", "description", "input_schema", "output_schema", "annotations"])
def test_every_served_field_changes_the_digest(field: str) -> None:
    value: Any = {"a": 1} if field.endswith(("schema", "annotations")) else "a"
    assert canonical.digest(Tool(name="t", **{field: value})) != canonical.digest(Tool(name="t"))


def test_an_empty_description_is_not_an_absent_one() -> None:
    assert canonical.digest(Tool(name="t", description="")) != canonical.digest(Tool(name="t"))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1.0, b"1"),
        (1e21, b"1e+21"),
        (-0.0, b"0"),
        (2**53 - 1, b"9007199254740991"),
        (2**53, b'"\\u0000number:9007199254740992"'),
        (2**63 - 1, b'"\\u0000number:9223372036854775807"'),
        (float("nan"), b'"\\u0000number:nan"'),
        (float("-inf"), b'"\\u0000number:-inf"'),
        ("\ud800", b'"\\u0000escaped:\\"\\\\ud800\\""'),
        ("\0number:1", b'"\\u0000text:\\u0000number:1"'),
        ({"\ue000": 1, "\U00010000": 2}, '{"\U00010000":2,"\ue000":1}'.encode()),
        ("€\x7f\x1f\n", '"€\x7f\\u001f\\n"'.encode()),
    ],
)
def test_values_are_written_as_rfc_8785_says_and_beyond_it_as_tagged_strings(value: Any, written: bytes) -> None:
    assert _schema(value) == written


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8).filter(lambda text: not text.startswith("\0")),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=4).filter(lambda key: "\0" not in key),
                      inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(json_values)
def test_the_fast_way_and_the_reference_write_the_same_bytes(value: Any) -> None:
    assert _schema(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("leaf", [1, 1.5])
def test_nesting_ends_at_a_limit_by_either_way(leaf: float) -> None:
    def nested(levels: int) -> dict[str, Any]:
        inner: dict[str, Any] = {"leaf": leaf}
        for _ in range(levels - 1):
            inner = {"a": inner}
        return inner

    canonical.digest(Tool(name="t", input_schema=nested(canonical.MAX_DEPTH)))
    with pytest.raises(LimitError, match="deeper than 64 levels"):
        canonical.digest(Tool(name="t", input_schema=nested(canonical.MAX_DEPTH + 1)))
    with pytest.raises(LimitError):
        canonical.digest(Tool(name="t", input_schema=nested(100_000)))


def test_stored_text_keeps_its_length_so_that_offsets_stay_true() -> None:
    assert canonical.storable("a\0b\ud800c") == "a�b�c"


def test_stored_json_keeps_the_digits_of_long_numbers() -> None:
    assert canonical.json_text({"max": 2**63 - 1, "bad": ["\ud800"]}) == '{"max":9223372036854775807,"bad":["�"]}'
