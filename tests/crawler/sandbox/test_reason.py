import pytest

from crawler.sandbox import reason


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("starting\nError: no such host\nbye", "Error: no such host"),
        ("\x1b[31mfatal: cannot open\x1b[0m\n", "fatal: cannot open"),
        ("Error: Cannot find module 'x'\n  at require\n  requireStack: []", "Error: Cannot find module 'x'"),
        (
            "Traceback (most recent call last):\n  must do\npkg.errors.SetupError: no\nnot so good",
            "pkg.errors.SetupError: no",
        ),
        ("Missing variables: [\n  'A_KEY',\n  'B_KEY'\n]\nbye", "Missing variables: [ 'A_KEY', 'B_KEY' ] bye"),
        ("one\ntwo", "two"),
        ("  \n", "it ended without a word"),
    ],
)
def test_the_line_that_tells_most_is_chosen(words: str, line: str) -> None:
    assert reason.telling_line(words) == line


@pytest.mark.parametrize(
    ("status", "words", "outcome"),
    [
        (1, "Error: API key is required", "needs-credentials"),
        (1, "ACME_TOKEN must be set", "needs-credentials"),
        (1, "TypeError: x is not a function", "crashed"),
        (134, "FATAL ERROR: JavaScript heap out of memory", "refused"),
        (1, "OSError: [Errno 28] No space left on device", "refused"),
        (128 + 24, "", "timed-out"),
        (128 + 25, "", "refused"),
        (0, "usage: x", "not-a-server"),
        (None, "", "crashed"),
    ],
)
def test_an_ending_is_named_by_status_and_words(status: int | None, words: str, outcome: str) -> None:
    assert reason.ending(status, words, spoke=False)[0] == outcome


def test_a_server_that_spoke_and_left_has_crashed() -> None:
    assert reason.ending(0, "bye", spoke=True) == ("crashed", "bye")


def test_newer_dependencies_are_suspected_where_a_name_is_gone() -> None:
    assert reason.is_stale("ImportError: cannot import name 'stdio_server'")
    assert not reason.is_stale("ConnectionError: refused")
