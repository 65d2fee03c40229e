"""Levels are chosen by agreement with labels, and stay at what is usual where examples are few."""

from classifier.levels import ALONE, CLAIMS, RARE, RARELY, SECONDED, Judged, levels_of


def judged(claim: str, probability: float, *, true: bool, seconded: bool = False) -> Judged:
    odds = dict.fromkeys(CLAIMS, 0.0) | {claim: probability}
    claims, claimed = (frozenset((claim,)) if made else frozenset() for made in (true, seconded))
    return Judged(odds, "Write", claims, True, claimed)


def test_a_level_falls_where_right_and_wrong_part() -> None:
    rows = [judged("personal", 0.2, true=True) for _ in range(40)] + [judged("personal", 0.1, true=False)] * 400
    level = levels_of(rows)["personal"]
    assert 0.1 < level < 0.3 < ALONE


def test_few_examples_leave_the_usual_levels() -> None:
    levels = levels_of([judged("personal", 0.9, true=True, seconded=True)])
    assert (levels["personal"], levels["personal by rule"]) == (ALONE, SECONDED)
    assert len(levels) == 2 * len(CLAIMS)


def test_a_rule_about_what_is_rare_stands_whatever_examples_say() -> None:
    rows = [judged("financial", 0.5, true=False, seconded=True)] * 100
    rows += [judged("financial", 0.7, true=True, seconded=True)] * 50
    assert levels_of(rows)["financial by rule"] == RARELY
    assert "financial" in RARE


def test_unknown_bounds_say_nothing() -> None:
    rows = [judged("bound draft", 0.9, true=True)._replace(bounds_known=False)] * 50
    assert levels_of(rows)["bound draft"] == ALONE
