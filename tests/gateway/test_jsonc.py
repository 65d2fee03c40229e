"""JSON as editors write it is read; nothing inside a string is ever touched."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import jsonc
from toolcensus.errors import InputError, LimitError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1, // comment\n "b": 2}', {"a": 1, "b": 2}),
        ('{"a": /* long\n comment */ 1}', {"a": 1}),
        ('{"a": [1, 2, ], }', {"a": [1, 2]}),
        ('{"a": 1, /* c */ }', {"a": 1}),
        (
            '{"url": "https://host//path", "text": "/* not */ , ]"}',
            {"url": "https://host//path", "text": "/* not */ , ]"},
        ),
        ('{"a": "quote \\" // not", }', {"a": 'quote " // not'}),
        ('\ufeff{"a": "\\u00fc ü",}', {"a": "ü ü"}),
        ("/**/[]/***/", []),
    ],
)
def test_comments_and_trailing_commas_are_left_out(text: str, value: object) -> None:
    assert jsonc.loads(text.encode()) == value


def test_an_error_keeps_its_line() -> None:
    with pytest.raises(InputError, match="in line 4"):
        jsonc.loads(b'{\n// one\n/* two\n */ "a" 1}')


@pytest.mark.parametrize("document", [b"{", b"{/* open", b'"open', b"\xff", b"[1,,]", b"1e", b"9" * 5000 + b"x"])
def test_what_is_no_json_is_refused(document: bytes) -> None:
    with pytest.raises(InputError):
        jsonc.loads(document)


@pytest.mark.parametrize("document", [b"[" * 100_000, b" " * (jsonc.LARGEST_DOCUMENT + 1)])
def test_depth_and_size_are_bounded(document: bytes) -> None:
    with pytest.raises(LimitError):
        jsonc.loads(document)


@given(st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.dictionaries(st.text(), inner, max_size=4)))
def test_plain_json_is_read_as_it_is(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert json.loads(jsonc.strip(text)) == value
