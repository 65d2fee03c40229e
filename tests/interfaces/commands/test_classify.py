"""The command `classify`: what it prints, and that a second run says that there is nothing to do."""

import json
from collections.abc import Callable
from typing import Any

from classifier.label import CLASSIFIER_VERSION

Run = Callable[..., Any]


def test_a_table_of_categories_and_risks_then_findings_then_what_changed(run: Run, census: str) -> None:
    answer = run("classify", "--all", "--db", census)
    assert answer.code == 0
    lines = [line.split() for line in answer.out.splitlines()]
    assert lines[0] == ["category", "low", "medium", "high", "critical", "all"]
    assert [line[0] for line in lines[1:4]] == ["Read", "Write", "Execute"]
    assert f"3 tools judged by {CLASSIFIER_VERSION}" in answer.out
    assert answer.err.strip() == "Next: toolcensus query --risk critical"


def test_a_second_run_says_that_there_is_nothing_to_do(run: Run, census: str) -> None:
    run("classify", "--db", census)
    again = run("classify", "--db", census)
    assert (again.code, again.out) == (0, f"Nothing to do: all 3 tools are judged by {CLASSIFIER_VERSION}.\n")


def test_an_empty_index_says_what_to_do_first(run: Run, empty: str) -> None:
    answer = run("classify", "--db", empty)
    assert answer.code == 0
    assert "The index has no tools yet. Next: toolcensus crawl" in answer.err


def test_classify_as_json(run: Run, census: str) -> None:
    report = json.loads(run("classify", "--json", "--db", census).out)
    assert list(report) == ["version", "tools", "definitions", "new", "changed", "unchanged", "labels", "findings"]
    assert report["version"] == CLASSIFIER_VERSION
