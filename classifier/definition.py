"""A tool definition prepared for reading: its parameters, and each field as one bounded text that rules look at.

Fields of normalised words (see `classifier.words`), where a full stop stands for the end of a clause:
`name`, `title`, `description`; `summary`, the description's first clauses; `deed`, one line each from name, title and
summary, verb first; `object`, the same cut down to the verb and the nouns that it acts on, *many* before a plural,
*every* where all are meant (`delete many message`, see `classifier.object`); `parameters`, one name a line;
`parameter-descriptions`, one a line; `schema`, one parameter a line as `sql query : string free required` or
`action : string enum optional = list | delete`; `paths`, the parameters that name a place on the disk, as
`output path : local` or `: maybe` (`classifier.paths`); `addresses`, those into which any network address may be
written, as `image url : free` (`classifier.addresses`); `annotations`, one a line as `read only hint : true`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, islice
from typing import Any, NamedTuple

from classifier.addresses import addresses_of
from classifier.deed import MOST_CLAUSES, Deed, deed_of_clauses, deed_of_name
from classifier.object import Thing, things_of_name, things_of_text
from classifier.paths import paths_of
from classifier.schema import Parameter, parameters_of
from classifier.words import Word, normalise, normalise_again, split_name, spoken, spread, words_from
from toolcensus.records import Evidence, Tool

MOST_TEXT = 20_000
"""Code points that are read of a description."""

MOST_DESCRIPTIONS = 200_000
"""Code points that are read of all parameters' descriptions together."""

_MOST_OPENING = 500
_DEEPEST_WRAPPED = 3


class Piece(NamedTuple):
    """Where one stretch of a text comes from."""

    start: int
    end: int
    field: str
    field_start: int
    field_end: int


class Text:
    """What patterns see of one field, and where every stretch of it comes from, worked out when it is asked for.

    `pieces` yields the stretches of the text in order; those that end before a place may be left out.
    """

    __slots__ = ("_pieces_from", "encoded", "string")

    def __init__(self, string: str, pieces: Callable[[int], Iterable[Piece]]) -> None:
        self.string = string
        self.encoded = string.encode("utf-8", "replace")
        self._pieces_from = pieces

    @property
    def searchable(self) -> str | bytes:
        """The text as RE2 finds places in it fastest: as bytes, wherever these count like code points."""
        return self.encoded if len(self.encoded) == len(self.string) else self.encoded.decode()

    def spans(self, start: int, end: int, shows: str) -> tuple[Evidence, ...]:
        """Return the spans of the original strings that lie under `string[start:end]`, one a field."""
        found: dict[str, tuple[int, int]] = {}
        for piece in self._pieces_from(start):
            if piece.start >= end:
                break
            if piece.end > start:
                low, high = _under(piece, start, end)
                seen = found.get(piece.field, (low, high))
                found[piece.field] = (min(seen[0], low), max(seen[1], high))
        return tuple(Evidence(field=field, start=low, end=high, shows=shows) for field, (low, high) in found.items())


def _under(piece: Piece, start: int, end: int) -> tuple[int, int]:
    """Return what of a piece lies under a span: a part where text was taken as written, else the whole word."""
    if piece.end - piece.start != piece.field_end - piece.field_start:
        return piece.field_start, piece.field_end
    return piece.field_start + max(start - piece.start, 0), piece.field_end - max(piece.end - end, 0)


class Definition:
    """A tool, its parameters, its two deeds, and its texts, each made when first asked for."""

    def __init__(self, tool: Tool) -> None:
        self.tool = tool
        self.parameters: tuple[Parameter, ...] = parameters_of(tool.input_schema)
        self.name_words = list(split_name(tool.name))
        self.title_words = list(split_name(title_of(tool)))
        self.opening = opening = spread(tool.description or "", _MOST_OPENING)
        clauses = (opening.words(start, stop) for start, stop in islice(opening.clauses(), MOST_CLAUSES))
        self.told: Deed | None = deed_of_clauses(clauses)
        self.named: Deed | None = deed_of_name(self.name_words, self.told)
        self._texts: dict[tuple[str, bool], Text] = {}

    @cached_property
    def description_words(self) -> list[Word]:
        """The words and stops with which the description opens."""
        return self.opening.words()

    @cached_property
    def named_things(self) -> list[Thing]:
        """What the name's verb acts on."""
        return things_of_name(self.named) if self.named else []

    @cached_property
    def told_things(self) -> list[Thing]:
        """What the description's verb acts on."""
        return things_of_text(self.told, self.tool.description or "") if self.told else []

    @cached_property
    def outer(self) -> list[Parameter]:
        """The parameters that a caller sees first: the outermost, and what is in them where they only wrap."""
        return _outer(self.parameters)

    def text(self, field: str, *, raw: bool = False) -> Text:
        """Return one field as patterns see it: normalised words, or with `raw` as it was written."""
        key = (field, raw)
        if made := self._texts.get(key):
            return made
        self._texts[key] = made = _raw_text(self, field) if raw else _WORD_TEXTS[field](self)
        return made


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


