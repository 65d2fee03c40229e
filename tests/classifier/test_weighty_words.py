"""Where no rule speaks, evidence is the words that weigh most, at the places where they are."""

from classifier.definition import prepare
from classifier.label import label_with
from classifier.model import Model
from classifier.weighty_words import words_for_category, words_for_claim
from toolcensus.records import Tool

ZAP = Tool(name="zap_tree", description="Zap a tree for good")


def test_the_weightiest_words_come_first_with_their_place(small: Model) -> None:
    spans = list(words_for_claim(small, prepare(ZAP), "destructive", "destructive", 2))
    assert ("name", 0, 3) in [(span.field, span.start, span.end) for span in spans]
    assert spans[0].shows == "destructive: speaks of “zap”"
    assert len(spans) <= 2


def test_reading_rests_on_words_that_speak_against_changing(small: Model) -> None:
    spans = list(words_for_category(small, prepare(Tool(name="get_tree")), "Read", 1))
    assert [(span.field, span.start, span.end) for span in spans] == [("name", 0, 3)]


def test_words_that_say_nothing_are_no_evidence(small: Model) -> None:
    assert list(words_for_claim(small, prepare(Tool(name="quux")), "destructive", "destructive", 2)) == []


def test_words_that_only_join_others_are_no_evidence(small: Model) -> None:
    tool = Tool(name="x", description="Zap for the good of a to")
    spans = list(words_for_claim(small, prepare(tool), "destructive", "destructive", 9))
    assert {(tool.description or "")[span.start : span.end] for span in spans} <= {"Zap", "good"}


def test_a_label_by_the_model_alone_shows_the_models_words(small: Model) -> None:
    (given,) = label_with(small, [ZAP])
    assert (given.category, given.effects) == ("Write", ("destructive",))
    assert {span.shows for span in given.evidence} >= {"destructive: speaks of “zap”"}
    texts = {"name": ZAP.name, "description": ZAP.description or ""}
    shown = [span for span in given.evidence if "zap" in span.shows]
    assert shown
    assert all(texts[span.field][span.start : span.end].lower() == "zap" for span in shown)
