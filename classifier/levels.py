"""Levels: from which probability on a claim is made, chosen where strangers' judgements agree best with labels."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from toolcensus.records import BOUNDS, EFFECTS, Category

CLAIMS: tuple[str, ...] = (*EFFECTS, *(f"bound {bound}" for bound in BOUNDS))
"""Every effect and bound, as the heads name them."""

ALONE, SECONDED = 0.45, 0.25
"""Levels where too few examples could say: of a claim that only the model makes, and of one that a rule makes too."""

RARE = frozenset(("financial", "secrets", "physical"))
"""What is too rare to be learnt: a rule's claim stands from `RARELY` on, whatever the examples say."""

RARELY = 0.08

_FEWEST = 12
_DRAWN = 6.0
_GRID = tuple(step / 100 for step in range(10, 75, 5))


class Judged(NamedTuple):
    """What a model that knows no kin made of an example, what its label says, and what the rules claimed."""

    probabilities: Mapping[str, float]
    category: Category
    claims: frozenset[str]
    bounds_known: bool
    claimed: frozenset[str]


def levels_of(judged: Sequence[Judged]) -> dict[str, float]:
    """Return two levels for each claim: `x` where only the model makes it, `x by rule` where a rule does as well."""
    levels: dict[str, float] = {}
    for claim in CLAIMS:
        cases = [one for one in judged if one.bounds_known or not claim.startswith("bound ")]
        for seconded, usual in ((False, ALONE), (True, SECONDED)):
            pairs = [
                (one.probabilities[claim], claim in one.claims) for one in cases if (claim in one.claimed) == seconded
            ]
            levels[f"{claim} by rule" if seconded else claim] = (
                RARELY if seconded and claim in RARE else _level(pairs, usual)
            )
    return levels


def _level(pairs: Sequence[tuple[float, bool]], usual: float) -> float:
    """Return the level with the best F1, drawn towards what is usual by the weight of a few examples."""
    positive = sum(true for _, true in pairs)
    if positive < _FEWEST:
        return usual
    best = max(_GRID, key=lambda level: (round(_f1(pairs, level), 4), -abs(level - usual)))
    return round((best * positive + usual * _DRAWN) / (positive + _DRAWN), 3)


def _f1(pairs: Iterable[tuple[float, bool]], level: float) -> float:
    right = wrong = missed = 0
    for probability, true in pairs:
        given = probability >= level
        right += given and true
        wrong += given and not true
        missed += true and not given
    return 2 * right / (2 * right + wrong + missed) if right else 0.0
