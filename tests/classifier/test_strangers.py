"""Strangers know no kin of what they judge, and simpler methods answer the same definitions."""

from classifier import scores
from classifier.examples import Prepared
from classifier.strangers import by_both, by_first_verb, by_rules, by_words, strangers


def test_every_example_is_judged_in_order_by_one_who_never_saw_its_family(taught: list[Prepared]) -> None:
    done: list[int] = []
    judged = strangers(taught, done.append)
    assert [one.prepared for one in judged] == list(taught)
    assert done == list(range(1, len(done) + 1))
    answers = by_both(judged)
    assert len(answers) == sum(one.found.known is not None for one in taught)
    assert scores.accuracy(answers) == 1.0, "the verbs are the same everywhere"
    zap = next(answer for answer in answers if answer.known.tool.startswith("zap"))
    assert (zap.category, zap.effects, zap.risk) == ("Write", {"destructive"}, "high")


def test_the_rules_do_not_know_what_zapping_destroys(taught: list[Prepared]) -> None:
    assert scores.effect_counts(by_rules(taught), "destructive").right == 0
    assert {answer.category for answer in by_rules(taught) if answer.known.tool.startswith("run")} == {"Execute"}


def test_the_first_verb_decides_where_nothing_else_is_asked(taught: list[Prepared]) -> None:
    given = {answer.known.tool.split("_")[0]: answer.category for answer in by_first_verb(taught)}
    assert (given["get"], given["add"], given["run"]) == ("Read", "Write", "Execute")
    assert given["zap"] == "Read", "no verb that is known"


def test_words_alone_learn_the_made_up_verb(taught: list[Prepared]) -> None:
    assert scores.accuracy(by_words(taught)) > 0.9
