"""An article goes where a person would put one."""

import pytest

from classifier.article import with_article
from classifier.words import split


@pytest.mark.parametrize(
    ("verb", "shown", "head", "said"),
    [
        ("delete", "repository", "repository", "deletes a repository"),
        ("add", "item", "item", "adds an item"),
        ("call", "rpc method", "method", "calls an rpc method"),
        ("create", "user", "user", "creates a user"),
        ("get", "status of a job", "status", "gets status of a job"),
        ("get", "balance", "balance", "gets the balance"),
        ("list", "issues", "issues", "lists issues"),
        ("get", "weather", "weather", "gets weather"),
        ("start", "recording the screen", "screen", "starts recording the screen"),
        ("get", "zaps received", "received", "gets zaps received"),
        ("search", "", "", "searches"),
    ],
)
def test_bare_singulars_get_one(verb: str, shown: str, head: str, said: str) -> None:
    words = split(head, 40)
    assert with_article(verb, shown, words[0] if words else None) == said
