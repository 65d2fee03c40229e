"""A quotation keeps what a stranger's text says, in plain words, and ends where a clause does."""

import pytest

from classifier.quotation import conjugated, fitted, quoted, quoted_clause, third_person


def quote(text: str) -> str:
    return quoted(text, 0, len(text))


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("delete", "deletes"),
        ("search", "searches"),
        ("apply", "applies"),
        ("pay", "pays"),
        ("do", "does"),
        ("setup", "sets up"),
        ("rollback", "rolls back"),
    ],
)
def test_third_person(verb: str, form: str) -> None:
    assert third_person(verb) == form


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("voices can be filtered by model", "voices"),
        ("the flow after the user clicks Continue", "the flow"),
        ("the chain the wallet is connected to", "the chain"),
        ("the decoded (verbose) form of a block", "the decoded form of a block"),
        ("a page (which may be long", "a page"),
        ("the store of tools to FIND and DISCOVER them", "the store of tools"),
        ("ALWAYS every FOLDER", "always every folder"),
        ("an SQL statement", "an SQL statement"),
        ("a domain \u26a1\ufe0f Best for tests", "a domain"),
        ("a page of all [notes](https://x.test/a) here", "a page of all notes here"),
        ("a **bold** `name`", "a bold name"),
        ("the 'default' screens/displays", "the default screens/displays"),
        ("data against a base and convert them to SQL", "data against a base and converts them to SQL"),
        ("nodes with cordon, drain, and uncordon operations", "nodes with cordon, drain, and uncordon operations"),
        ("a page by name or copy id", "a page by name or copy id"),
    ],
)
def test_it_ends_where_a_clause_does_and_keeps_plain_words(text: str, said: str) -> None:
    assert quote(text) == said


def test_a_clause_after_whether_keeps_its_verb() -> None:
    assert quoted_clause("a user is known. Then more", 0, 30) == "a user is known"


def test_a_phrase_that_does_not_fit_is_left_out_whole() -> None:
    words = ["the", "preference", "of", "a", "group", "for", "an", "inbound", "billing"]
    assert fitted(words) == " ".join(words)
    assert fitted([*words, "with", *["long"] * 30]) == " ".join(words)
    assert fitted(["notes", "of", "the"]) == "notes"


def test_verbs_that_share_a_subject_take_one_form() -> None:
    assert conjugated(["download,", "and", "save", "it"], ["download", "save"]) == ["downloads,", "and", "saves", "it"]
    assert conjugated(["a", "file"], ()) == ["a", "file"]
