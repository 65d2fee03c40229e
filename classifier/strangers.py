"""Judged by strangers: each example answered by a model trained without its family, beside simpler methods."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from classifier.confidence import confidence_of
from classifier.contrary import contrary
from classifier.decision import Opinion, settle
from classifier.definition import Definition
from classifier.examples import Prepared
from classifier.judge import Judgement
from classifier.kin import folds_of
from classifier.model import HEADS
from classifier.scores import Answer
from classifier.training import train
from classifier.words import VOCABULARY
from toolcensus.records import Category

FOLDS = 5


class Stranger(NamedTuple):
    """An example, and what rules and model together make of it, the model knowing none of its kin."""

    prepared: Prepared
    judgement: Judgement
    opinion: Opinion

    @property
    def confidence(self) -> float:
        """How probable the given category is."""
        return self.opinion.of_category(self.judgement.decision.category)


def strangers(prepared: Sequence[Prepared], watch: Callable[[int], None] = lambda _: None) -> list[Stranger]:
    """Judge every example by a model trained on the other folds' families; `watch` is told each fold that is done."""
    judged: dict[int, Stranger] = {}
    for fold, (inside, outside) in enumerate(_splits(prepared), 1):
        taught = [prepared[row] for row in inside]
        made = train([one.example for one in (*taught, *contrary(taught))], version="", rules="")
        odds = made.probabilities([prepared[row].example.features for row in outside]).tolist()
        for row, values in zip(outside, odds, strict=True):
            one = prepared[row]
            opinion = Opinion(dict(zip(HEADS, values, strict=True)))
            judged[row] = Stranger(one, settle(one.definition, one.judgement, opinion), opinion)
        watch(fold)
    return [judged[row] for row in range(len(prepared))]


def by_both(judged: Sequence[Stranger]) -> list[Answer]:
    """Return the answers of rules and model together, for the examples that have a label."""
    return [_answer(one.prepared, one.judgement, one.confidence) for one in judged if one.prepared.found.known]


def by_rules(prepared: Sequence[Prepared]) -> list[Answer]:
    """Return the answers of the rules alone, for the examples that have a label."""
    return [_answer(one, one.judgement, confidence_of(one.judgement)) for one in prepared if one.found.known]


def by_first_verb(prepared: Sequence[Prepared]) -> list[Answer]:
    """Return the category of the name's first verb, or the description's; Read where there is none."""
    return [_plain_answer(one, _first_verb(one.definition)) for one in prepared if one.found.known]


def by_words(prepared: Sequence[Prepared]) -> list[Answer]:
    """Return the category by TF-IDF of words and pairs of words, and logistic regression, on the same folds."""
    labelled = [one for one in prepared if one.found.known]
    given: dict[int, Category] = {}
    for inside, outside in _splits(labelled):
        vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        learner = OneVsRestClassifier(LogisticRegression(C=10.0, solver="liblinear"))
        texts: Any = vectorizer.fit_transform([_text(labelled[row]) for row in inside])
        learner.fit(texts, [labelled[row].example.category for row in inside])
        given |= zip(
            outside, learner.predict(vectorizer.transform([_text(labelled[row]) for row in outside])), strict=True
        )
    return [_plain_answer(one, given[row]) for row, one in enumerate(labelled)]


def _splits(prepared: Sequence[Prepared]) -> Iterator[tuple[list[int], list[int]]]:
    folds = np.array(folds_of([one.example.family for one in prepared], FOLDS))
    for fold in range(FOLDS):
        outside = np.flatnonzero(folds == fold).tolist()
        if outside:
            yield np.flatnonzero(folds != fold).tolist(), outside


def _answer(one: Prepared, judgement: Judgement, confidence: float) -> Answer:
    plain = _plain_answer(one, judgement.decision.category)
    return plain._replace(
        effects=frozenset(judgement.effects), risk=judgement.verdict.risk, confidence=round(confidence, 3)
    )


def _plain_answer(one: Prepared, category: Category) -> Answer:
    if one.found.known is None:
        raise ValueError("only labelled examples can be scored")
    return Answer(one.found.known, one.example.family, category)


def _first_verb(definition: Definition) -> Category:
    words = (*definition.name_words, *definition.description_words)
    return next((VOCABULARY.verbs[word.text] for word in words if word.text in VOCABULARY.verbs), "Read")


def _text(one: Prepared) -> str:
    definition = one.definition
    names = " ".join(word.text for word in definition.name_words)
    parameters = " ".join(word.text for each in definition.parameters for word in each.words)
    return f"{names} {definition.tool.description or ''} {parameters}"
