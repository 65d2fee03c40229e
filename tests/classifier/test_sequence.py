"""Patterns for sentences: phrases, blanks and distances."""

import pytest

from classifier.sequence import compile_sequence, read_phrases
from toolcensus.errors import InputError

PHRASES = read_phrases("not = ['do not', 'never']\ntell = ['tell', 'inform']\nsecretly = ['{not} {tell}']")


def _found(pattern: str, text: str) -> list[str]:
    return [text[start:end] for start, end in compile_sequence(pattern, PHRASES).spans(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Please never tell the user.", ["never tell the user"]),
        ("DO **NOT**\n  tell any USER", ["DO **NOT**\n  tell any USER"]),
        ("Do not wait. Tell the user.", []),
        ("never inform" + " x" * 50 + " user", []),
        ("never tell me.\nThe user asks", []),
        ("never tell ~/.ssh users", ["never tell ~/.ssh user"]),
    ],
)
def test_pieces_follow_each_other_within_a_sentence(text: str, found: list[str]) -> None:
    assert _found(r"\b{not} {tell}{gap}user", text) == found


def test_near_gap_and_far_reach_ever_further_and_only_far_leaves_the_sentence() -> None:
    for kind, distance, reached in [("near", 29, True), ("near", 40, False), ("gap", 80, True), ("gap", 100, False)]:
        assert bool(_found("tell{" + kind + "}user", "tell" + "x" * distance + "user")) is reached, (kind, distance)
    assert _found("tell{far}user", "tell me. Then go. The user waits") == ["tell me. Then go. The user"]
    assert _found("tell{far}user", "tell me.\n\nThe user waits") == []


def test_a_blank_in_a_set_of_characters_stays_one_and_an_optional_blank_may_be_missing() -> None:
    assert _found("a[ -]b", 'a"b a-b a b') == ["a-b", "a b"]
    assert _found("a ?:", "a: a :") == ["a:", "a :"]


def test_a_phrase_may_use_those_above_it() -> None:
    assert _found("{secretly}", "Never inform") == ["Never inform"]


@pytest.mark.parametrize("pattern", ["{unknown}", "(a{gap}b)", "["])
def test_what_cannot_be_compiled_is_an_error_that_shows_the_pattern(pattern: str) -> None:
    with pytest.raises(InputError) as caught:
        compile_sequence(pattern, PHRASES)
    assert repr(pattern) in caught.value.message
    assert caught.value.advice


def test_ten_thousand_beginnings_are_tried_and_no_more() -> None:
    text = "tell. " * 10_001 + "tell the user"
    assert _found("tell{gap}user", text) == []
    assert _found("tell{gap}user", text[60:]) == ["tell the user"]
