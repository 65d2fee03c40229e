"""What a charge file says, how its points add up, and what is wrong with a bad one."""

from pathlib import Path

import pytest

from classifier.charge import load_charges, parse_charge, read_roles
from classifier.rule import RuleFile
from toolcensus.errors import InputError

ROLES = read_roles(
    "[secret]\nwords = ['passwords?']\n[send]\nwords = ['send(?:s|ing)?']\n[note]\nalso = ['\"note\"']\n"
    "[example]\nwords = ['e\\.g\\.']",
    {},
)
GOOD = """
id = "wants-secrets"
kind = "exfiltration"
severity = "critical"
shows = "wants secrets"
why = "They are nobody's business."
anchor = "secret"
needs = ["send"]
from = 4
[points]
note = 2
example = -3
[[example]]
name = "look_up"
[[near_miss]]
name = "look_up"
"""


def _file(text: str, name: str = "wants-secrets.toml") -> RuleFile:
    return RuleFile("charges", name, text.encode())


def test_points_add_up_once_the_anchor_and_what_is_needed_are_there() -> None:
    charge = parse_charge(_file(GOOD), ROLES)
    assert charge.sum(frozenset({"secret", "send"})) == 2
    assert charge.sum(frozenset({"secret", "send", "note"})) == 4
    assert charge.sum(frozenset({"secret", "send", "note", "example"})) == 1
    assert charge.sum(frozenset({"secret", "send", "note", "example"}), hopeful=True) == 4
    assert charge.sum(frozenset({"secret", "note"})) == 0


@pytest.mark.parametrize(
    ("text", "name", "problem"),
    [
        (GOOD.replace('anchor = "secret"', 'anchor = "sekret"'), "wants-secrets.toml", "no role is called 'sekret'"),
        (GOOD, "other.toml", "the file must be named wants-secrets.toml"),
        (GOOD.replace("[[near_miss]]", "[[example]]"), "wants-secrets.toml", "missing required field `near_miss`"),
        (GOOD.replace("from = 4", 'from = "4"'), "wants-secrets.toml", "Expected `int`"),
        ("id =", "wants-secrets.toml", "Invalid value"),
    ],
)
def test_a_bad_charge_is_an_error_that_names_file_and_fault(text: str, name: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_charge(_file(text, name), ROLES)
    assert f"rules/charges/{name}" in caught.value.message
    assert problem in caught.value.message
    assert caught.value.advice


def test_a_role_that_is_no_expression_is_an_error_that_names_it() -> None:
    with pytest.raises(InputError, match="bad"):
        read_roles("[bad]\nwords = ['(']", {})


def test_a_folder_without_charges_has_none(tmp_path: Path) -> None:
    assert load_charges(ROLES, tmp_path) == ()
