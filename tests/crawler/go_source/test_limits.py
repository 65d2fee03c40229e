"""Hostile programs: every one is answered, soon, and with a reason where something is left out."""

import time
from collections.abc import Callable

import pytest

Served = Callable[..., dict[str, str | None]]

HOSTILE = {
    "a loop without end": "for { i := 0; i++ }",
    "a loop that counts forever": "for i := 0; i >= 0; i++ {}",
    "loops within loops": "for i := range 1000 { for j := range 1000 { for k := range 1000 { _ = i + j + k } } }",
    "a function that calls itself": "var f func(); f = func() { f(); f() }; f()",
    "a text that doubles": 't := "aaaaaaaaaaaaaaaa"; for i := 0; i < 100; i++ { t = t + t }; add(t)',
    "a list that doubles": "l := []int{1}; for i := 0; i < 100; i++ { l = append(l, l...) }",
    "a number that squares": "n := 7; for i := 0; i < 100; i++ { n = n * n }",
    "a width that is huge": 'add(fmt.Sprintf("%999999999d", 1))',
    "a repeated text": 'add(strings.Repeat("a", 999999999))',
    "a deep expression": f"x := {'(' * 400}1{')' * 400}; _ = x",
    "a deep literal": f"x := {'[]any{' * 300}1{'}' * 300}; _ = x",
    "many branches": "".join(f"if a{i}() {{ b = {i} }}\n" for i in range(300)),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_program_keeps_no_reader_busy(community: Served, case: str) -> None:
    started = time.process_time()
    found = community(f'add("first")\n{HOSTILE[case]}')
    assert "first" in found
    assert time.process_time() - started < 20  # seconds, on any machine


def test_what_takes_too_long_and_leads_to_no_tool_is_left(community: Served) -> None:
    rest = "func slow() string { for i := 0; i < 1000; i++ { for j := 0; j < 1000; j++ { work(i, j) } }; return `` }"
    assert community('slow(); add("after")', rest) == {"after": None}


def test_a_program_that_is_no_go_at_all_is_nothing(community: Served) -> None:
    assert community("\x00 }}}} ((( func ", "\ud7ff ``` package") == {}
