"""What a server tells of a docstring: newer fastmcp splits off the sections on arguments, results and failures.

Formats: docstrings as Google, NumPy and Sphinx write them.
"""

import re
from collections.abc import Iterator

HEADING = re.compile(r"(\w[\s\w-]*):(?:\s+\S.*)?\s*")
STRUCTURED = frozenset(
    {"args", "arguments", "params", "parameters", "keyword args", "keyword parameters", "keyword arguments"}
    | {"other args", "other arguments", "other params", "other parameters", "raises", "exceptions", "returns"}
    | {"yields", "receives", "examples", "attributes", "functions", "methods", "classes", "modules", "warns"}
    | {"warnings", "attention", "caution", "danger", "error", "example", "hint", "important", "note", "notes"}
    | {"raise", "references", "return", "see-also", "tip", "todo", "warning", "yield"}
)
NUMPY = re.compile(
    r"(?m)^(?:Parameters|Other Parameters|Returns|Yields|Receives|Raises|Warns|Examples|Attributes)\s*\n-{3,}"
)
SPHINX = re.compile(
    r"(?m)^:(?:param|parameter|arg|argument|key|keyword|type|return|returns|rtype|raises?|except|exception|var)\b"
)


def free_text(docstring: str) -> str:
    """Return the text before a docstring's first section; all of it where it has none."""
    lines = docstring.split("\n")
    headings = list(_headings(lines))
    if any(kind in STRUCTURED for _, kind in headings):
        return "\n".join(lines[: headings[0][0]]).strip()
    for pattern in (NUMPY, SPHINX):
        found = pattern.search(docstring)
        if found:
            return docstring[: found.start()].strip()
    return docstring


def _headings(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines that head an indented block after an empty line, and what they call it."""
    fenced = False
    for at, line in enumerate(lines[:-1]):
        fenced = fenced != line.lstrip().startswith("```")
        below, above = lines[at + 1], lines[at - 1] if at else ""
        heading = HEADING.fullmatch(line[:200])
        if heading and not fenced and not above.strip() and below.strip() and below[0].isspace():
            yield at, heading[1].lower()
