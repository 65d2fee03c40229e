"""Finding orders to the model by what they are made of: roles that meet within a sentence or two, counted openly.

Around each place where a charge's anchor stands, its sentence alone, with the one before and with the one after are
read; the best of the three sums counts. Decoys take points away: a quotation, a prohibition, a description of what the
tool itself does.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from operator import length_hint

import re2

from classifier.charge import OPTIONS, ROLES, Charge, load_charges, read_roles
from classifier.disguise import View, views, views_in
from classifier.orders import ADVICE
from classifier.passages import Passage, whole_text
from classifier.sequence import PHRASES, read_phrases
from toolcensus.records import Finding

END = re2.compile(
    r"(?:[^\s.]{2}|\.\d)[.!?][\"')\]]*\s|[。！？]|\n\s*\n|\n\s*(?:[-*•]|\d+[.)])\s|\n\s*\w+(?: ?\([^)\n]*\))?:\s"
)
REACH = 400
"""Characters on either side of an anchor beyond which a sentence is cut off."""

MAX_ANCHORS = 1_000
"""Places of one anchor in one passage that are looked at."""

MAX_READ = 2_000
"""Stretches of text that are read in one definition."""

FIRST = "¶"
"""Stands before the first sentence of a passage, so that a role may ask for it."""

ARGUMENT = "§"
"""Stands before what describes or names a parameter: whatever it speaks of is to be handed over."""

NAME_JOINT = re.compile(r"[_-]")
Span = tuple[int, int]


class RoleSet:
    """Several roles that are looked for together, in one pass over a text."""

    def __init__(self, names: Iterable[str], roles: Mapping[str, str]) -> None:
        self._names = sorted(set(names))
        self._set = re2.Set.SearchSet(OPTIONS)
        for name in self._names:
            self._set.Add(roles[name])
        self._set.Compile()

    def found(self, text: str) -> frozenset[str]:
        """Return the roles that words of a text play."""
        return frozenset(self._names[place] for place in self._set.Match(text.encode("utf-8", "replace")) or ())


class Reading:
    """A view of one passage, and the roles in the stretches of it that were read; `allowance` ends the reading."""

    def __init__(self, view: View, mark: str, roles: RoleSet, allowance: Iterator[int]) -> None:
        self.view = view
        self._mark = mark
        self._roles = roles
        self._allowance = allowance
        self._read: dict[Span, frozenset[str]] = {}

    @property
    def ended(self) -> bool:
        """Say whether too much of the definition was read already."""
        return length_hint(self._allowance) == 0

    def roles(self, start: int, end: int) -> frozenset[str]:
        """Return the roles in one stretch, none when too much was read."""
        if (start, end) not in self._read:
            if next(self._allowance, None) is None:
                return frozenset()
            self._read[start, end] = self._roles.found(self._mark + FIRST * (start == 0) + self.view.text[start:end])
        return self._read[start, end]


class Charges:
    """The charges, compiled once; `find` is a pure function of the passages."""

    def __init__(self, charges: Sequence[Charge], roles: Mapping[str, str]) -> None:
        self._needed = [(frozenset((charge.anchor, *charge.needs)), charge) for charge in charges]
        shown = {role for charge in charges for role in (charge.anchor, *charge.needs)}
        self._expressions = {role: re2.compile(roles[role], OPTIONS) for role in sorted(shown)}
        self._anchors = RoleSet((charge.anchor for charge in charges), roles)
        self._roles = RoleSet((role for charge in charges for role in charge.roles), roles)

    def find(self, passages: Sequence[Passage], wholes: Iterable[View] | None = None) -> tuple[Finding, ...]:
        """Return at most one finding for each charge and passage, in the order of passages, then of views.

        `wholes` are the views of the passages taken together, where they are at hand.
        """
        wholes = views(whole_text(passages)) if wholes is None else wholes
        disguises = {view.disguise for view in wholes if self._anchors.found(view.text)}
        passages = [_spelt(passage) for passage in passages if not _is_a_bare_name(passage)]
        if "" not in disguises and self._anchors.found(whole_text(one for one in passages if _is_spelt(one))):
            disguises.add("")
        if not disguises:
            return ()
        allowance = iter(range(MAX_READ))
        return tuple(finding for passage in passages for finding in self._in_passage(passage, disguises, allowance))

    def _possible(self, text: str) -> list[Charge]:
        """Return the charges whose roles may meet in a text; a first look at the anchors alone settles most."""
        if not self._anchors.found(text):
            return []
        roles = self._roles.found(ARGUMENT + FIRST + text)
        meeting = [charge for needed, charge in self._needed if needed <= roles]
        return [charge for charge in meeting if charge.sum(roles, hopeful=True) >= charge.threshold]

    def _in_passage(self, passage: Passage, disguises: set[str], allowance: Iterator[int]) -> Iterator[Finding]:
        done: set[str] = set()
        mark = ARGUMENT if passage.field.startswith("/inputSchema/") else ""
        for view in views_in(passage.text, disguises):
            reading = Reading(view, mark, self._roles, allowance)
            for charge in self._possible(view.text):
                if charge.id in done:
                    continue
                if span := self._charged(charge, reading):
                    done.add(charge.id)
                    yield _finding(charge, passage.field, view, span)

    def _charged(self, charge: Charge, reading: Reading) -> Span | None:
        """Return the span of the first sentences in which a charge reaches its sum, or None."""
        covered = 0
        for match in islice(self._expressions[charge.anchor].finditer(reading.view.text), MAX_ANCHORS):
            if reading.ended:
                return None
            if match.end() <= covered:
                continue
            before, around, after = sentences(reading.view.text, *match.span())
            covered = min(around[1], match.end() + REACH // 2)
            if charge.sum(reading.roles(before[0], after[1]), hopeful=True) < charge.threshold:
                continue
            for start, end in (around, (around[0], after[1]), (before[0], around[1])):
                if charge.sum(reading.roles(start, end)) >= charge.threshold and reading.view.tells(start, end):
                    return self._words(charge, reading.view.text, start, end)
        return None

    def _words(self, charge: Charge, text: str, start: int, end: int) -> Span:
        """Return the stretch from the first to the last of the words that the charge needs."""
        roles = (charge.anchor, *charge.needs)
        spans = [match.span() for role in roles if (match := self._expressions[role].search(text[start:end]))]
        return start + min(span[0] for span in spans), start + max(span[1] for span in spans)


@lru_cache(maxsize=1)
def charges() -> Charges:
    """Return the charges of the shelf, compiled."""
    roles = read_roles(ROLES.read_text("utf-8"), read_phrases(PHRASES.read_text("utf-8")))
    return Charges(load_charges(roles), roles)


def _is_a_bare_name(passage: Passage) -> bool:
    """Say whether a passage is the tool's name in one word, which says what the tool does and orders nothing."""
    return passage.field == "name" and " " not in passage.text


def _is_spelt(passage: Passage) -> bool:
    """Say whether a passage is the name of a member, as words."""
    return passage.field.rpartition("/")[0].endswith("/properties") and " " in passage.text


def _spelt(passage: Passage) -> Passage:
    """Return the name of a member as words, for a name may be an order: `content_of_the_key_file`."""
    if " " in passage.text or not passage.field.rpartition("/")[0].endswith("/properties"):
        return passage
    return Passage(passage.field, NAME_JOINT.sub(" ", passage.text))


def sentences(text: str, start: int, end: int) -> tuple[Span, Span, Span]:
    """Return the spans of the sentences before, around and after a place, as far as 400 characters from it."""
    low, high = max(0, start - REACH), min(len(text), end + REACH)
    ends = [low, low, *(low + match.end() for match in END.finditer(text[low:start]))]
    base = max(0, end - 2)
    nexts = [base + match.end() for match in islice(END.finditer(text[base:high]), 2)] + [high, high]
    return (ends[-2], ends[-1]), (ends[-1], nexts[0]), (nexts[0], nexts[1])


def _finding(charge: Charge, field: str, view: View, span: Span) -> Finding:
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
