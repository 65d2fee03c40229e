r"""What a rule is: a claim that is true or false of a tool, as one TOML file that carries its own examples.

A rule's id finishes the sentence "This tool …". It lies at `rules/<kind>/<id>.toml`:

    id = "moves-money"
    claim = { kind = "effects", value = "financial" }
    why = "Money that has left an account comes back only if someone agrees to send it."
    shows = "moves money"
    categories = ["Write", "Execute"]      # optional: only for tools of these categories

    [[when]]                               # every [[when]] must hold; one of its patterns suffices
    at = ["deed"]
    any = ['^(pay|refund|charge)\b']

    [[unless]]                             # and no [[unless]]
    at = ["description"]
    any = ['\bdry run only\b']

    [[example]]                            # a whole tool definition on which the rule fires
    name = "refund_payment"

    [[near_miss]]                          # one that looks like it, on which it must not fire
    name = "list_refunds"

Patterns are RE2, and may name a class of words in braces (`classifier.word_classes`). They see normalised words
(`classifier.definition` says which text each field is), or with `raw = true` the text as it was written, where case
does not matter.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec
import re2

from classifier.word_classes import expand
from toolcensus.errors import InputError
from toolcensus.records import BOUNDS, CATEGORIES, EFFECTS, Category, FindingKind, Risk, Tool

RULES = Path(__file__).parent / "rules"

Kind = Literal["category", "effects", "bounds", "findings"]
Field = Literal[
    "name",
    "title",
    "description",
    "summary",
    "deed",
    "object",
    "parameters",
    "parameter-descriptions",
    "schema",
    "paths",
    "addresses",
    "annotations",
    "text",  # every string of the definition; findings only, see classifier/orders.py
]
KINDS: tuple[Kind, ...] = get_args(Kind)
FIELDS: tuple[Field, ...] = get_args(Field)
VALUES: dict[str, tuple[str, ...]] = {
    "category": CATEGORIES,
    "effects": EFFECTS,
    "bounds": BOUNDS,
    "findings": get_args(FindingKind),
}


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule says of the tools on which it fires."""

    kind: Kind
    value: str


class Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to look, and the patterns of which one must match there."""

    at: tuple[Field, ...]
    any: tuple[str, ...]
    raw: bool = False


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule as its file says it; see this module's docstring."""

    id: str
    claim: Claim
    why: str
    shows: str
    when: tuple[Look, ...]
    example: tuple[Tool, ...]
    near_miss: tuple[Tool, ...]
    unless: tuple[Look, ...] = ()
    categories: tuple[Category, ...] = CATEGORIES
    severity: Risk | None = None


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One file of the shelf: the kind is its folder's name."""

    kind: str
    name: str
    text: bytes


def rule_files(folder: Path = RULES) -> tuple[RuleFile, ...]:
    """Read every `<kind>/*.toml` under `folder`, sorted by kind and name."""
    paths = sorted(folder.glob("*/*.toml"), key=lambda path: (path.parent.name, path.name))
    return tuple(RuleFile(path.parent.name, path.name, path.read_bytes()) for path in paths)


def parse_rule(file: RuleFile) -> Rule:
    """Read one rule; InputError says which key of which file is wrong and what it must be."""
    where = f"rules/{file.kind}/{file.name}"
    try:
        document = tomllib.loads(file.text.decode())
        rule = _expanded(msgspec.convert(document, Rule))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise InputError(f"{where}: {error}", advice="see classifier/rule.py for the form of a rule") from error
    for problem in _problems(rule, file, document):
        raise InputError(f"{where}: {problem}", advice="see classifier/rule.py for the form of a rule")
    return rule


def _expanded(rule: Rule) -> Rule:
    """Return the rule with every class of words spelled out; braces in a finding rule name phrases instead."""
    if rule.claim.kind == "findings":
        return rule
    when, unless = (tuple(map(_spelled, looks)) for looks in (rule.when, rule.unless))
    return msgspec.structs.replace(rule, when=when, unless=unless)


def _spelled(look: Look) -> Look:
    return msgspec.structs.replace(look, any=tuple(map(expand, look.any)))


def load_rules(kind: Kind, folder: Path = RULES) -> tuple[Rule, ...]:
    """Read the shelf of one kind, sorted by id; InputError for the first file that is no rule."""
    return tuple(parse_rule(file) for file in rule_files(folder) if file.kind == kind)


def _problems(rule: Rule, file: RuleFile, document: dict[str, Any]) -> list[str]:
    claim = rule.claim
    looks = rule.when + rule.unless
    checks = [
        (file.name == f"{rule.id}.toml", f"the file must be named {rule.id}.toml, after its id"),
        (claim.kind == file.kind, f"a claim of kind {claim.kind} lies in rules/{claim.kind}/"),
        (claim.value in VALUES[claim.kind], f"{claim.value!r} is no {claim.kind} of the taxonomy"),
        ((rule.severity is None) != (claim.kind == "findings"), "findings have a severity, other rules none"),
        (len(rule.why) > len(rule.shows) > 0, "`why` is a sentence and `shows` a shorter phrase"),
        (bool(rule.when), "a rule needs at least one [[when]]"),
        (bool(rule.example), "a rule needs at least one [[example]] on which it fires"),
        (bool(rule.near_miss), "a rule needs at least one [[near_miss]] on which it does not fire"),
        (all(look.at and look.any for look in looks), "`at` and `any` must not be empty"),
    ]
    problems = [message for good, message in checks if not good]
    problems += [message for look in looks for pattern in look.any if (message := _pattern_problem(pattern))]
    known = {field.encode_name for field in msgspec.structs.fields(Tool)}
    samples = [*document.get("example", ()), *document.get("near_miss", ())]
    problems += [f"a sample has the unknown key {key!r}" for sample in samples for key in sample if key not in known]
    return problems


def _pattern_problem(pattern: str) -> str:
    try:
        re2.compile(pattern)
    except re2.error as error:
        return f"pattern {pattern!r}: {error.args[0]}"
    return ""
