"""YAML of strangers."""

import pytest

from crawler.json_page import Row
from crawler.yaml_page import decode_yaml
from toolcensus.errors import InputError, LimitError


class _Kite(Row, frozen=True):
    name: str
    tails: tuple[str, ...] = ()


def test_known_fields_are_read_and_others_left() -> None:
    assert decode_yaml(b"name: Kite\nmade: 2026-11-24\ntails: [red, blue]\n", _Kite) == _Kite("Kite", ("red", "blue"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"tails: []", "missing required field `name`"),
        (b"name: 7", r"Expected `str`, got `int` - at `\$.name`"),
        (b"name: [", "not the YAML that is expected"),
        (b"\xff\xfe\xff", "not the YAML that is expected"),
        (b"name: !!python/object/apply:os.system [ls]", "could not determine a constructor"),
    ],
)
def test_document_of_another_shape_is_refused_with_the_place(text: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        decode_yaml(text, _Kite)


@pytest.mark.parametrize("text", [b"a: &x [1]\nname: *x", b"name: " + b"[" * 60 + b"]" * 60, b"#" * (1024 * 1024 + 1)])
def test_bomb_is_refused_before_it_is_built(text: bytes) -> None:
    with pytest.raises(LimitError):
        decode_yaml(text, _Kite)
