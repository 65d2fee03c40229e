"""The phrase says what a tool does to what, in the third person and in whole English."""

import pytest

from classifier.definition import prepare
from classifier.phrase import doing, verb_of
from toolcensus.records import Tool


@pytest.mark.parametrize(
    ("name", "description", "said"),
    [
        ("x", "Creates or updates a data app.\n\nConsiderations: many", "It creates or updates a data app"),
        ("x", "Retrieve domain forwarding data.", "It retrieves domain forwarding data"),
        ("x", "Read a file, returning text", "It reads a file"),
        ("x", "Get balance", "It gets the balance"),
        ("x", "Create invoice", "It creates an invoice"),
        ("x", "Add user", "It adds a user"),
        ("get_user_docs", "获取文档列表", "By its name it gets user docs"),
        ("x", "A tool of great value", "It speaks of a tool of great value"),
        ("", "", "The definition says nothing of what it does"),
    ],
)
def test_it_reads_as_a_person_would_write_it(name: str, description: str, said: str) -> None:
    assert doing(prepare(Tool(name=name, description=description))) == said


def test_the_verb_of_the_phrase_is_the_one_that_it_begins_with() -> None:
    assert verb_of(prepare(Tool(name="get_x", description="Deletes a file"))) == "delete"
    assert verb_of(prepare(Tool(name="get_x", description="删除"))) == "get"
    assert verb_of(prepare(Tool(name="", description=""))) == ""
