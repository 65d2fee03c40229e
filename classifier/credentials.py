"""Finding credentials in a definition: strings in the form that a service issues, and random enough to be real."""

import math
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import re2

from classifier.passages import Passage
from toolcensus.records import Finding

MAX_SHOWN = 5
MIN_ENTROPY = 3.0
"""Bits for each character of the random part; words, counting and repeated letters stay below it."""

FORMS = {
    "an AWS access key id": r"\b(?:AKIA|ASIA)([A-Z2-7]{16})\b",
    "a GitHub token": r"\b(?:gh[pousr]_|github_pat_)([A-Za-z0-9_]{30,})",
    "a GitLab token": r"\bglpat-([A-Za-z0-9_-]{20,})",
    "a Slack token": r"\bxox[abeoprs]-(?:[0-9]+-)*([A-Za-z0-9-]{20,})",
    "a Slack webhook": r"hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/([A-Za-z0-9]{20,})",
    "an Anthropic key": r"\bsk-ant-(?:[a-z]+[0-9]+-)?([A-Za-z0-9_-]{30,})",
    "an OpenAI key": r"\bsk-(?:proj-|svcacct-)?([A-Za-z0-9_-]{32,})",
    "a Stripe key": r"\b(?:sk|rk)_(?:live|test)_([A-Za-z0-9]{20,})",
    "a Google API key": r"\bAIza([A-Za-z0-9_-]{35})",
    "a Google OAuth secret": r"\bGOCSPX-([A-Za-z0-9_-]{20,})",
    "an npm token": r"\bnpm_([A-Za-z0-9]{36})\b",
    "a PyPI token": r"\bpypi-AgE([A-Za-z0-9_-]{50,})",
    "a SendGrid key": r"\bSG\.([A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})",
    "a Hugging Face token": r"\bhf_([A-Za-z]{30,})\b",
    "a DigitalOcean token": r"\bdo[opr]_v1_([a-f0-9]{64})\b",
    "a Twilio key": r"\bSK([0-9a-f]{32})\b",
    "a Telegram bot token": r"\b[0-9]{8,10}:(AA[A-Za-z0-9_-]{33})\b",
    "a JSON Web Token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.([A-Za-z0-9_-]{20,})",
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\s|\\n)*"
    r"([A-Za-z0-9+/=]{16,}(?:(?:\s|\\n)+[A-Za-z0-9+/=]{16,})*)",
    "a password in a URL": r"\b[a-z][a-z0-9+.-]*://[^\s:/@<>{}$*\[\]]+:([^\s:/@<>{}$*\[\]]{10,})@[\w.-]+\.\w+",
    "a key beside its name": r"(?i)\b(?:api[_-]?key|secret|token|password)[\"']?\s*[:=]\s*[\"']([\w+/=-]{24,})[\"']",
}
PLACEHOLDER = re2.compile(
    r"(?i)x{4,}|\*{3,}|\.{3,}|example|sample|your|placeholder|changeme|change-me|dummy|fake|redacted|0{6,}|1{6,}|12345|abcdef"
    r"|secret|password|test_?key|insert|replace|<|\{|lorem|foobar"
)
ANY_FORM = re2.compile("|".join(f"(?:{form})" for form in FORMS.values()))
COMPILED = {what: re2.compile(form) for what, form in FORMS.items()}
ADVICE = "anyone who can list the tools can use it; have it revoked and taken out of the definition"


def suspect(text: str) -> bool:
    """Say whether a text, such as a whole definition, may hold anything that `find` would find."""
    return ANY_FORM.search(text) is not None


def find(passage: Passage) -> Iterator[Finding]:
    """Yield a finding for each credential of a known form, unless it is a placeholder; at most five for each form."""
    covered: set[int] = set()
    for what, form in COMPILED.items():
        for match in islice(form.finditer(passage.text), MAX_SHOWN):
            if match.start(1) not in covered and _looks_real(match.group(1)):
                covered.update(range(*match.span()))
                yield Finding(
                    kind="secret-in-definition",
                    severity="high",
                    field=passage.field,
                    start=match.start(),
                    end=match.end(),
                    message=f"Holds what looks like {what}: {ADVICE}.",
                )


def entropy(text: str) -> float:
    """Return the Shannon entropy of a text in bits for each character."""
    counts = Counter(text).values()
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts)


def _looks_real(random_part: str) -> bool:
    return entropy(random_part) >= MIN_ENTROPY and not PLACEHOLDER.search(random_part)
