import json
from collections.abc import Callable
from typing import Any

Run = Callable[..., Any]


def test_stats_count_by_category_risk_effect_and_answer(run: Run, census: str) -> None:
    answer = run("stats", "--db", census)
    assert answer.out.startswith("2 servers; 1 with tools\n3 tools; 2 labelled\n")
    lines = [line.split() for line in answer.out.splitlines()]
    for line in (
        ["Write", "0", "0", "1", "0", "1"],
        ["Execute", "0", "0", "0", "1", "1"],
        ["destructive", "1", "50.0%"],
        ["static", "no-source", "1"],
        ["starter", "static", "listed", "1"],
    ):
        assert line in lines
    assert "not labelled yet: 1" in answer.err


def test_stats_as_json(run: Run, census: str) -> None:
    counted = json.loads(run("stats", "--json", "--db", census).out)
    assert (counted["servers"], counted["tools"], counted["labels"]) == (
        2,
        3,
        {"Execute": {"critical": 1}, "Write": {"high": 1}},
    )


def test_an_empty_index_says_to_crawl(run: Run, empty: str) -> None:
    answer = run("stats", "--db", empty)
    assert "0 servers; 0 with tools" in answer.out
    assert "Next: toolcensus crawl" in answer.err
