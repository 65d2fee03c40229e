"""What a charge is: roles that words play in an order to a model, and what their meeting counts, as one TOML file.

A charge lies at `rules/charges/<id>.toml`, and its id finishes the sentence "This text …". The roles are those of
`roles.toml`:

    id = "wants-a-secret-file"
    kind = "exfiltration"
    severity = "critical"
    shows = "wants what lies in a file of keys or passwords"
    why = "No ordinary tool needs the keys of the machine that it runs on."
    anchor = "secret-file"                 # worth a point: the sentences around it are read
    needs = ["hand-over"]                  # a point each; without them there is nothing to count
    from = 4                               # the sum from which it is a finding

    [points]                               # what the other roles add to the sum or take from it
    into-argument = 2
    quoting = -3

    [[example]]                            # a whole tool definition that reaches the sum
    [[near_miss]]                          # one that looks like it and does not
"""

import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec
import re2

from classifier.rule import RULES, RuleFile, rule_files
from classifier.sequence import expand
from toolcensus.errors import InputError
from toolcensus.records import Risk, Tool

ROLES = Path(__file__).with_name("roles.toml")
OPTIONS = re2.Options()
OPTIONS.max_mem = 256 << 20
OPTIONS.log_errors = False


class Charge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"threshold": "from"}):
    """One charge as its file says it; see this module's docstring."""

    id: str
    kind: Literal["injection", "exfiltration", "shadowing"]
    severity: Risk
    shows: str
    why: str
    anchor: str
    needs: tuple[str, ...]
    threshold: int
    points: dict[str, int]
    example: tuple[Tool, ...]
    near_miss: tuple[Tool, ...]

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role that the charge speaks of."""
        return (self.anchor, *self.needs, *self.points)

    def sum(self, roles: frozenset[str], *, hopeful: bool = False) -> int:
        """Return the points of some roles, 0 where one that is needed is missing; `hopeful` takes nothing away."""
        if not roles.issuperset((self.anchor, *self.needs)):
            return 0
        points = (self.points.get(role, 0) for role in roles)
        return 1 + len(self.needs) + sum(max(each, 0) if hopeful else each for each in points)


def parse_charge(file: RuleFile, roles: dict[str, str]) -> Charge:
    """Read one charge; InputError says which key of which file is wrong and what it must be."""
    where = f"rules/{file.kind}/{file.name}"
    try:
        charge = msgspec.convert(tomllib.loads(file.text.decode()), Charge)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise InputError(f"{where}: {error}", advice="see classifier/charge.py for the form of a charge") from error
    problems = [f"no role is called {role!r}" for role in charge.roles if role not in roles]
    problems += [] if file.name == f"{charge.id}.toml" else [f"the file must be named {charge.id}.toml, after its id"]
    problems += [] if charge.example and charge.near_miss else ["a charge needs an [[example]] and a [[near_miss]]"]
    if problems:
        raise InputError(f"{where}: {problems[0]}", advice="see classifier/charge.py for the form of a charge")
    return charge


def load_charges(roles: dict[str, str], folder: Path = RULES) -> tuple[Charge, ...]:
    """Read the shelf of charges, sorted by id; InputError for the first file that is none."""
    return tuple(parse_charge(file, roles) for file in rule_files(folder) if file.kind == "charges")


def read_roles(text: str, phrases: dict[str, str]) -> dict[str, str]:
    """Read `roles.toml`: each role's words as one expression, to be compiled without regard to case."""
    return {name: _expression(name, role, phrases) for name, role in tomllib.loads(text).items()}


def _expression(name: str, role: dict[str, Any], phrases: dict[str, str]) -> str:
    words = [expand(word, phrases) for word in role.get("words", ())]
    parts = [rf"\b(?:{'|'.join(words)})\b"] if words else []
    expression = "(?i:" + "|".join(parts + [expand(part, phrases) for part in role.get("also", ())]) + ")"
    try:
        re2.compile(expression, OPTIONS)
    except re2.error as error:
        raise InputError(f"the role {name!r} is no expression: {error.args[0]}", advice="see roles.toml") from error
    return expression
