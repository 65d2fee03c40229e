"""Finding orders to the model by what they are made of: roles that meet within a sentence or two, counted openly.

Around each place where a charge's anchor stands, its sentence alone, with the one before and with the one after are
read; the best of the three sums counts. Decoys take points away: a quotation, a prohibition, a description of what the
tool itself does.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import re2

from classifier.charge import OPTIONS, ROLES, Charge, load_charges, read_roles
from classifier.disguise import View, views
from classifier.orders import ADVICE
from classifier.passages import Passage
from classifier.sequence import PHRASES, read_phrases
from toolcensus.records import Finding

END = re2.compile(r"[.!?][\"')\]]*\s|[。！？]|\n\s*\n|\n\s*(?:[-*•]|\d+[.)])\s|\n\s*\w+(?: ?\([^)\n]*\))?:\s")
MAX_ANCHORS = 50
"""Places of one role in one passage that are looked at."""

REACH = 400
"""Characters on either side of an anchor beyond which a sentence is cut off."""


class Place(NamedTuple):
    """Some sentences of a text, and the roles in them."""

    start: int
    end: int
    roles: frozenset[str]


class Charges:
    """The charges, compiled once; `find` is a pure function of the passages."""

    def __init__(self, charges: Sequence[Charge], roles: dict[str, str]) -> None:
        used = {role for charge in charges for role in charge.roles}
        self._charges = tuple(charges)
        self._names = sorted(used)
        self._expressions = {name: re2.compile(roles[name], OPTIONS) for name in self._names}
        self._set = re2.Set.SearchSet(OPTIONS)
        for name in self._names:
            self._set.Add(roles[name])
        self._set.Compile()

    def find(self, passages: Sequence[Passage]) -> tuple[Finding, ...]:
        """Return at most one finding for each charge and passage, in the order of passages, then of views."""
        whole = "\n\n".join(passage.text for passage in passages)
        suspects = {view.disguise: found for view in views(whole) if (found := self._suspects(view.text))}
        if not suspects:
            return ()
        return tuple(finding for passage in passages for finding in self._in_passage(passage, suspects))

    def roles(self, text: str) -> frozenset[str]:
        """Return the roles that words of a text play."""
        found = self._set.Match(text.encode("utf-8", "replace"))
        return frozenset(self._names[place] for place in found or ())

    def _suspects(self, text: str) -> list[Charge]:
        roles = self.roles(text)
        return [charge for charge in self._charges if charge.sum(roles, hopeful=True) >= charge.threshold]

    def _in_passage(self, passage: Passage, suspects: dict[str, list[Charge]]) -> Iterator[Finding]:
        done: set[str] = set()
        for view in views(passage.text):
            charges = suspects.get(view.disguise, ())
            hopeful = charges and self._suspects(view.text)
            for charge in hopeful or ():
                if charge.id not in done and (span := self._charged(charge, view)):
                    done.add(charge.id)
                    yield _finding(charge, passage.field, view, span)

    def _charged(self, charge: Charge, view: View) -> tuple[int, int] | None:
        """Return the span of the first sentences in which a charge reaches its sum, or None."""
        seen: set[tuple[int, int]] = set()
        for match in islice(self._expressions[charge.anchor].finditer(view.text), MAX_ANCHORS):
            for start, end in _windows(view.text, match.start(), match.end()):
                if (start, end) in seen:
                    continue
                seen.add((start, end))
                if charge.sum(self.roles("¶" * (start == 0) + view.text[start:end])) >= charge.threshold and view.tells(start, end):
                    return self._span(charge, view.text, start, end)
        return None

    def _span(self, charge: Charge, text: str, start: int, end: int) -> tuple[int, int]:
        """Return the stretch from the first to the last of the words that the charge needs."""
        spans = [
            match.span() for role in (charge.anchor, *charge.needs) for match in [self._first(role, text[start:end])]
        ]
        return start + min(span[0] for span in spans), start + max(span[1] for span in spans)

    def _first(self, role: str, text: str) -> Any:
        return self._expressions[role].search(text)


@lru_cache(maxsize=1)
def charges() -> Charges:
    """Return the charges of the shelf, compiled."""
    roles = read_roles(ROLES.read_text("utf-8"), read_phrases(PHRASES.read_text("utf-8")))
    return Charges(load_charges(roles), roles)


def _windows(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentence around a place, then with the sentence after it, then with the one before."""
    low, high = max(0, start - REACH), min(len(text), end + REACH)
    before = [low, *(low + match.end() for match in END.finditer(text[low:start]))]
    after = [end - 1 + match.end() for match in islice(END.finditer(text[end - 1 : high]), 2)] + [high, high]
    first = before[-1]
    yield first, after[0]
    if after[1] > after[0]:
        yield first, after[1]
    if len(before) > 1:
        yield before[-2], after[0]


def _finding(charge: Charge, field: str, view: View, span: tuple[int, int]) -> Finding:
    start, end = view.span(*span)
    hidden = f", {view.disguise}" if view.disguise else ""
    because = charge.why[0].lower() + charge.why[1:].rstrip(".")
    return Finding(
        kind=charge.kind,
        severity="critical" if view.disguise else charge.severity,
        field=field,
        start=start,
        end=end,
        message=f"{charge.shows[0].upper()}{charge.shows[1:]}{hidden}: {because}; {ADVICE[charge.kind]}.",
    )
