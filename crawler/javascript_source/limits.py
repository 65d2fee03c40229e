"""How much work the reader spends on a stranger's program before it stops and says so."""

from typing import Final

FUEL: Final = 1_600_000
"""Syntax nodes evaluated for one artefact of usual size."""
MOST_FUEL: Final = 3_200_000
CHARACTERS_PER_STEP: Final = 2
"""A program is given another step for so many characters of code, but never more than MOST_FUEL."""
FORGOTTEN_FUEL: Final = 500_000
"""For functions that nothing was seen to call, once the program itself was read without success."""
ITEMS_PER_STEP: Final = 8
"""Items of a collection whose handling costs as much as one syntax node."""
CALL_FUEL: Final = 1_500_000
"""Syntax nodes evaluated for one callback or forgotten function that we call with unknown arguments."""
CALL_SHARE: Final = 0.9
"""The part of a function's remaining fuel that one call in it may take: a parser or a poll loop starves nobody."""
EARLY_SHARE: Final = 0.15
PROGRAM_STARTS: Final = 0.95
"""In a large file a statement before this part of it may take only the smaller share."""
LEAST_CALL_FUEL: Final = 30_000
WASTED_FUEL: Final = 40_000
"""Once a function itself has taken so much without leading to a registration, its further calls are not followed."""
CHEAP_CALL: Final = 300
"""What a call of a small function may cost however often it is called."""
EVALUATION_DEPTH: Final = 900
CALL_DEPTH: Final = 90
RECURSION: Final = 30
"""How often one function may be on the call stack at once."""
RECURSION_ON_UNKNOWN: Final = 2
REPEATS: Final = 1_500
"""How often one function may be called inside a call of itself."""
LOOP_TURNS: Final = 3_000
DOUBTFUL_TURNS: Final = 5
ENDLESS_TURNS: Final = 40
"""Turns of a loop that only its own body ends."""
SORTED_ITEMS: Final = 200
"""A longer array stays in the order that it has."""
COLLECTION_SIZE: Final = 20_000
REEXPORTS: Final = 20
"""How many modules an export is followed through."""
INHERITANCE: Final = 40
"""How many prototypes a property is looked for in."""
TEXT_DEPTH: Final = 6
STRING_LENGTH: Final = 100_000
"""Longer texts that a program builds are cut; files that it reads are not."""
ALTERNATIVES: Final = 12
SOURCE_CHARACTERS: Final = 16_000_000
"""A longer file is not read."""
LARGE_SOURCE: Final = 300_000
"""In a longer file declarations are evaluated when they are needed first."""
REASON_WORDS: Final = 5
CONDITION_CHARACTERS: Final = 200
JSON_DEPTH: Final = 24
JSON_PARTS: Final = 20_000
"""A larger schema is left out: parts that are used twice would make it grow without bound when it is written."""
PYTHON_DEPTH: Final = 14_000
"""Python's own recursion limit while a program is read; the limits above keep well below it."""
