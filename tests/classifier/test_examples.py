"""Examples join a definition with what is known of it; annotations are a witness of their own and no feature."""

from classifier.examples import Found, prepare_all, reads_of
from toolcensus.label_list import Known
from toolcensus.records import Tool

HINTED = Tool(name="delete_it", description="Deletes it", annotations={"readOnlyHint": True, "title": "View it"})
KNOWN = Known(
    server="s", tool="delete_it", digest="d", category="Write", effects=("destructive",), bounds=("element",),
    risk="medium", reason="", vendor="v", reader="r",
)  # fmt: skip


def test_a_label_becomes_the_truth_of_its_example() -> None:
    (one,) = prepare_all([Found(HINTED, "v", "s", KNOWN)])
    assert (one.example.category, one.example.reads) == ("Write", None)
    assert (one.example.effects, one.example.bounds) == ({"destructive"}, {"element"})


def test_without_a_label_the_authors_hint_is_all_that_is_known() -> None:
    (one,) = prepare_all([Found(HINTED, "v", "s")])
    assert (one.example.category, one.example.bounds, one.example.reads) == (None, None, True)


def test_features_do_not_see_annotations() -> None:
    plain = Tool(name="delete_it", description="Deletes it")
    with_hint, without = prepare_all([Found(HINTED, "v", "s", KNOWN), Found(plain, "w", "t", KNOWN)])
    assert with_hint.example.features == without.example.features
    assert with_hint.found.tool is HINTED


def test_a_hint_that_is_no_truth_value_is_none() -> None:
    assert reads_of(Tool(name="x", annotations={"readOnlyHint": "yes"})) is None
    assert reads_of(Tool(name="x")) is None
