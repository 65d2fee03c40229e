from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import sqlalchemy

from toolcensus import labels
from toolcensus.canonical import digest
from toolcensus.errors import InputError
from toolcensus.records import Change, Evidence, Finding, Label, Tool, Way

AT = "2026-02-01T00:00:00Z"
READ, WRITE = Tool(name="read"), Tool(name="write", description="Writes.")
LOW = Label(
    category="Read", effects=(), bounds=(), risk="low", confidence=0.9, rationale="It reads.",
    evidence=(Evidence(field="name", start=0, end=4, shows="reads"),),
)  # fmt: skip
TWO: tuple[tuple[str, Way], ...] = (("s", "static"), ("t", "live"))
HIGH = msgspec.structs.replace(LOW, category="Write", risk="high")


def _judge(index: sqlalchemy.Connection, version: str) -> int:
    """Judge all that is pending, as the classifier does; return how many pairs there were."""
    judged = 0
    for batch in labels.pending(index, version, batch=2):
        labels.save_labels(index, version, [(entry.digest, LOW) for entry in batch], at=AT)
        labels.save_findings(index, version, [(entry.server, entry.digest, ()) for entry in batch])
        index.commit()
        judged += len(batch)
    return judged


def _names(index: sqlalchemy.Connection, version: str, **options: Any) -> list[str]:
    return [f"{entry.server[8:]}.{entry.tool.name}" for b in labels.pending(index, version, **options) for entry in b]


def test_only_what_this_version_has_not_judged_is_pending(
    index: sqlalchemy.Connection, save: Callable[..., Any]
) -> None:
    save("s", READ, WRITE, "other")
    save("t", READ)
    assert _judge(index, "v1") == 4
    assert _names(index, "v1") == []
    assert len(_names(index, "v2")) == 4
    assert len(_names(index, "v1", everything=True)) == 4
    save("s", READ, Tool(name="write", description="Writes all."), day=2)
    assert _names(index, "v1") == ["s.write"]


def test_a_known_definition_on_another_server_is_pending_there(
    index: sqlalchemy.Connection, save: Callable[..., Any]
) -> None:
    save("s", READ)
    _judge(index, "v1")
    save("t", READ)
    assert _names(index, "v1") == ["t.read"]


def test_going_back_to_an_older_version_judges_again(index: sqlalchemy.Connection, save: Callable[..., Any]) -> None:
    save("s", READ)
    _judge(index, "v1")
    _judge(index, "v2")
    assert _names(index, "v1") == ["s.read"]


def test_the_label_saved_last_is_the_current_one(index: sqlalchemy.Connection, save: Callable[..., Any]) -> None:
    save("s", READ)
    for version, label in (("v1", LOW), ("v2", HIGH), ("v1", LOW)):
        labels.save_labels(index, version, [(digest(READ), label)], at=AT)
        assert index.exec_driver_sql("SELECT risk FROM catalogue").all() == [(label.risk,)]
    assert index.exec_driver_sql("SELECT count(*) FROM label").scalar() == 2


def test_a_new_risk_or_category_is_a_change_of_every_tool_that_has_the_definition(
    index: sqlalchemy.Connection, save: Callable[..., Any]
) -> None:
    save("s", READ)
    save("t", READ, way="live")
    assert labels.save_labels(index, "v1", [(digest(READ), LOW)], at=AT) == ()
    reworded = msgspec.structs.replace(LOW, rationale="It only reads.")
    assert labels.save_labels(index, "v2", [(digest(READ), reworded)], at=AT) == ()
    changes = labels.save_labels(index, "v3", [(digest(READ), HIGH)], at=AT)
    assert changes == tuple(
        Change(
            at=AT, server=f"pkg:npm/{server}", tool="read", way=way, kind="label",
            before=digest(READ), after=digest(READ), risk_before="low", risk_after="high",
        )
        for server, way in TWO
    )  # fmt: skip
    assert index.exec_driver_sql("SELECT kind, risk_before, risk_after FROM changes").all() == [
        ("label", "low", "high"),
        ("label", "low", "high"),
    ]


def test_findings_and_policies_replace_the_ones_before(index: sqlalchemy.Connection, save: Callable[..., Any]) -> None:
    save("s", READ)
    found = Finding(kind="vague", severity="low", field="description", start=0, end=0, message="It has no description.")
    pair = ("pkg:npm/s", digest(READ))
    for findings, policy in (([found], {"limits": [1]}), ([], {})):
        labels.save_findings(index, "v1", [(*pair, findings)])
        labels.save_policies(index, [(*pair, policy)])
        row = index.exec_driver_sql("SELECT findings, policy FROM catalogue").one()
        assert [msgspec.json.decode(text) for text in row] == [msgspec.to_builtins(findings), policy]


def test_judging_what_is_not_in_the_index_is_refused(index: sqlalchemy.Connection, save: Callable[..., Any]) -> None:
    save("s", READ)
    with pytest.raises(InputError, match="no definition sha256:0"):
        labels.save_labels(index, "v1", [("sha256:0", LOW)], at=AT)
    with pytest.raises(InputError, match="no server nobody"):
        labels.save_policies(index, [("nobody", digest(READ), {})])
