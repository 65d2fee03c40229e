"""Credentials that look real beside placeholders; the samples are made up here and open nothing."""

import random
import string

import pytest

from classifier.credentials import entropy, find, suspect
from classifier.passages import Passage

CHOOSE = random.Random(7)  # noqa: S311 — made-up credentials, the same ones every time
LETTERS = string.ascii_letters + string.digits


def _made_up(length: int, alphabet: str = LETTERS) -> str:
    return "".join(CHOOSE.choice(alphabet) for _ in range(length))


@pytest.mark.parametrize(
    ("secret", "what"),
    [
        ("AKIA" + _made_up(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), "an AWS access key id"),
        ("ghp_" + _made_up(36), "a GitHub token"),
        ("sk-ant-api03-" + _made_up(48), "an Anthropic key"),
        ("sk-proj-" + _made_up(48), "an OpenAI key"),
        ("xoxb-" + "2048-" + _made_up(24), "a Slack token"),
        ("AIza" + _made_up(35), "a Google API key"),
        ("eyJ" + _made_up(20) + ".eyJ" + _made_up(20) + "." + _made_up(30), "a JSON Web Token"),
        ("-----BEGIN RSA PRIVATE KEY-----\n" + _made_up(60), "a private key"),
        ("postgres://admin:" + _made_up(16) + "@db.host.net", "a password in a URL"),
        ('api_key = "' + _made_up(32) + '"', "a key beside its name"),
    ],
)
def test_a_credential_is_found_with_its_form(secret: str, what: str) -> None:
    text = f"Calls the service with {secret} set."
    (finding,) = find(Passage("description", text))
    assert finding.kind == "secret-in-definition"
    assert finding.message.startswith(f"Holds what looks like {what}:")
    assert text[finding.start : finding.end] in secret
    assert secret not in finding.message
    assert suspect(text)


@pytest.mark.parametrize(
    "text",
    [
        "Set it to ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "For example AKIAIOSFODNN7EXAMPLE",
        "sk-your-api-key-goes-here-and-nowhere-else",
        "sk_test_000000000000000000000000",
        "postgres://user:password@localhost/db and mysql://user:<password>@host.name/db",
        "commit 3f786850e387550fdab836ed7e6dc881de23001b",
        'token = "aaaaaaaaaaaaaaaaaaaaaaaaaaaa"',
    ],
)
def test_placeholders_and_digests_are_no_credentials(text: str) -> None:
    assert list(find(Passage("description", text))) == []


def test_entropy_is_bits_for_each_character() -> None:
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2
