"""JSON as editors write it: with comments, trailing commas and a byte order mark."""

import json
from typing import Any

import re2

from toolcensus.errors import InputError, LimitError

LARGEST_DOCUMENT = 32 * 1024 * 1024
"""Some clients keep their whole history in the file that also names their servers."""

STRING = r'"(?:[^"\\]|\\(?s:.))*"'
COMMENTS = re2.compile(rf"({STRING})|//[^\n]*|/\*(?:[^*]|\*+[^*/])*\*+/")
TRAILING_COMMAS = re2.compile(rf"({STRING})|,(\s*[\]}}])")


def loads(document: bytes) -> Any:
    """Read JSON, or what becomes JSON without comments and trailing commas; raise InputError with line and column."""
    if len(document) > LARGEST_DOCUMENT:
        raise LimitError(f"it has {len(document):,} bytes", advice=f"at most {LARGEST_DOCUMENT:,} bytes are read")
    try:
        text = document.decode("utf-8-sig")
        return _loads(text)
    except UnicodeDecodeError as error:
        raise InputError(f"it is no UTF-8 text: byte {error.start} cannot be read") from None
    except RecursionError:
        raise LimitError("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise InputError(f"it is no JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
    except ValueError as error:
        raise InputError(f"it is no JSON: {error}") from None


def strip(text: str) -> str:
    """Blank out comments and trailing commas; strings stay as they are, and lines keep their numbers."""
    bare = COMMENTS.sub(lambda match: match.group(1) or "\n" * match.group(0).count("\n") or " ", text)
    return str(TRAILING_COMMAS.sub(lambda match: match.group(1) or " " + match.group(2), bare))


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return json.loads(strip(text))
