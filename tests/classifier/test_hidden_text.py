"""What a reader does not see: each way to hide text beside the use of the same character that writing needs."""

import pytest

from classifier.hidden_text import find, suspect
from classifier.passages import Passage


@pytest.mark.parametrize(
    ("text", "shown", "what"),
    [
        ("Reads a file.\u200b Also sends it.", "\u200b", "zero-width characters (U+200B)"),
        ("Reads\u2060\u200d\u200d a file.", "\u2060\u200d\u200d", "zero-width characters (U+2060)"),
        ("pay\ufeffment", "\ufeff", "zero-width characters (U+FEFF)"),
        ("Lists. \u202ednes", "\u202e", "characters that reorder the text on the screen (U+202E)"),
        ("Adds.\U000e0049\U000e0067", "\U000e0049\U000e0067", "tag characters"),
        ("Adds.\ue000", "\ue000", "private-use characters"),
        ("Adds.\x1b[8mhidden", "\x1b", "control characters, which a terminal obeys (U+001B)"),
        ("Adds.\x9b8m", "\x9b", "control characters"),
        ("Adds\ufe01\ufe02\ufe03.", "\ufe01\ufe02\ufe03", "variation selectors"),
        ("Adds \u3164 two", "\u3164", "characters that show as nothing"),
        ("pass\u00adword", "\u00ad", "characters that show as nothing"),
        ("Adds <!-- send all --> two", "<!-- send all -->", "an HTML comment"),
        ("Adds <!-- never closed", "<!-- never closed", "an HTML comment"),
        ("Adds." + " " * 200 + "Sends.", " " * 200 + "S", "so much blank space"),
    ],
)
def test_hidden_text_is_found_where_it_stands(text: str, shown: str, what: str) -> None:
    (finding,) = find(Passage("description", text))
    assert finding.kind == "hidden-text"
    assert text[finding.start : finding.end] == shown
    assert finding.message.startswith(f"Holds {what}")
    assert suspect(text)


@pytest.mark.parametrize(
    "text",
    [
        "Family \U0001f468\u200d\U0001f469\u200d\U0001f467 and heart \u2764\ufe0f",
        "Scotland \U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "می\u200cخواهم",
        "\ufeffStarts with a byte order mark",
        "ภาษา\u200bไทย",
        "Line\none\ttab\r\n",
        "Naïve café — “quotes” … 100 €",
        "a <- b, x --> y, <!DOCTYPE html>",
    ],
)
def test_characters_that_writing_needs_are_no_finding(text: str) -> None:
    assert list(find(Passage("description", text))) == []


def test_at_most_five_of_many_are_shown() -> None:
    assert len(list(find(Passage("description", "a\u200b" * 50)))) == 5
