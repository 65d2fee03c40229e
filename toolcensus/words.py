"""Words for the full-text index: identifiers are split, so that `delete` finds `deleteFile` and `file-delete`."""

import re

from toolcensus.errors import InputError

INDEXED = 20_000
"""Characters of one text that are indexed; nobody searches further into a description."""

PREFIX_LETTERS = 3
"""The shortest prefix that is searched: a shorter one fits half of the index."""

# One character of context each, so that both are linear in any text.
SEAMS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
SEPARATORS = re.compile(r"[\W_]+")


def split(text: str) -> list[str]:
    """Return the words of an identifier or text: snake, camel and kebab come apart, in lower case."""
    return SEPARATORS.sub(" ", SEAMS.sub(" ", text)).lower().split()


def indexed_name(name: str) -> str:
    """Return a tool's name as the full-text index takes it: its words, then all of them as one."""
    parts = split(name[:INDEXED])
    return " ".join([*parts, "".join(parts)]) if len(parts) > 1 else "".join(parts)


def match_expression(query: str) -> str:
    """Return what a person typed as an FTS5 expression: every word must be there, `delet*` is a prefix.

    Raises InputError where there is no word in it, or a prefix is shorter than PREFIX_LETTERS.
    """
    terms: list[str] = []
    for typed in query.split():
        parts = split(typed)
        terms += [f'"{part}"' for part in parts]
        if typed.endswith("*") and parts:
            if len(parts[-1]) < PREFIX_LETTERS:
                raise InputError(
                    f"{typed} is too short to search for", advice=f"a prefix takes {PREFIX_LETTERS} letters or more"
                )
            terms[-1] += "*"
    if not terms:
        raise InputError(f"there is no word to search for in {query!r}", advice="use letters or digits")
    return " AND ".join(terms)
