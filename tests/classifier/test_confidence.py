"""Confidence without a model is a table of measured agreement, one figure for each answer to which sources spoke."""

import pytest

from classifier.confidence import AGREEMENT, REVIEW_BELOW
from classifier.label import label_with
from toolcensus.records import Tool


def test_every_figure_is_a_probability() -> None:
    assert all(0.4 < figure < 1 for figure in AGREEMENT.values())


def test_agreement_of_both_verbs_is_worth_more_than_a_quarrel() -> None:
    assert AGREEMENT["both verbs agree"] > AGREEMENT["name alone"] > AGREEMENT["verbs differ"] > AGREEMENT["nothing"]


@pytest.mark.parametrize(
    ("name", "description", "review"),
    [
        ("delete_user", "Deletes a user", False),
        ("stop_item", "Deletes an item", True),
        ("xyz", "", True),
    ],
)
def test_what_is_unsure_is_put_up_for_review(name: str, description: str, review: bool) -> None:
    (given,) = label_with(None, [Tool(name=name, description=description)])
    assert given.review == review == (given.confidence < REVIEW_BELOW)
