"""Source text to syntax tree, and the small readings of a node that everything else needs."""

import re
from typing import Final

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

from crawler.javascript_source.limits import CONDITION_CHARACTERS

JAVASCRIPT: Final = Language(tree_sitter_javascript.language())
TYPESCRIPT: Final = Language(tree_sitter_typescript.language_typescript())
TSX: Final = Language(tree_sitter_typescript.language_tsx())
FUNCTIONS: Final = frozenset(
    {
        "arrow_function",
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
        "method_definition",
    }
)
SIMPLE_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
ESCAPE_DIGITS: Final = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
LAST_CODE_POINT: Final = 0x10FFFF


def parse(path: str, text: str) -> Node:
    """Parse a file with the grammar that its ending asks for; broken code gives a tree with error nodes."""
    language = JAVASCRIPT
    if path.endswith((".ts", ".mts", ".cts")):
        language = TYPESCRIPT
    elif path.endswith(".tsx"):
        language = TSX
    return Parser(language).parse(text.encode(errors="replace")).root_node


def text_of(node: Node) -> str:
    """Return the node's source text."""
    return (node.text or b"").decode(errors="replace")


def summary_of(node: Node) -> str:
    """Return the node's source text with its white space collapsed, cut to what fits into a condition or reason."""
    while node.type == "parenthesized_expression" and node.named_child_count:
        node = node.named_children[0]
    start = (node.text or b"")[: CONDITION_CHARACTERS * 4].decode(errors="replace")
    words = " ".join(start.split())
    return words if len(words) <= CONDITION_CHARACTERS else words[: CONDITION_CHARACTERS - 1] + "…"


def line_of(node: Node) -> int:
    """Return the line, counted from one, on which the node starts."""
    return node.start_point.row + 1


def parts(node: Node) -> list[Node]:
    """Return the named children that are no comments."""
    return [child for child in node.named_children if child.type != "comment"]


def has_token(node: Node, token: str) -> bool:
    """Say whether one of the node's own children is this word or sign."""
    return any(child.type == token for child in node.children)


def string_value(node: Node) -> str:
    """Return what a string literal means."""
    return "".join([piece_value(child) for child in parts(node)])


def piece_value(piece: Node) -> str:
    """Return what one fragment or escape of a string means."""
    return unescape(text_of(piece)) if piece.type == "escape_sequence" else text_of(piece)


def unescape(sequence: str) -> str:
    """Return the character of one escape sequence."""
    digits = ESCAPE_DIGITS.fullmatch(sequence)
    if digits:
        code = int(next(group for group in digits.groups() if group), 16)
        return chr(code) if code <= LAST_CODE_POINT else ""
    character = sequence[1:]
    return "" if character in {"\n", "\r\n"} else SIMPLE_ESCAPES.get(character, character)


def number_value(node: Node) -> float | int:
    """Return what a number literal means; an unreadable one is zero."""
    literal = text_of(node).replace("_", "").rstrip("n").lower()
    try:
        if literal.startswith(("0x", "0b", "0o")):
            return int(literal, 0)
        return float(literal) if any(mark in literal for mark in ".e") else int(literal)
    except ValueError:
        return 0
