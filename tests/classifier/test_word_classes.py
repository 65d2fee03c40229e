"""A class of words stands in a pattern for every word that means the same kind of thing."""

import pytest
import re2

from classifier.word_classes import CLASSES, expand
from classifier.words import base_form
from toolcensus.errors import InputError


def test_a_class_in_braces_stands_for_each_of_its_words() -> None:
    pattern = re2.compile(expand(r"^{deleting}\b.*\b{message}$"))
    assert pattern.search("drop direct message")
    assert pattern.search("delete email")
    assert not pattern.search("delete email template")


def test_counts_in_braces_are_left_alone() -> None:
    assert expand(r"a{0,4}b") == r"a{0,4}b"


def test_a_class_that_is_none_is_said_to_be_none() -> None:
    with pytest.raises(InputError, match="nonsense"):
        expand("{nonsense}")


def test_longer_words_come_first_so_that_two_words_win_over_one() -> None:
    words = CLASSES["message"]
    assert words.index("direct message") < words.index("message")


@pytest.mark.parametrize(
    "name", ["reading", "deleting", "person", "message", "money", "right", "secret", "machine", "device"]
)
def test_words_are_in_base_form_since_no_other_form_is_ever_met(name: str) -> None:
    assert [part for word in CLASSES[name] for part in word.split() if base_form(part) != part] == []
