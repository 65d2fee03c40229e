"""What of a docstring is told as a tool's description."""

import pytest

from crawler.python_source.docstrings import free_text

TEXTS = {
    "Adds.\n\nArgs:\n    a: one": "Adds.",
    "Adds.\n\nReturns:\n    the sum": "Adds.",
    "Adds.\n\nUseful for:\n- sums\n\nArgs:\n    a: one": "Adds.\n\nUseful for:\n- sums",
    "Adds.\n\nRules:\n    be brief\n\nArgs:\n    a: one": "Adds.",
    "Adds.\n\nRules:\n    be brief": "Adds.\n\nRules:\n    be brief",
    "Adds.\nArgs:\n    a: one": "Adds.\nArgs:\n    a: one",
    "Adds.\n\nParameters\n----------\na : int": "Adds.",
    "Adds.\n\n:param a: one\n:returns: the sum": "Adds.",
    "Adds.": "Adds.",
    "": "",
}


@pytest.mark.parametrize("text", TEXTS)
def test_sections_are_split_off(text: str) -> None:
    assert free_text(text) == TEXTS[text]
