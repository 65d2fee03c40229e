"""How a statement may leave the block it stands in, and what counts as a failure."""

import re
from typing import Final

from tree_sitter import Node

from crawler.go_source.syntax import own_children
from crawler.go_source.values import text_of

Signal = str
GO_ON: Final = ""
RETURN: Final = "return"
BREAK: Final = "break"
CONTINUE: Final = "continue"
FAIL: Final = "fail"
ENDS: Final = re.compile(r"^(?:panic|(?:\w+\.)*(?:Exit|Fatal|Fatalf|Fatalln|Panic|Panicf|Panicln|Goexit))\(")
ERROR: Final = re.compile(
    r"^(?:err|\w+Err|[eE]rr[A-Z]\w*|(?:\w+\.)?Err[A-Z]\w*|(?:\w+\.)?New\w*Err(?:or)?\(.*|&?(?:\w+\.)?\w*Error\{.*|(?:fmt|xerrors|errors|status)\.(?:Errorf?|New|Wrapf?|Join|WithMessage)\(.*)$",
    re.DOTALL,
)


def is_failure(node: Node) -> bool:
    """Say whether an expression ends the program, such as `log.Fatal(err)`."""
    return node.type == "call_expression" and ENDS.match(text_of(node)[:100]) is not None


def fails(block: Node | None) -> bool:
    """Say whether a block ends in a failure: in the program's end, or in returning an error."""
    last = last_statement(block)
    if last is None:
        return False
    if last.type == "expression_statement":
        return any(is_failure(child) for child in own_children(last))
    if last.type != "return_statement":
        return False
    given = own_children(own_children(last)[0]) if own_children(last) else []
    return bool(given) and ERROR.match(text_of(given[-1])[:100]) is not None


def leaves(block: Node | None) -> bool:
    """Say whether a block ends in leaving the function or the round of a loop."""
    last = last_statement(block)
    return last is not None and last.type in {"return_statement", "continue_statement"}


def last_statement(block: Node | None) -> Node | None:
    """Return the last statement of a block."""
    while block is not None and block.type in {"block", "statement_list"}:
        block = next(iter(own_children(block)[-1:]), None)
    return block
