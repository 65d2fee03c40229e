"""Source for a newer Python than ours, rewritten so that ours can parse it; the lines stay where they are.

Covers type parameters and `type` statements (PEP 695), f-strings with quotes, backslashes and comments inside their
fields (PEP 701), template strings (PEP 750) and `except A, B:` without parentheses (PEP 758).
"""

import re

DEFINITION = re.compile(r"^([ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+\w+)[ \t]*\[", re.MULTILINE)
ALIAS = re.compile(r"^([ \t]*)type[ \t]+(\w+)[ \t]*(\[[^\n=]*\])?[ \t]*=", re.MULTILINE)
EXCEPT = re.compile(r"^([ \t]*except\*?[ \t]+)([\w.]+(?:[ \t]*,[ \t]*[\w.]+)+)([ \t]*:)", re.MULTILINE)
PREFIX = re.compile(r"(?<![\w])([rRbBuUfFtT]{0,2})('''|\"\"\"|'|\")")
UNKNOWN_FIELD = "_"


def rewritten(source: str) -> str:
    """Return the source in older syntax, as far as that is possible."""
    return _definitions(_strings(EXCEPT.sub(r"\1(\2)\3", ALIAS.sub(r"\1\2 =", source))))


def _definitions(source: str) -> str:
    parts: list[str] = []
    position = 0
    for match in DEFINITION.finditer(source):
        if match.start() < position:
            continue
        end = _closing(source, match.end() - 1)
        parts.append(source[position : match.end(1)] + "\\\n" * source.count("\n", match.end(), end))
        position = end + 1
    return "".join(parts) + source[position:]


def _closing(source: str, start: int) -> int:
    depth = 0
    for position in range(start, len(source)):
        if source[position] in "[(":
            depth += 1
        elif source[position] in "])":
            depth -= 1
            if depth == 0:
                return position
    return start


def _strings(source: str) -> str:
    """Rewrite every formatted string whose fields hold what older versions refuse."""
    parts: list[str] = []
    position = 0
    while position < len(source):
        if source[position] == "#":
            end = source.find("\n", position)
            end = len(source) if end < 0 else end
            parts.append(source[position:end])
            position = end
            continue
        match = PREFIX.match(source, position)
        if match is None:
            end = _next_interesting(source, position)
            parts.append(source[position:end])
            position = end
            continue
        end, fields = _string_end(source, match.end(), match[2], is_formatted=bool(set(match[1]) & set("fFtT")))
        parts.append(_requoted(source[position:end], match, fields, position))
        position = end
    return "".join(parts)


INTERESTING = re.compile(r"[#'\"]|(?<!\w)[rRbBuUfFtT]{1,2}(?=['\"])")


def _next_interesting(source: str, position: int) -> int:
    match = INTERESTING.search(source, position + 1)
    return match.start() if match is not None else len(source)


def _string_end(source: str, position: int, quote: str, *, is_formatted: bool) -> tuple[int, list[tuple[int, int]]]:
    """Return where a string ends, and where its fields are."""
    fields: list[tuple[int, int]] = []
    while position < len(source):
        if source.startswith(quote, position):
            return position + len(quote), fields
        if source[position] == "\\" or (is_formatted and source.startswith("{{", position)):
            position += 2
        elif is_formatted and source[position] == "{":
            end = _field_end(source, position + 1)
            fields.append((position + 1, end))
            position = end + 1
        elif len(quote) == 1 and source[position] == "\n":
            return position, fields
        else:
            position += 1
    return len(source), fields


def _field_end(source: str, position: int) -> int:
    depth = 0
    while position < len(source):
        letter = source[position]
        match = PREFIX.match(source, position) if letter in "'\"rRbBuUfFtT" else None
        if match is not None:
            formatted = bool(set(match[1]) & set("fFtT"))
            position, _ = _string_end(source, match.end(), match[2], is_formatted=formatted)
            continue
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            if depth == 0:
                return position
            depth -= 1
        position += 1
    return len(source)


def _requoted(literal: str, match: re.Match[str], fields: list[tuple[int, int]], offset: int) -> str:
    prefix, quote = match[1].lower().replace("t", "f"), match[2]
    inner = [literal[start - offset : end - offset] for start, end in fields]
    if not any(
        quote in field or "\\" in field or "#" in field or (len(quote) == 1 and "\n" in field) for field in inner
    ):
        return prefix + literal[len(match[1]) :] if "t" in match[1].lower() else literal
    parts: list[str] = []
    position = len(match[0])
    for (start, end), field in zip(fields, inner, strict=True):
        parts += [literal[position : start - offset], _plain_field(field)]
        position = end - offset
    body = "".join(parts) + literal[position : len(literal) - len(quote)]
    lines = literal.count("\n") - body.count("\n")
    new = next((each for each in ('"""', "'''") if each not in body and not body.endswith(each[0])), None)
    return f"{prefix}{new}{body}{new}" + "\\\n" * max(lines, 0) if new is not None else f'"{UNKNOWN_FIELD}"'


def _plain_field(field: str) -> str:
    hard = "\\" in field or "#" in field or '"""' in field or "'''" in field
    return UNKNOWN_FIELD + "\n" * field.count("\n") if hard else field
