r"""Classes of words that rules name in braces: `\b{message}$` stands for any word of the class *message*.

They are broad on purpose: a rule that says *deleting* and *container* holds for vendors that nobody looked at.
"""

import re
import tomllib

from classifier.words import HERE
from toolcensus.errors import InputError

FILE = "classes.toml"
_NAMED = re.compile(r"\{([a-z]+)\}")


def read_classes() -> dict[str, tuple[str, ...]]:
    """Read `classes.toml`: a class a key, its words sorted, longest first so that two words win over one."""
    table = tomllib.loads((HERE / FILE).read_text(encoding="utf-8"))
    words = {name: {word.replace("_", " ") for word in text.split()} for name, text in table.items()}
    return {name: tuple(sorted(each, key=lambda word: (-len(word), word))) for name, each in words.items()}


CLASSES = read_classes()


def expand(pattern: str) -> str:
    """Put the words of each class in place of its name; InputError for a class that is none."""
    return _NAMED.sub(_alternatives, pattern)


def _alternatives(match: re.Match[str]) -> str:
    words = CLASSES.get(match[1])
    if words is None:
        raise InputError(f"{match[0]} is no class of words", advice=f"name one of {', '.join(sorted(CLASSES))}")
    return f"(?:{'|'.join(words)})"