def _deed_lines(definition: Definition) -> list[tuple[str, Sequence[Word]]]:
    lines: list[tuple[str, Sequence[Word]]] = []
    if definition.named:
        lines.append(("name", definition.named.words))
    else:
        lines.append(("name", definition.name_words))
    if definition.title_words and (titled := deed_of_name(definition.title_words, definition.told)):
        lines.append((title_field(definition.tool), titled.words))
    if definition.told:
        lines.append(("description", definition.told.words))
    return lines


def _object_text(definition: Definition) -> Text:
    """Make the lines of verb and object: one for each verb and each noun that it acts on."""
    things: list[tuple[str, Thing]] = []
    things += [("name", thing) for thing in definition.named_things]
    if definition.title_words and (titled := deed_of_name(definition.title_words, definition.told)):
        things += [(title_field(definition.tool), thing) for thing in things_of_name(titled)]
    things += [("description", thing) for thing in definition.told_things]
    return _lines([(field, _words_of(thing)) for field, thing in things])


def _words_of(thing: Thing) -> list[Word]:
    """Return a thing as words, with its number, if it is no singular, at the place of the verb."""
    verb, nouns, number = thing
    return [verb, Word(number, verb.start, verb.end), *nouns] if number else [verb, *nouns]


def _running_text(sources: list[tuple[str, str]], say: Callable[[str], str] = normalise) -> Text:
    """Make a text of long strings, one a line; the place of each word is worked out only for evidence."""
    described = [(field, string) for field, string in sources if string]
    string = "".join([f"{say(string)}\n" for _, string in described])
    return Text(string, lambda start: _running_pieces(string, described, start))


def _running_pieces(string: str, described: list[tuple[str, str]], start: int) -> Iterator[Piece]:
    """Yield the words of a running text from the one at a place on: what `normalise` made has no blank inside."""
    line = string.count("\n", 0, start)
    opening = string.rfind("\n", 0, start) + 1
    skipped = string.count(" ", opening, start)
    at = max(opening, string.rfind(" ", opening, start) + 1)
    for field, source in described[line:]:
        for word in words_from(source, skipped):
            end = at + len(word.text)
            yield Piece(at, end, field, word.start, word.end)
            at = end + 1
        skipped = 0


def _description_text(definition: Definition) -> Text:
    """Make the text of the description; a short one was read already."""
    described = _described(definition)
    if len(definition.tool.description or "") > _MOST_OPENING:
        return _running_text(described)
    string = f"{' '.join(definition.opening.forms)}\n" if definition.opening.forms else ""
    return Text(string, lambda start: _running_pieces(string, described, start))


def _summary_text(definition: Definition) -> Text:
    opening = definition.opening
    clauses = list(islice(opening.clauses(), 2))
    string = "".join([f"{' '.join(opening.forms[start:stop])}\n" for start, stop in clauses])
    return Text(string, lambda _: _placed([("description", opening.words(start, stop)) for start, stop in clauses]))


def _name_text(field: str, name: str, words: list[Word]) -> Text:
    """Make the text of a name; its words, joined, are those of most other names and were kept."""
    return Text(f"{spoken(name)}\n" if words else "", lambda _: _placed([(field, words)]))


def _parameters_text(parameters: tuple[Parameter, ...]) -> Text:
    string = "".join([f"{each.spoken}\n" for each in parameters if each.words])
    return Text(string, lambda _: _placed([(each.pointer, each.words) for each in parameters]))


def _lines(lines: list[tuple[str, Sequence[Word]]]) -> Text:
    string = "".join([f"{' '.join([word.text for word in words])}\n" for _, words in lines if words])
    return Text(string, lambda _: _placed(lines))


def _placed(lines: list[tuple[str, Sequence[Word]]]) -> Iterator[Piece]:
    """Yield where each word of the joined lines came from."""
    at = 0
    for field, words in lines:
        for word in words:
            end = at + len(word.text)
            yield Piece(at, end, field, word.start, word.end)
            at = end + 1


