"""Evidence: the spans of the definition on which a label rests, in the order in which a reader would look."""

from collections.abc import Iterator
from itertools import islice

from classifier.deed import Deed
from classifier.definition import Definition, title_field, title_of
from classifier.judge import Judgement, rule_book
from classifier.rulebook import Match
from classifier.weighty_words import Weights, words_for_category, words_for_claim
from toolcensus.records import BOUNDS, Evidence

_MOST_A_CLAIM = 2
MOST = 24
"""Spans that one label carries at most."""


def gather_evidence(
    definition: Definition, judgement: Judgement, weights: Weights | None = None
) -> tuple[Evidence, ...]:
    """Return the spans for category, effects and bounds; the whole name where nothing else speaks.

    What no rule and no verb supports rests on the words that weigh most in a model, if there is one.
    """
    of_category = list(_of_category(definition, judgement))
    if not of_category and weights:
        of_category += words_for_category(weights, definition, judgement.decision.category, _MOST_A_CLAIM)
    found = dict.fromkeys((*of_category, *_of_claims(definition, judgement, weights)))
    return tuple(found)[:MOST] or (_whole(definition),)


def _of_category(definition: Definition, judgement: Judgement) -> Iterator[Evidence]:
    category = judgement.decision.category
    for match in judgement.decision.matches[:_MOST_A_CLAIM]:
        yield from rule_book().evidence(match, definition, _MOST_A_CLAIM)
    if judgement.decision.named == category and definition.named:
        yield _of_verb(definition.named, "name", category)
    if judgement.decision.told == category and definition.told:
        yield _of_verb(definition.told, "description", category)


def _of_verb(deed: Deed, field: str, category: str) -> Evidence:
    word = deed.words[0]
    return Evidence(field=field, start=word.start, end=word.end, shows=f"{category}: the verb “{deed.verb}”")


def _of_claims(definition: Definition, judgement: Judgement, weights: Weights | None) -> Iterator[Evidence]:
    for value in (*judgement.effects, *judgement.bounds):
        matches = [match for match in judgement.matches if match.rule.claim.value == value]
        if not matches and weights:
            claim = f"bound {value}" if value in BOUNDS else value
            yield from words_for_claim(weights, definition, claim, value, _MOST_A_CLAIM)
        for span in _first_spans(definition, matches):
            yield Evidence(field=span.field, start=span.start, end=span.end, shows=f"{value}: {span.shows}")


def _first_spans(definition: Definition, matches: list[Match]) -> tuple[Evidence, ...]:
    spans = (span for match in matches for span in rule_book().evidence(match, definition, _MOST_A_CLAIM))
    return tuple(islice(spans, _MOST_A_CLAIM))


def _whole(definition: Definition) -> Evidence:
    tool = definition.tool
    shows = "all that the definition says"
    for field, string in (("name", tool.name), (title_field(tool), title_of(tool)), ("description", tool.description)):
        if string:
            return Evidence(field=field, start=0, end=len(string), shows=shows)
    return Evidence(field="name", start=0, end=0, shows=shows)
