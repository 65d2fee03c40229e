import pytest

from toolcensus import words
from toolcensus.errors import InputError


@pytest.mark.parametrize(
    ("identifier", "parts"),
    [
        ("delete_file", ["delete", "file"]),
        ("deleteFile", ["delete", "file"]),
        ("Delete-File.now", ["delete", "file", "now"]),
        ("getHTTPResponse", ["get", "http", "response"]),
        ("s3PutObject_v2", ["s3", "put", "object", "v2"]),
        ("straße löschen", ["straße", "löschen"]),
        ("___", []),
    ],
)
def test_identifiers_come_apart(identifier: str, parts: list[str]) -> None:
    assert words.split(identifier) == parts


def test_a_name_is_indexed_in_parts_and_as_one_word() -> None:
    assert words.indexed_name("deleteFile") == "delete file deletefile"
    assert words.indexed_name("delete") == "delete"


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("delete file", '"delete" AND "file"'),
        ("deleteFile", '"delete" AND "file"'),
        ("delet*", '"delet"*'),
        ('" OR name:x)', '"or" AND "name" AND "x"'),
    ],
)
def test_what_a_person_types_is_words_and_never_syntax(typed: str, expression: str) -> None:
    assert words.match_expression(typed) == expression


@pytest.mark.parametrize(("typed", "message"), [("de*", "too short"), ("*", "no word"), ("!?", "no word")])
def test_what_cannot_be_searched_says_so(typed: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        words.match_expression(typed)
