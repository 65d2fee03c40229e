"""The label of one tool definition: the single entry to the classifier, for one definition or for many."""

import hashlib
from collections.abc import Iterable, Sequence

from classifier import VERSION
from classifier.actions import label_actions
from classifier.confidence import REVIEW_BELOW, confidence_of
from classifier.decision import Opinion, settle
from classifier.definition import Definition, prepare
from classifier.evidence import gather_evidence
from classifier.features import features_of
from classifier.judge import Judgement, judge
from classifier.model import HEADS, Model, model
from classifier.rationale import explain
from classifier.rule import rule_files
from classifier.weighty_words import Weights
from classifier.words import HERE
from toolcensus.records import Label, Tool


def _digest_of_rules() -> str:
    digest = hashlib.sha256()
    for file in rule_files():
        digest.update(f"{file.kind}/{file.name}\0".encode() + file.text + b"\0")
    for name in ("vocabulary.toml", "languages.toml", "classes.toml", "phrases.toml", "roles.toml", "well_known.toml"):
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()[:12]


SUREST = 0.999
"""No classifier is certain: only a reader's answer counts as 1."""

BATCH = 64
"""Definitions that are weighed together at most: more would take memory and save no time."""

RULES_DIGEST = _digest_of_rules()
"""Twelve hexadecimal digits of all rules and word tables: a model is trained beside exactly these."""


def version_with(using: Model | None) -> str:
    """Return the version of the classifier with a model, or with none."""
    return f"{VERSION}+rules.{RULES_DIGEST}" + (f"+model.{using.about.version}" if using else "")


CLASSIFIER_VERSION = version_with(model())
"""Changes whenever a label may: with the code's own version, a rule, a word, or the model."""


def label(tool: Tool) -> Label:
    """Label one definition; the same definition gets the same label, to the byte, wherever it is served."""
    return label_batch([tool])[0]


def label_batch(tools: Sequence[Tool]) -> list[Label]:
    """Label many definitions at once, which is faster; each label is what `label` gives."""
    using = model()
    return [one for start in range(0, len(tools), BATCH) for one in label_with(using, tools[start : start + BATCH])]


def label_with(using: Model | None, tools: Iterable[Tool]) -> list[Label]:
    """Label definitions with this model, or by the rules alone where there is none."""
    definitions = [prepare(tool) for tool in tools]
    judgements = [judge(definition) for definition in definitions]
    if using is None:
        judged = zip(definitions, judgements, strict=True)
        return [_by_rules(definition, judgement) for definition, judgement in judged]
    batch = [features_of(definition, judgement) for definition, judgement in zip(definitions, judgements, strict=True)]
    odds = using.probabilities(batch).tolist()
    return [
        _by_both(definition, judgement, Opinion(dict(zip(HEADS, row, strict=True))), using)
        for definition, judgement, row in zip(definitions, judgements, odds, strict=True)
    ]


def _by_rules(definition: Definition, judgement: Judgement) -> Label:
    confidence = confidence_of(judgement)
    return _label(definition, judgement, confidence, None, review=confidence < REVIEW_BELOW)


def _by_both(definition: Definition, alone: Judgement, opinion: Opinion, using: Model) -> Label:
    judgement = settle(definition, alone, opinion)
    confidence = min(round(opinion.of_category(judgement.decision.category), 3), SUREST)
    return _label(definition, judgement, confidence, using, review=confidence < REVIEW_BELOW)


def _label(
    definition: Definition, judgement: Judgement, confidence: float, using: Weights | None, *, review: bool
) -> Label:
    return Label(
        category=judgement.decision.category,
        effects=judgement.effects,
        bounds=judgement.bounds,
        risk=judgement.verdict.risk,
        confidence=confidence,
        rationale=explain(definition, judgement),
        evidence=gather_evidence(definition, judgement, using),
        actions=label_actions(definition, judgement),
        review=review,
    )
