"""The label of one tool definition: the single entry to the rule half of the classifier."""

import hashlib

from classifier import VERSION
from classifier.actions import label_actions
from classifier.confidence import REVIEW_BELOW, confidence_of
from classifier.definition import prepare
from classifier.evidence import gather_evidence
from classifier.judge import judge
from classifier.rationale import explain
from classifier.rule import rule_files
from classifier.words import HERE
from toolcensus.records import Label, Tool


def _digest_of_rules() -> str:
    digest = hashlib.sha256()
    for file in rule_files():
        digest.update(f"{file.kind}/{file.name}\0".encode() + file.text + b"\0")
    for name in ("vocabulary.toml", "languages.toml", "classes.toml", "phrases.toml", "roles.toml", "well_known.toml"):
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()[:12]


CLASSIFIER_VERSION = f"{VERSION}+rules.{_digest_of_rules()}"
"""Changes whenever a label may: with the code's own version, a rule, or a word."""


def label(tool: Tool) -> Label:
    """Label one definition; the same definition gets the same label, to the byte, wherever it is served."""
    definition = prepare(tool)
    judgement = judge(definition)
    confidence = confidence_of(judgement)
    return Label(
        category=judgement.decision.category,
        effects=judgement.effects,
        bounds=judgement.bounds,
        risk=judgement.verdict.risk,
        confidence=confidence,
        rationale=explain(definition, judgement),
        evidence=gather_evidence(definition, judgement),
        actions=label_actions(definition, judgement),
        review=confidence < REVIEW_BELOW,
    )
