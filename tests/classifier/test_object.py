"""The object of a deed is what its verb acts on, without what only places it."""

import pytest

from classifier.definition import prepare
from toolcensus.records import Tool


def objects(name: str, description: str = "") -> list[str]:
    return prepare(Tool(name=name, description=description)).text("object").string.splitlines()


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("get_user_orders", "get many user order"),
        ("users_list", "list many user"),
        ("get_orders_by_user", "get many order"),
        ("list_customer_labels", "list many customer label"),
        ("get_user_details", "get user"),
        ("delete_all_messages", "delete every message"),
        ("batch_delete_messages", "delete every message"),
        ("zpa_create_provisioning_key", "create provision key"),
        ("dns_update_record_v1", "update record"),
    ],
)
def test_the_last_noun_before_a_preposition_is_what_is_touched(name: str, read: str) -> None:
    assert objects(name) == [read]


@pytest.mark.parametrize(
    ("description", "read"),
    [
        ("Get the details of a customer in the CRM.", ["get customer"]),
        ("Search for people by name", ["search person"]),
        ("Lists users and groups of a workspace", ["list many user", "list many group"]),
        ("Create or update a consumer", ["create consumer", "update consumer"]),
        ("Read a channel, delete its members", ["read channel", "delete many member"]),
        ("Get policies (read-only)", ["get many policy"]),
        ("Move a message to the trash", ["move message"]),
        ("Move", ["move"]),
    ],
)
def test_a_sentence_gives_a_line_for_every_verb_and_every_joined_noun(description: str, read: list[str]) -> None:
    assert objects("x", description) == read


def test_evidence_for_an_object_lies_on_the_words_of_the_definition() -> None:
    text = prepare(Tool(name="x", description="Deletes all the old messages")).text("object")
    start = text.string.index("message")
    (span,) = text.spans(start, start + len("message"), "a message")
    assert "Deletes all the old messages"[span.start : span.end] == "messages"