def _outer(parameters: tuple[Parameter, ...]) -> list[Parameter]:
    outer = [each for each in parameters if each.depth == 1]
    wraps = bool(outer) and all(each.type in {"object", "any"} and not each.values for each in outer)
    return [each for each in parameters if each.depth <= _DEEPEST_WRAPPED] if wraps else outer


def _schema_text(parameters: list[Parameter]) -> Text:
    string = "".join([f"{''.join(_schema_parts(each))}\n" for each in parameters])
    return Text(string, lambda _: _schema_pieces(parameters))


def _schema_parts(each: Parameter) -> list[str]:
    """Return what the line of a parameter is made of: its head, then one part for each of its values."""
    parts = [f"{each.spoken} : {each.type} {each.freedom} {each.need}"]
    for value in each.values:
        parts.append(f"{' | ' if len(parts) > 1 else ' = '}{spoken(value)}")
    return parts


def _schema_pieces(parameters: list[Parameter]) -> Iterator[Piece]:
    at = 0
    for each in parameters:
        head, *values = _schema_parts(each)
        yield Piece(at, at + len(head), each.pointer, 0, len(each.name))
        at += len(head)
        for place, shown in enumerate(values):
            yield Piece(at, at + len(shown), f"{each.values_pointer}/{place}", 0, len(each.values[place]))
            at += len(shown)
        at += 1


def _parameter_lines(described: Iterable[tuple[Parameter, str]]) -> Text:
    """Return one line a parameter: its name, and what is to be known of it."""
    lines = [(each, f"{each.spoken} : {how}\n") for each, how in described]
    return Text("".join([line for _, line in lines]), lambda _: _line_pieces(lines))


def _line_pieces(lines: list[tuple[Parameter, str]]) -> Iterator[Piece]:
    at = 0
    for each, line in lines:
        yield Piece(at, at + len(line) - 1, each.pointer, 0, len(each.name))
        at += len(line)


def _annotations_text(annotations: dict[str, Any] | None) -> Text:
    flags = [(name, value) for name, value in (annotations or {}).items() if isinstance(value, bool)]
    lines = [f"{spoken(name)} : {str(value).lower()}\n" for name, value in flags]
    return Text("".join(lines), lambda _: ())


def _raw_text(definition: Definition, field: str) -> Text:
    if field == "annotations":
        return definition.text(field)
    sources = _RAW_SOURCES[field](definition)
    return Text("\n".join([string for _, string in sources]), lambda _: _raw_pieces(sources))


def _raw_pieces(sources: list[tuple[str, str]]) -> Iterator[Piece]:
    at = 0
    for source, string in sources:
        yield Piece(at, at + len(string), source, 0, len(string))
        at += len(string) + 1


def _described(definition: Definition) -> list[tuple[str, str]]:
    return [("description", (definition.tool.description or "")[:MOST_TEXT])]


def _described_parameters(definition: Definition) -> list[tuple[str, str]]:
    described = [(each.description_pointer, each.description) for each in definition.parameters if each.description]
    lengths = accumulate(len(string) for _, string in described)
    return [source for source, length in zip(described, lengths, strict=True) if length <= MOST_DESCRIPTIONS]


_RAW_SOURCES: dict[str, Callable[[Definition], list[tuple[str, str]]]] = {
    "name": lambda it: [("name", it.tool.name)],
    "title": lambda it: [(title_field(it.tool), title_of(it.tool))],
    "description": _described,
    "summary": _described,
    "deed": _described,
    "object": _described,
    "paths": _described,
    "addresses": _described,
    "parameters": lambda it: [(each.pointer, each.name) for each in it.parameters],
    "parameter-descriptions": _described_parameters,
    "schema": lambda it: [
        (f"{each.values_pointer}/{place}", value) for each in it.parameters for place, value in enumerate(each.values)
    ],
}


_WORD_TEXTS: dict[str, Callable[[Definition], Text]] = {
    "name": lambda it: _name_text("name", it.tool.name, it.name_words),
    "title": lambda it: _name_text(title_field(it.tool), title_of(it.tool), it.title_words),
    "description": _description_text,
    "summary": _summary_text,
    "deed": lambda it: _lines(_deed_lines(it)),
    "object": _object_text,
    "parameters": lambda it: _parameters_text(it.parameters),
    "parameter-descriptions": lambda it: _running_text(_described_parameters(it), normalise_again),
    "schema": lambda it: _schema_text(it.outer),
    "paths": lambda it: _parameter_lines(paths_of(it.outer)),
    "addresses": lambda it: _parameter_lines((each, "free") for each in addresses_of(it.outer)),
    "annotations": lambda it: _annotations_text(it.tool.annotations),
}
