"""The shelf of rules: every rule fires on its examples and stays silent on its near misses, and a bad rule says why."""

import re
from pathlib import Path

import pytest

from classifier.definition import prepare
from classifier.judge import judge
from classifier.rule import KINDS, Rule, RuleFile, load_rules, parse_rule, rule_files
from classifier.words import base_form
from toolcensus.errors import InputError

RULES = [rule for kind in KINDS if kind != "findings" for rule in load_rules(kind)]
GOOD = """
id = "moves-money"
claim = { kind = "effects", value = "financial" }
why = "Money that has left an account comes back only if someone agrees."
shows = "moves money"
[[when]]
at = ["deed"]
any = ['^refund']
[[example]]
name = "refund_payment"
[[near_miss]]
name = "list_refunds"
"""


def parse(text: str, *, kind: str = "effects", name: str = "moves-money.toml") -> Rule:
    return parse_rule(RuleFile(kind, name, text.encode()))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.claim.kind}/{rule.id}")
def test_a_rule_fires_on_its_examples_and_not_on_its_near_misses(rule: Rule) -> None:
    for example in rule.example:
        assert rule in [match.rule for match in judge(prepare(example)).matches], f"silent on {example.name}"
    for near_miss in rule.near_miss:
        assert rule not in [match.rule for match in judge(prepare(near_miss)).matches], f"fires on {near_miss.name}"


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.claim.kind == "category"], ids=lambda rule: rule.id)
def test_a_category_rules_examples_get_its_category(rule: Rule) -> None:
    assert {judge(prepare(example)).decision.category for example in rule.example} == {rule.claim.value}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_patterns_are_written_in_base_forms_since_no_other_form_is_ever_met(rule: Rule) -> None:
    for look in (look for look in rule.when + rule.unless if not look.raw):
        for pattern in look.any:
            plain = re.sub(r"\\[a-zA-Z]", " ", pattern)
            words = re.findall(r"[a-z]{3,}(?![a-z?*])", plain)
            assert [word for word in words if base_form(word) != word] == []


def test_ids_are_unique_and_the_shelf_is_sorted() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    names = [(file.kind, file.name) for file in rule_files()]
    assert names == sorted(names)


def test_a_rule_is_read_as_its_file_says_it() -> None:
    rule = parse(GOOD)
    assert (rule.id, rule.claim.value, rule.categories) == ("moves-money", "financial", ("Read", "Write", "Execute"))
    assert rule.when[0].any == ("^refund",)
    assert rule.near_miss[0].name == "list_refunds"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('[[near_miss]]\nname = "list_refunds"', ""), "near_miss"),
        (('[[near_miss]]\nname = "list_refunds"', "near_miss = []\n"), "near_miss"),
        (('[[example]]\nname = "refund_payment"', ""), "example"),
        (('id = "moves-money"', 'id = "moves-it"'), "the file must be named moves-it.toml"),
        (('value = "financial"', 'value = "expensive"'), "'expensive' is no effects of the taxonomy"),
        (('kind = "effects"', 'kind = "bounds"'), "a claim of kind bounds lies in rules/bounds/"),
        (("'^refund'", "'^(refund'"), "missing )"),
        (("any = ['^refund']", "any = []"), "`at` and `any` must not be empty"),
        (('shows = "moves money"', 'shows = ""'), "`shows` a shorter phrase"),
        (('at = ["deed"]', 'at = ["prose"]'), "prose"),
        (('name = "refund_payment"', 'name = "refund_payment"\nparameters = ["id"]'), "unknown key 'parameters'"),
        (('shows = "moves money"', 'shows = "moves money"\nseverity = "high"'), "severity"),
        (('why = "', 'because = "'), "because"),
        (('id = "moves-money"', "id = moves-money"), "line 2"),
    ],
)
def test_a_bad_rule_names_its_file_and_its_mistake(change: tuple[str, str], complaint: str) -> None:
    text = GOOD.replace(*change, 1)
    if change[0].startswith("[[near_miss]]") and change[1]:
        text = f"{change[1]}{text.lstrip()}"
    assert text != GOOD
    with pytest.raises(InputError) as caught:
        parse(text)
    assert "rules/effects/moves-money.toml" in caught.value.message
    assert complaint in caught.value.message
    assert caught.value.advice


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(InputError, match=r"rules/effects/moves-money\.toml"):
        parse_rule(RuleFile("effects", "moves-money.toml", b"\xff\xfe"))


def test_a_shelf_elsewhere_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "effects").mkdir()
    (tmp_path / "effects" / "moves-money.toml").write_text(GOOD)
    assert [rule.id for rule in load_rules("effects", tmp_path)] == ["moves-money"]
    assert load_rules("bounds", tmp_path) == ()
