"""Finding words that are spelled with another alphabet's letters so that they only look like the word they are read as."""

from collections.abc import Iterator
from itertools import islice

import re2

from classifier.passages import Passage
from toolcensus.records import Finding

MAX_SHOWN = 5
LETTERS = {
    "a": "аαɑᴀ", "b": "ьβʙ", "c": "сϲᴄ", "d": "ԁᴅ", "e": "еεєᴇ", "f": "ϝғ", "g": "ɡɢ", "h": "һհʜ", "i": "іιıɪ",
    "j": "јϳ", "k": "кκᴋ", "l": "ӏʟ", "m": "мᴍ", "n": "пηոɴ", "o": "оοօᴏ", "p": "рρᴘ", "q": "ԛգ", "r": "гʀ",
    "s": "ѕꜱ", "t": "тτᴛ", "u": "υսᴜ", "v": "νѵᴠ", "w": "ѡԝωᴡ", "x": "хχ", "y": "уγүʏ", "z": "ᴢ",
    "A": "АΑ", "B": "ВΒ", "C": "СϹ", "E": "ЕΕ", "G": "Ԍ", "H": "НΗ", "I": "ІΙ", "J": "Ј", "K": "КΚ", "M": "МΜ",
    "N": "Ν", "O": "ОΟ", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ", "Y": "ΥҮ", "Z": "Ζ",
}  # fmt: skip
LOOK_ALIKES = {ord(look_alike): letter for letter, others in LETTERS.items() for look_alike in others}
LOOK_ALIKE = re2.compile(f"[{''.join(map(chr, LOOK_ALIKES))}]")
# Lower-case Greek letters stand next to Latin ones in formulas, so only the others make a mixed word.
MIXING = "".join(chr(code) for code in LOOK_ALIKES if not 0x3B1 <= code <= 0x3C9)
MIXED = re2.compile(rf"[A-Za-z]+[{MIXING}][A-Za-z{MIXING}]*|[{MIXING}]+[A-Za-z][A-Za-z{MIXING}]*")


def find(passage: Passage) -> Iterator[Finding]:
    """Yield a finding for each word that mixes Latin letters with look-alikes, at most five."""
    if passage.text.isascii():
        return
    for match in islice(MIXED.finditer(passage.text), MAX_SHOWN):
        word = match.group()
        yield Finding(
            kind="shadowing" if passage.field == "name" else "hidden-text",
            severity="high",
            field=passage.field,
            start=match.start(),
            end=match.end(),
            message=f"Reads like {word.translate(LOOK_ALIKES)!r} but is spelled with letters of another alphabet: "
            "it passes for a word that it is not; have it spelled out before use.",
        )
