"""Training: the same examples give the same model, too few are refused, and vendors' own words are not learnt."""

import msgspec
import numpy as np
import pytest

from classifier.examples import Prepared
from classifier.label import RULES_DIGEST
from classifier.model import HEADS, UNIT, Model, content_of
from classifier.training import FEWEST_FAMILIES, Example, train
from toolcensus.errors import InputError


def test_the_same_examples_give_the_same_bytes(taught: list[Prepared], small: Model) -> None:
    again = train([one.example for one in taught], version="small", rules=RULES_DIGEST)
    assert content_of(again) == content_of(small)
    assert msgspec.json.encode(again.about) == msgspec.json.encode(small.about)


def test_too_few_labels_are_refused_with_what_to_do(taught: list[Prepared]) -> None:
    with pytest.raises(InputError, match="too few to learn from") as error:
        train([one.example for one in taught[:20]], version="", rules="")
    assert "--gold" in str(error.value.advice)


def test_one_category_alone_is_nothing_to_learn_from(taught: list[Prepared]) -> None:
    reads = [one.example for one in taught if one.example.category == "Read"] * 5
    with pytest.raises(InputError, match="some of each category"):
        train(reads, version="", rules="")


def test_a_word_that_few_vendors_use_is_not_learnt(small: Model) -> None:
    assert "zap" in small.rows["name"]
    assert not [word for word in small.rows["name"] if word.startswith("v") and word != "view"], (
        f"each is of fewer than {FEWEST_FAMILIES}"
    )
    assert all(list(rows) == sorted(rows) for rows in small.rows.values())


def test_a_claim_that_no_example_makes_is_never_made(small: Model) -> None:
    assert small.weights.dtype == np.int16
    assert small.weights.shape[1] == len(HEADS)
    column = HEADS.index("physical")
    assert not small.weights[1:, column].any()
    assert small.weights[0, column] < -4 * UNIT


def test_an_authors_hint_alone_teaches_reading_and_nothing_else(taught: list[Prepared]) -> None:
    labelled = [one.example for one in taught if one.example.category]
    hinted = [Example({"name": ["peek"]}, f"family {n}", reads=True) for n in range(40)]
    made = train([*labelled, *hinted], version="", rules="")
    assert made.weight("name", "peek", "writes") < 0
    assert made.weight("name", "peek", "executes") == made.weight("name", "peek", "destructive") == 0
