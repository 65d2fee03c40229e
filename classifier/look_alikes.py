"""Finding words that only look like the word they are read as: some letters come from another alphabet."""

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
# Turkish and phonetic letters belong to Latin words, and small Greek ones stand next to Latin ones in formulas.
MIXING = "".join(
    letter for letter in map(chr, LOOK_ALIKES) if "\u0370" <= letter <= "\u058f" and not "α" <= letter <= "ω"
)
MIXED = re2.compile(rf"[A-Za-z]+[{MIXING}][A-Za-z{MIXING}]*|[{MIXING}]+[A-Za-z][A-Za-z{MIXING}]*")


def suspect(text: str) -> bool:
    """Say whether a text, such as a whole definition, may hold anything that `find` would find."""
    return not text.isascii() and MIXED.search(text) is not None


def find(passage: Passage) -> Iterator[Finding]:
    """Yield a finding for each word that mixes Latin letters with look-alikes, at most five."""
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
