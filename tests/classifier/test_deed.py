"""The deed: verb first, whatever way the name or the sentence puts it."""

import pytest

from classifier.deed import Deed, deed_of_name, deed_of_text, first_clauses
from classifier.words import split, split_name


def of_name(name: str, told: Deed | None = None) -> str:
    deed = deed_of_name(list(split_name(name)), told)
    return " ".join(word.text for word in deed.words) if deed else ""


def of_text(text: str) -> Deed | None:
    return deed_of_text(split(text, 1_000))


@pytest.mark.parametrize(
    ("name", "deed"),
    [
        ("delete_message", "delete message"),
        ("slack_message_delete", "delete slack message"),
        ("kubectl_get", "get kubectl"),
        ("github_create_issue", "create issue github"),
        ("test_run_create", "create test run"),
        ("order_list", "list order"),
        ("list_access_request", "list access request"),
        ("set_default", "set default"),
        ("get_dataset", "get dataset"),
        ("report_get", "get report"),
        ("weather_tool", ""),
        ("code_runner", "run code"),
        ("congress-trades-by-name", ""),
        ("is_valid", "is valid"),
        ("order_status", ""),
        ("postDetails", ""),
    ],
)
def test_a_names_verb_comes_first(name: str, deed: str) -> None:
    assert of_name(name) == deed


def test_the_sentence_settles_which_verb_of_a_name_is_meant() -> None:
    assert of_name("API-post-search", of_text("Search by title")) == "search api post"
    assert of_name("shopping-list-add", of_text("Add an item")) == "add shopping list"


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Deletes a record.", "delete"),
        ("This tool allows you to create a ticket.", "create"),
        ("Use this to send mail.", "send"),
        ("A tool that lists branches", "list"),
        ("Notion | Search by title", "search"),
        ("[Mail operations] Create a new email", "create"),
        ("Permanently delete a monitor and stop its schedule.", "delete"),
        ("If a user asks to migrate, consider this. Search the guide.", "search"),
        ("Call this when unsure. Returns help.", "return"),
        ("Do NOT guess. Search the guide first.", "search"),
        ("TIP: Lists messages in a folder", "list"),
        ("删除一个文件", "delete"),
        ("Elimina un archivo", "delete"),
        ("Löscht eine Datei", "delete"),
    ],
)
def test_a_texts_verb_is_found_behind_its_opening(text: str, verb: str) -> None:
    deed = of_text(text)
    assert deed
    assert deed.verb == verb


def test_verbs_joined_by_and_or_or_are_heads_together() -> None:
    deed = of_text("List, create or delete labels")
    assert deed
    assert deed.heads == ("list", "create", "delete")
    deed = of_text("List created records")
    assert deed
    assert deed.heads == ("list",), "a participle is no verb of the tool's"
    deed = of_text("Create or update a page")
    assert deed
    assert deed.heads == ("create", "update")


def test_articles_and_asides_are_left_out() -> None:
    deed = of_text("Delete the given file when it is no longer used")
    assert deed
    assert [word.text for word in deed.words] == ["delete", "file"]


def test_there_may_be_no_verb_at_all() -> None:
    assert of_text("") is None
    assert of_text("🎉🎉") is None
    assert deed_of_name([]) is None


def test_only_the_first_clauses_are_read() -> None:
    clauses = first_clauses(split("One. Two. Three. Four. Five.", 1_000))
    assert [[word.text for word in clause] for clause in clauses] == [["one"], ["two"], ["three"], ["four"]]
