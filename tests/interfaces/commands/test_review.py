import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from toolcensus import database, labels, listings, reviews, store
from toolcensus.canonical import digest
from toolcensus.records import Evidence, Label, Listing, Review, Server, Tool

Run = Callable[..., Any]
KEY = "pkg:pypi/x"
THIN, CLEAR = Tool(name="do_it"), Tool(name="list_files", description="Lists files.")
OLD = Tool(
    name="older", description="Is [bold]older[/bold].", input_schema={"properties": {"path": {"type": "string"}}}
)


def label(confidence: float, *, review: bool) -> Label:
    evidence = (Evidence(field="name", start=0, end=2, shows="it"),)
    return Label(
        category="Read", effects=("filesystem",), bounds=(), risk="medium", confidence=confidence,
        rationale="So it is.", evidence=evidence, review=review,
    )  # fmt: skip


@pytest.fixture
def uncertain(tmp_path: Path) -> str:
    """Make an index of three labelled tools, two of which wait for a reader."""
    path = str(tmp_path / "index.db")
    engine = database.open_index(path)
    with engine.begin() as connection:
        store.save_server(connection, Server(key=KEY, slug="x", name="x"), evidence={})
        tools = (THIN, CLEAR, OLD)
        listing = Listing(server=KEY, way="live", at="2026-01-01T00:00:00Z", outcome="listed", tools=tools)
        listings.save_listing(connection, listing)
        judged = ((THIN, label(0.4, review=True)), (CLEAR, label(0.9, review=False)), (OLD, label(0.6, review=True)))
        labels.save_labels(connection, "v1", [(digest(tool), its) for tool, its in judged], at="x")
    engine.dispose()
    return path


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a reader type these lines."""
    return lambda *lines: monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def shown(run: Run, db: str, tool: str) -> Any:
    rows = json.loads(run("query", "--sql", "SELECT * FROM catalogue", "--json", "--db", db).out)
    return next(row for row in rows if row["tool"] == tool)


def test_an_answer_is_the_label_from_then_on_and_says_so(run: Run, uncertain: str, typed: Callable[..., None]) -> None:
    typed("x", "code", "", "It runs whatever it is given.", "q")
    answer = run("review", "--db", uncertain, "--reader", "Ada")
    assert "1 of 2" in answer.out
    assert "1 answers kept" in answer.out
    row = shown(run, uncertain, "do_it")
    assert (row["category"], row["risk"], row["confidence"]) == ("Execute", "critical", 1.0)
    assert row["rationale"].startswith("It runs whatever it is given. (Ada reviewed this on 20")
    waiting = json.loads(run("review", "--json", "--db", uncertain).out)
    assert [one["tool"]["name"] for one in waiting] == ["older"]


def test_the_least_certain_comes_first_and_enter_agrees(run: Run, uncertain: str, typed: Callable[..., None]) -> None:
    typed("s", "")
    answer = run("review", "--db", uncertain)
    assert answer.out.index("do_it") < answer.out.index("older")
    assert "Is [bold]older[/bold]." in answer.out
    assert "path: string" in answer.out
    assert shown(run, uncertain, "older")["confidence"] == 1.0
    assert shown(run, uncertain, "do_it")["confidence"] == 0.4


def test_a_word_that_is_no_effect_is_asked_for_again(run: Run, uncertain: str, typed: Callable[..., None]) -> None:
    typed("w", "destroys", "destructive", "container", "", "It drops the database.", "q")
    answer = run("review", "--db", uncertain)
    assert "'destroys' is no effect: choose among: destructive" in " ".join(answer.err.split())
    row = shown(run, uncertain, "do_it")
    assert (row["category"], row["effects"], row["risk"]) == ("Write", '["destructive"]', "critical")


def test_answers_travel_to_another_index(run: Run, uncertain: str, tmp_path: Path, typed: Callable[..., None]) -> None:
    typed("x", "code", "", "It runs.", "q")
    run("review", "--db", uncertain)
    file, other = str(tmp_path / "reviews.jsonl"), str(tmp_path / "other.db")
    assert run("review", "--export", file, "--db", uncertain).code == 0
    review = msgspec.json.decode(Path(file).read_bytes(), type=Review)
    assert (review.tool, review.digest, review.risk) == ("do_it", digest(THIN), "critical")
    assert "1 answers taken over" in run("review", "--import", file, "--db", other).out
    engine = database.open_index(other)
    with engine.begin() as connection:
        assert list(reviews.load_reviews(connection)) == [review]
    engine.dispose()


def test_a_broken_file_of_answers_changes_nothing(run: Run, uncertain: str, tmp_path: Path) -> None:
    file = tmp_path / "reviews.jsonl"
    file.write_text('\n{"server": "x", "risk": "enormous"}\n')
    answer = run("review", "--import", str(file), "--db", uncertain)
    assert answer.code == 2
    assert "line 2 is no review" in answer.err
    engine = database.open_index(uncertain)
    with engine.begin() as connection:
        assert list(reviews.load_reviews(connection)) == []
    engine.dispose()


def test_nothing_to_review_names_the_next_step(run: Run, empty: str) -> None:
    answer = run("review", "--db", empty)
    assert (answer.code, answer.out) == (0, "")
    assert "No label waits for a reader" in answer.err
