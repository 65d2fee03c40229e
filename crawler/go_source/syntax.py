"""Parts of Go's syntax tree that several readers need: parameters, fields, texts."""

import re
from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

ESCAPES: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
ESCAPE: Final = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)", re.DOTALL)


def parameter_types(function: Node) -> Iterator[Node]:
    """Yield the type of each parameter, once a name."""
    parameters = function.child_by_field_name("parameters")
    for declaration in parameters.named_children if parameters is not None else ():
        kind = declaration.child_by_field_name("type")
        if kind is not None:
            names = declaration.children_by_field_name("name")
            yield from [kind] * max(1, len([name for name in names if name.type == "identifier"]))


def fields_of(struct: Node) -> list[Node]:
    """Return the field declarations of a struct type."""
    fields = next((node for node in struct.named_children if node.type == "field_declaration_list"), None)
    return [node for node in fields.named_children if node.type == "field_declaration"] if fields is not None else []


def unquoted(literal: str) -> str:
    """Return the text of a string or rune literal."""
    if literal.startswith("`"):
        return literal[1:-1].replace("\r", "")
    return ESCAPE.sub(lambda found: unescaped(found[1]), literal[1:-1])


def unescaped(escape: str) -> str:
    """Return the character of one escape, given without its backslash."""
    if len(escape) > 1:
        number = int(escape, 8) if escape.isdigit() and escape[0] not in "xuU" else int(escape[1:], 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"  # noqa: PLR2004  # the last code point
    return ESCAPES.get(escape, escape)


def own_children(node: Node | None) -> list[Node]:
    """Return a node's named children without comments."""
    return [child for child in node.named_children if child.type != "comment"] if node is not None else []
