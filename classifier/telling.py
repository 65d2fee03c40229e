"""Telling parameters: what the one input that matters most says of a call, and what the rest of them says."""

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from classifier.definition import Definition
from classifier.schema import Parameter
from classifier.word_classes import CLASSES
from classifier.words import VOCABULARY, split_name
from toolcensus.records import Category, Effect

_LONGEST_NAME = 40
_LONGEST_VALUE = 24
_MOST_VALUES = 3
_FEW = 12


class _Telling(NamedTuple):
    """What a parameter's last words say where an effect (or, with none, any change) is there."""

    words: tuple[str, ...]
    effect: Effect | None
    says: str
    free: bool


_RUN = (
    *("command", "sql", "cypher", "code", "script", "expression", "query", "statement", "cmd", "arg", "args"),
    *("program", "javascript", "python", "function", "sparql", "graphql", "input"),
)
_PLACE = ("path", "filepath", "file path", "file", "filename", "paths", "destination", "src", "dest", "dst")
_FOLDER = ("directory", "dir", "folder", "root", "workspace")
_ADDRESS = ("url", "uri", "host", "hostname", "website", "endpoint", "webhook", "link", "domain", "ip", "target")
_TELLING: tuple[_Telling, ...] = (
    _Telling(_RUN, "code", "takes any text", True),
    _Telling(("amount", "quantity", "value"), "financial", "has no stated limit", False),
    _Telling(_ADDRESS, "egress", "may be any address", True),
    _Telling(_PLACE, "filesystem", "may name any file on the disk", True),
    _Telling(_FOLDER, "filesystem", "may name any folder on the disk", True),
    _Telling(("recipient", "to", "channel", "chat id", "channel id"), "communicates", "says who receives it", True),
    _Telling(("role", "permission", "scope", "policy", "access level"), "access", "sets how much is granted", False),
    _Telling(("recursive", "force", "cascade", "delete local data", "permanent"), None, "widens the damage", False),
    _Telling(("overwrite", "replace"), None, "decides whether existing content is lost", False),
    _Telling(("filter", "where", "all"), "bulk", "decides how many are affected", False),
    _Telling(("password", "token", "secret", "private key"), "secrets", "is itself a secret", True),
)
_LIMITING: tuple[_Telling, ...] = (
    _Telling(("dry run", "preview"), None, "lets a caller see the outcome first", False),
    _Telling(("confirm", "confirmation", "confirmed", "confirm drain"), None, "asks the caller to be explicit", False),
)
_REACHING = frozenset((*_RUN, *_PLACE, *_FOLDER, *_ADDRESS))
_NAMING = frozenset(("id", "key", "slug", "uuid", "ids", "identifier", "arn", "symbol", "uid"))
_RUNNING = frozenset(("run", "execute", "query"))
_SEARCHED = frozenset(("query", "q", "search", "keyword", "term", "question", "text", "content", "message", "input"))
_COMPUTING = frozenset(CLASSES["computing"])
_LOOKING = frozenset(("search", "find", "list", "get", "query", "look", "lookup", "fetch", "retrieve", "ask", "browse"))
_OF_SEARCHED = (
    (_RUNNING, "may do no more than read"),
    (_COMPUTING, "is only worked on"),
    (_LOOKING, "is only something to look for"),
)


def tells_of_parameters(definition: Definition, effects: Collection[Effect], *, changes: bool) -> list[str]:
    """Return what the one parameter that matters most says, and the one that limits a change."""
    found = []
    for table in (_TELLING, _LIMITING) if changes else (_TELLING,):
        fitting = [row for row in table if (row.effect in effects if row.effect else changes)]
        if fitting:
            found += _first_clause(definition.parameters, fitting)
    return found


def tells_of_input(definition: Definition, *, changes: bool) -> str:
    """Say what the input of a call with no effect of note picks; empty where it says nothing."""
    outer = [each for each in definition.parameters if each.depth == 1]
    if changes:
        named = next((each for each in reversed(outer) if each.required and _last(each) in _NAMING), None)
        return f"“{plain(named.name)}” picks what it acts on" if named else ""
    if not outer:
        return "it takes no input, and nothing in the definition is sensitive"
    searched = next((each for each in outer if each.spoken in _SEARCHED), None)
    if searched and (definition.named or definition.told):
        verbs = {deed.verb for deed in (definition.named, definition.told) if deed}
        for class_, says in _OF_SEARCHED:
            if not verbs.isdisjoint(class_):
                return f"“{plain(searched.name)}” {says}"
    needed = [each for each in outer if each.required] or (outer if len(outer) == 1 else [])
    if len(needed) == 1 and needed[0].type != "object" and _last(needed[0]) not in _REACHING and len(outer) < _FEW:
        return f"it needs no more than “{plain(needed[0].name)}”, and nothing in the definition is sensitive"
    if len(outer) > 1 and _REACHING.isdisjoint(map(_last, outer)):
        return f"none of its {len(outer)} parameters names a file, a command or an address"
    return ""


def choice_of(chooser: Parameter, category: Category) -> str:
    """Say what a parameter chooses among: the values whose verbs are of this category, else the first ones."""
    strong = [value for value in chooser.values if _class_of(value) == category]
    shown = [text for value in strong or chooser.values if (text := plain(value)) and len(text) <= _LONGEST_VALUE]
    if not shown:
        return ""
    *first, last = shown[:_MOST_VALUES]
    listed = f"{', '.join(first)} or {last}" if first else last
    only = "" if len(shown) <= _MOST_VALUES and len(strong) == len(chooser.values) else " among others"
    return f"“{plain(chooser.name)}” chooses what it does, {listed}{only}"


def plain(name: str) -> str:
    """Return a stranger's name with nothing left in it but letters, digits, hyphens and underscores."""
    kept = (letter if letter.isalnum() or letter in "_-" else " " for letter in name[:_LONGEST_NAME])
    return " ".join("".join(kept).split())


@lru_cache(maxsize=4_096)
def _class_of(value: str) -> Category | None:
    return next((VOCABULARY.verbs[word.text] for word in split_name(value) if word.text in VOCABULARY.verbs), None)


def _last(parameter: Parameter) -> str:
    return parameter.words[-1].text if parameter.words else ""


def _first_clause(parameters: Collection[Parameter], table: list[_Telling]) -> list[str]:
    outer = [(each.spoken, each) for each in parameters if each.depth == 1]
    for row in table:
        for words in row.words:
            for name, each in outer:
                if name.endswith(words) and _ends_whole(name, words) and _fits(each, row):
                    return [f"“{plain(each.name)}” {row.says}"]
    return []


def _fits(parameter: Parameter, row: _Telling) -> bool:
    """Whether a parameter may say what a row says: text that is free, or for a flag no number."""
    if row.free:
        return parameter.free
    return row.effect is not None or parameter.type not in {"integer", "number"}


def _ends_whole(name: str, words: str) -> bool:
    return len(name) == len(words) or name[-len(words) - 1] == " "
