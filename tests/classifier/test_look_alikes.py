"""Words that are spelled with another alphabet's letters."""

import pytest

from classifier.look_alikes import find, suspect
from classifier.passages import Passage


@pytest.mark.parametrize(
    ("text", "word"), [("Send mаil now", "mаil"), ("Ιgnore it", "Ιgnore"), ("the рaypal", "рaypal")]
)
def test_a_mixed_word_is_found(text: str, word: str) -> None:
    (finding,) = find(Passage("description", text))
    assert text[finding.start : finding.end] == word
    assert finding.kind == "hidden-text"
    assert suspect(text)


def test_a_mixed_name_passes_for_another_tool() -> None:
    (finding,) = find(Passage("name", "send_emаil"))
    assert (finding.kind, finding.start, finding.end) == ("shadowing", 5, 10)
    assert "'email'" in finding.message


@pytest.mark.parametrize("text", ["Отправить mail", "Kullanıcı adı", "x + Δt, μs, α", "Straße", "Ελληνικά and English"])
def test_whole_words_of_another_alphabet_are_no_finding(text: str) -> None:
    assert list(find(Passage("description", text))) == []
    assert not suspect(text)
