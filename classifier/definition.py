"""A tool definition prepared for reading: its parameters, and each field as one bounded text that rules look at.

Fields of normalised words (see `classifier.words`):
`name`, `title`, `description`; `summary`, the description's first clauses; `deed`, one line each from name, title and
summary, verb first; `parameters`, one name a line; `parameter-descriptions`, one a line; `schema`, one parameter a line
as `sql query : string free required` or `action : string enum optional = list | delete`; `annotations`, one a line as
`read only hint : true`. A full stop stands for the end of a clause.
"""

from bisect import bisect_right
from typing import Any, NamedTuple

from classifier.deed import Deed, deed_of_name, deed_of_text, first_clauses
from classifier.schema import Parameter, parameters_of
from classifier.words import Word, split
from toolcensus.records import Evidence, Tool

MOST_TEXT = 20_000
"""Code points that are read of a description."""


class Piece(NamedTuple):
    """Where one stretch of a text comes from: `field` is empty for what stands nowhere in the definition as a string."""

    start: int
    end: int
    field: str
    field_start: int
    field_end: int


class Text(NamedTuple):
    """What patterns see of one field, and where every stretch of it comes from."""

    string: str
    pieces: tuple[Piece, ...]

    def spans(self, start: int, end: int, shows: str) -> tuple[Evidence, ...]:
        """Return the spans of the original strings that lie under `string[start:end]`, one a field."""
        found: dict[str, tuple[int, int]] = {}
        first = max(bisect_right(self.pieces, start, key=lambda piece: piece.start) - 1, 0)
        for piece in self.pieces[first:]:
            if piece.start >= end:
                break
            if piece.end <= start or not piece.field:
                continue
            exact = piece.end - piece.start == piece.field_end - piece.field_start
            low = piece.field_start + (max(start - piece.start, 0) if exact else 0)
            high = piece.field_end - (max(piece.end - end, 0) if exact else 0)
            seen = found.get(piece.field, (low, high))
            found[piece.field] = (min(seen[0], low), max(seen[1], high))
        return tuple(Evidence(field=field, start=low, end=high, shows=shows) for field, (low, high) in found.items())


class Definition:
    """A tool, its parameters, its two deeds, and its texts, each made when first asked for."""

    def __init__(self, tool: Tool) -> None:
        self.tool = tool
        self.parameters: tuple[Parameter, ...] = parameters_of(tool.input_schema)
        self.name_words = split(tool.name, 500)
        self.title_words = split(title_of(tool), 500)
        self.description_words = split(tool.description or "", MOST_TEXT)
        self.told: Deed | None = deed_of_text(self.description_words)
        self.named: Deed | None = deed_of_name(self.name_words, self.told)
        self._texts: dict[tuple[str, bool], Text] = {}

    def text(self, field: str, *, raw: bool = False) -> Text:
        """Return one field as patterns see it: normalised words, or with `raw` as it was written."""
        key = (field, raw)
        if key not in self._texts:
            self._texts[key] = _raw_text(self, field) if raw else _word_text(self, field)
        return self._texts[key]


def prepare(tool: Tool) -> Definition:
    """Prepare one tool; nothing in it can fail, whatever stands in the schema."""
    return Definition(tool)


def title_of(tool: Tool) -> str:
    """Return the title, or the one inside the annotations, where older servers put it."""
    inside = (tool.annotations or {}).get("title")
    return tool.title or (inside if isinstance(inside, str) else "")


def title_field(tool: Tool) -> str:
    """Return the field in which `title_of` found the title."""
    return "title" if tool.title else "/annotations/title"


def _word_text(definition: Definition, field: str) -> Text:
    match field:
        case "name":
            return _lines([("name", definition.name_words)])
        case "title":
            return _lines([(title_field(definition.tool), definition.title_words)])
        case "description":
            return _lines([("description", definition.description_words)])
        case "summary":
            return _lines([("description", clause) for clause in first_clauses(definition.description_words)[:2]])
        case "deed":
            return _lines(_deed_lines(definition))
        case "parameters":
            return _lines([(each.pointer, each.words) for each in definition.parameters])
        case "parameter-descriptions":
            described = [each for each in definition.parameters if each.description]
            return _lines([(each.description_pointer, split(each.description)) for each in described])
        case "schema":
            return _schema_text(definition.parameters)
    return _annotations_text(definition.tool.annotations)


def _deed_lines(definition: Definition) -> list[tuple[str, list[Word]]]:
    lines: list[tuple[str, list[Word]]] = []
    if definition.named:
        lines.append(("name", list(definition.named.words)))
    else:
        lines.append(("name", definition.name_words))
    if definition.title_words and (titled := deed_of_name(definition.title_words, definition.told)):
        lines.append((title_field(definition.tool), list(titled.words)))
    if definition.told:
        lines.append(("description", list(definition.told.words)))
    return lines


def _lines(lines: list[tuple[str, Any]]) -> Text:
    parts: list[str] = []
    pieces: list[Piece] = []
    at = 0
    for field, words in lines:
        for word in words:
            end = at + len(word.text)
            pieces.append(Piece(at, end, field, word.start, word.end))
            parts.append(word.text)
            parts.append(" ")
            at = end + 1
        if words:
            parts[-1] = "\n"
    return Text("".join(parts), tuple(pieces))


def _schema_text(parameters: tuple[Parameter, ...]) -> Text:
    parts: list[str] = []
    pieces: list[Piece] = []
    at = 0
    for each in parameters:
        head = f"{' '.join(word.text for word in each.words)} : {each.type} {each.freedom} {each.need}"
        pieces.append(Piece(at, at + len(head), each.pointer, 0, len(each.name)))
        parts.append(head)
        at += len(head)
        for place, value in enumerate(each.values):
            shown = (" = " if place == 0 else " | ") + " ".join(word.text for word in split(value, 100))
            pieces.append(Piece(at, at + len(shown), f"{each.values_pointer}/{place}", 0, len(value)))
            parts.append(shown)
            at += len(shown)
        parts.append("\n")
        at += 1
    return Text("".join(parts), tuple(pieces))


def _annotations_text(annotations: dict[str, Any] | None) -> Text:
    flags = [(name, value) for name, value in (annotations or {}).items() if isinstance(value, bool)]
    lines = [f"{' '.join(word.text for word in split(name, 100))} : {str(value).lower()}\n" for name, value in flags]
    return Text("".join(lines), ())


def _raw_text(definition: Definition, field: str) -> Text:
    tool = definition.tool
    match field:
        case "name":
            sources = [("name", tool.name)]
        case "title":
            sources = [(title_field(tool), title_of(tool))]
        case "description" | "summary":
            sources = [("description", (tool.description or "")[:MOST_TEXT])]
        case "parameters":
            sources = [(each.pointer, each.name) for each in definition.parameters]
        case "parameter-descriptions":
            sources = [(each.description_pointer, each.description) for each in definition.parameters]
        case "schema":
            sources = [
                (f"{each.values_pointer}/{place}", value)
                for each in definition.parameters
                for place, value in enumerate(each.values)
            ]
        case _:
            return _word_text(definition, field)
    pieces: list[Piece] = []
    at = 0
    for source, string in sources:
        pieces.append(Piece(at, at + len(string), source, 0, len(string)))
        at += len(string) + 1
    return Text("\n".join(string for _, string in sources), tuple(pieces))
