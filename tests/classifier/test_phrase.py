"""The phrase says what a tool does to what, in the third person and in whole English."""

import pytest

from classifier.definition import prepare
from classifier.phrase import Phrase, phrase_of
from toolcensus.records import Category, Tool


def phrase(name: str, description: str, category: Category, *, explained: bool = False) -> Phrase:
    return phrase_of(prepare(Tool(name=name, description=description)), category, explained=explained)


@pytest.mark.parametrize(
    ("name", "description", "category", "said"),
    [
        ("x", "Creates or updates a data app.\n\nConsiderations: many", "Write", "It creates or updates a data app"),
        ("x", "Create or update a data app.", "Write", "It creates or updates a data app"),
        ("x", "Get, download, and save an image", "Write", "It gets, downloads, and saves an image"),
        ("x", "Retrieve domain forwarding data.", "Read", "It retrieves domain forwarding data"),
        ("x", "Read a file, returning text", "Read", "It reads a file"),
        ("x", "Get balance", "Read", "It gets the balance"),
        ("x", "Create invoice", "Write", "It creates an invoice"),
        ("x", "Add user", "Write", "It adds a user"),
        ("x", "Checks if a flight qualifies for a refund", "Read", "It checks whether a flight qualifies for a refund"),
        ("x", "Return the version of the server.", "Read", "It returns the version of the server"),
        ("x", "A tool of great value", "Read", "It speaks of a tool of great value"),
        ("", "", "Read", "The definition says nothing of what it does"),
    ],
)
def test_it_reads_as_a_person_would_write_it(name: str, description: str, category: Category, said: str) -> None:
    assert phrase(name, description, category).said == said


@pytest.mark.parametrize(
    ("name", "description", "said"),
    [
        ("get_pools", "Deploy Server Acme Pools @acme/pools Try", "By its name it gets pools"),
        ("pools", "Deploy Server Acme Pools @acme/pools Try", "The name speaks of pools"),
        ("list_runs", "Get Acme Analysis Runs.", "It gets Acme Analysis Runs"),
        ("get_info", "Execute get_info command", "By its name it gets info"),
        ("get_transfers", "GET /transfers/tx/{hash} hash: The hash", "By its name it gets transfers"),
        ("home_feed", "Description not available", "The name speaks of home feed"),
    ],
)
def test_the_name_speaks_where_the_text_is_no_sentence_or_says_something_else(
    name: str, description: str, said: str
) -> None:
    assert phrase(name, description, "Read").said == said


def test_an_object_that_says_nothing_gives_way_to_the_names() -> None:
    text = "Kong tool for routes - update operations"
    assert phrase("update_route", text, "Write").said == "By its name it updates a route"


def test_a_text_that_a_rule_explains_may_differ_from_its_category() -> None:
    text = "Execute a SELECT query on the database"
    assert phrase("read_query", text, "Read", explained=True).said == "It executes a SELECT query on the database"
    assert phrase("read_query", text, "Read").said == "By its name it reads the query"


@pytest.mark.parametrize(
    ("name", "description", "category", "said"),
    [
        ("get_user_docs", "获取文档列表", "Read", "It gets user docs"),
        ("user_docs_batch", "获取文档列表", "Read", "It gets the user docs batch"),
        ("calendar_primary", "查询用户", "Read", "It gets the calendar primary"),
        ("delete_user", "获取文档列表", "Write", "By its name it deletes a user"),
        ("shanchu", "删除一个文件", "Write", "It deletes a file"),
        ("create_note", "Crea una nota para el usuario", "Write", "It creates a note"),
        ("render_x", "Gera um mapa mental de uma ideia", "Read", "By its name it renders an x"),
    ],
)
def test_a_text_in_another_language_is_said_in_english(
    name: str, description: str, category: Category, said: str
) -> None:
    assert phrase(name, description, category).said == said


def test_what_stands_before_a_version_in_a_name_says_where() -> None:
    assert phrase("acme_v2_jobLevel_get", "", "Read").said == "By its name it gets the job level in acme"
    assert phrase("get_job_v2", "", "Read").said == "By its name it gets the job"


def test_the_verb_of_the_phrase_is_the_one_that_it_begins_with() -> None:
    assert phrase("get_x", "Deletes a file", "Write").verb == "delete"
    assert phrase("get_x", "删除", "Read").verb == "get"
    assert phrase("", "", "Read") == Phrase("The definition says nothing of what it does", "", acts=False)
