"""Functions of Go's own library that programs build names, texts and lists with, and the settings that they read."""

import json
import posixpath
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tree_sitter import Node

from crawler.go_source import documents
from crawler.go_source.limits import ITEMS, TEXT
from crawler.go_source.values import (
    NIL,
    Assumed,
    Cell,
    External,
    Item,
    MapValue,
    Pointer,
    RawJson,
    Slice,
    Tuple,
    Unknown,
    Value,
    plain,
    target,
)

if TYPE_CHECKING:
    from crawler.go_source.machine import Machine

Run = Callable[["Machine", list[Value], Node], Value]
VERB: Final = re.compile(r"%(?:\[(\d+)\])?([-+# 0]*)(\d*)(?:\.(\d+))?([a-zA-Z%])")
WIDEST: Final = 200
FLAG: Final = re.compile(
    r"^(Bool|String|StringSlice|StringArray|Int|Int32|Int64|Uint|Uint32|Uint64|Float32|Float64|Duration)(Var)?(P)?$"
)
ZEROS: Final = {"Bool": False, "String": ""}


def text_function(run: Callable[..., Any]) -> Run:
    """Return a function over known texts and numbers; with anything else its value is not known."""

    def wrapped(machine: "Machine", arguments: list[Value], _node: Node) -> Value:
        known = [plain(value) for value in arguments]
        if not all(isinstance(value, str | int | float | bool) for value in known):
            return Unknown("a text")
        machine.step(sum(len(value) for value in known if isinstance(value, str)) // 100)
        try:
            result = run(*known)
        except (AttributeError, TypeError, ValueError, OverflowError, MemoryError):
            return Unknown("a text")
        rests = any(isinstance(value, Assumed) for value in arguments)
        if isinstance(result, list):
            result = Slice([Item(part) for part in result[:ITEMS]])
        if isinstance(result, str) and len(result) > TEXT:
            return Unknown("a text that is too long")
        return Assumed(result) if rests else result

    return wrapped


def formatted(machine: "Machine", arguments: list[Value], node: Node) -> Value:
    """Do `fmt.Sprintf`."""
    pattern = plain(arguments[0]) if arguments else NIL
    if not isinstance(pattern, str):
        return Unknown("a text")
    rest = iter(arguments[1:])
    given = list(arguments[1:])
    parts: list[str] = []
    at = 0
    for found in VERB.finditer(pattern):
        parts.append(pattern[at : found.start()])
        at = found.end()
        if found[5] == "%":
            parts.append("%")
            continue
        value = given[int(found[1]) - 1] if found[1] and 0 < int(found[1]) <= len(given) else next(rest, NIL)
        words = verb(plain(value), found[2], found[3], found[4], found[5])
        if words is None:
            return Unknown("a text")
        parts.append(words)
    parts.append(pattern[at:])
    text = "".join(parts)
    machine.step(len(text) // 100)
    del node
    return text if len(text) <= TEXT else Unknown("a text that is too long")


def verb(value: Value, flags: str, width: str, precision: str | None, letter: str) -> str | None:
    """Return one formatted value, or None where it is not known."""
    known = target(value)
    if isinstance(known, Slice) and letter in "vs" and not known.open:
        parts = [verb(item.value, "", "", None, "v") for item in known.items]
        return None if None in parts else f"[{' '.join(part for part in parts if part is not None)}]"
    if not isinstance(known, str | int | float | bool) or (width and int(width) > WIDEST):
        return None
    if isinstance(known, bool):
        text = str(known).lower()
    elif isinstance(known, str):
        text = json.dumps(known, ensure_ascii=False) if letter == "q" else known
    elif letter in "xXob" and isinstance(known, int):
        text = format(known, letter)
    elif letter == "f":
        text = format(known, f".{precision or 6}f") if int(precision or 6) <= WIDEST else str(known)
    else:
        text = format(known, "g") if isinstance(known, float) else str(known)
    if not width:
        return text
    fill = "0" if "0" in flags and not isinstance(known, str) else " "
    return text.ljust(int(width)) if "-" in flags else text.rjust(int(width), fill)


def joined_text(machine: "Machine", arguments: list[Value], _node: Node) -> Value:
    """Do `strings.Join`."""
    separator = plain(arguments[1]) if len(arguments) > 1 else ""
    parts = [plain(item.value) for item in machine.items(arguments[0])]
    if not isinstance(separator, str) or not all(isinstance(part, str) for part in parts):
        return Unknown("a text")
    text = separator.join(parts)
    return text if len(text) <= TEXT else Unknown("a text that is too long")


def replacer(count_at: int | None) -> Run:
    """Return `strings.Replace` or `strings.ReplaceAll`."""

    def run(text: str, old: str, new: str, *count: int) -> str:
        if count_at is not None and count and count[0] >= 0:
            return text.replace(old, new, count[0])
        return text.replace(old, new) if len(text) * max(1, len(new)) <= TEXT * 10 else text

    return text_function(run)


def contains(machine: "Machine", arguments: list[Value], _node: Node) -> Value:
    """Do `slices.Contains`."""
    if len(arguments) < 2:  # noqa: PLR2004  # a list and what is looked for
        return Unknown("whether a list contains something")
    wanted, items = plain(arguments[1]), list(machine.items(arguments[0]))
    known = isinstance(wanted, str | int | float | bool) and all(
        isinstance(plain(item.value), str | int | float | bool) and not item.conditions for item in items
    )
    if not known:
        return Unknown("whether a list contains something")
    found = any(plain(item.value) == wanted for item in items)
    rests = isinstance(arguments[0], Assumed) or isinstance(arguments[1], Assumed)
    return Assumed(found) if rests else found


def keys(part: str) -> Run:
    """Return `maps.Keys` or `maps.Values`."""

    def run(_machine: "Machine", arguments: list[Value], _node: Node) -> Value:
        known = target(arguments[0]) if arguments else NIL
        if not isinstance(known, MapValue):
            return Unknown("the keys of a map")
        pairs = known.entries.items()
        return Slice([Item(key if part == "keys" else item.value, item.conditions) for key, item in pairs], known.open)

    return run


def same_list(_machine: "Machine", arguments: list[Value], _node: Node) -> Value:
    """Return a list as it was, whatever the order it is given."""
    return arguments[0] if arguments else NIL


def look_up(_machine: "Machine", _arguments: list[Value], _node: Node) -> Value:
    """Do `os.LookupEnv` in an environment that holds nothing."""
    return Tuple((Assumed(""), Assumed(value=False)))


def marshalled(_machine: "Machine", arguments: list[Value], _node: Node) -> Value:
    """Do `json.Marshal`."""
    document = documents.of_value(arguments[0]) if arguments else None
    return Tuple((RawJson(json.dumps(document)) if document is not None else Unknown("a document"), NIL))


def unmarshalled(machine: "Machine", arguments: list[Value], _node: Node) -> Value:
    """Do `json.Unmarshal` of a document that is known into a map or slice."""
    document = documents.of_json(arguments[0]) if arguments else None
    pointer = plain(arguments[1]) if len(arguments) > 1 else NIL
    if isinstance(pointer, Pointer):
        value = of_document(document) if document is not None else None
        if value is not None and isinstance(target(pointer), MapValue | Slice | type(NIL)):
            machine.set(pointer.cell, value)
        else:
            opened(machine, pointer)
    return NIL


def of_document(document: Any) -> Value:
    """Return a JSON document as a value."""
    if isinstance(document, dict):
        return MapValue({key: Item(of_document(value)) for key, value in document.items()})
    if isinstance(document, list):
        return Slice([Item(of_document(value)) for value in document])
    return NIL if document is None else document


def opened(machine: "Machine", pointer: Pointer) -> None:
    """Forget what a variable holds, since something outside fills it."""
    known = target(pointer)
    if hasattr(known, "fields") or isinstance(known, MapValue):
        known.open = True
    else:
        machine.set(pointer.cell, Unknown("a value that is read from outside"))


def flag(machine: "Machine", name: str, arguments: list[Value]) -> Value:
    """Do what declares a flag: `flag.Bool(name, default, usage)`, `BoolVarP(&x, name, "b", default, usage)`."""
    shape = FLAG.match(name)
    if shape is None:
        return None
    rest = arguments[1:] if shape[2] else arguments
    at = 2 if shape[3] else 1
    key = plain(rest[0]) if rest else NIL
    if not isinstance(key, str) or len(rest) <= at:
        return setting(machine, name, arguments)
    default = Assumed(plain(rest[at]))
    machine.flags[key] = default
    pointer = plain(arguments[0])
    if shape[2] and isinstance(pointer, Pointer):
        machine.set(pointer.cell, default)
        return NIL
    return Pointer(Cell(default))


def setting(machine: "Machine", name: str, arguments: list[Value]) -> Value:
    """Do what reads a setting by its name, such as `viper.GetBool("read-only")`; None where it is something else."""
    kind = name.removeprefix("Get")
    key = plain(arguments[-1]) if arguments else NIL
    if not isinstance(key, str) or not (FLAG.match(kind) or kind in {"", "Get", "IsSet"}):
        return None
    if kind == "IsSet":
        return Assumed(value=False)
    return machine.flags.get(key, Assumed(ZEROS.get(kind, 0 if kind[:3] in {"Int", "Uin"} else NIL)))


VALUES: Final[dict[str, Value]] = {"os.Args": Assumed(Slice([Item("program")])), "math.MaxInt": (1 << 63) - 1}
"""What a program finds that is started without arguments."""
FAILURE: Final = External("errors", "error")


FUNCTIONS: Final[dict[str, Run]] = {
    "fmt.Sprintf": formatted,
    "fmt.Sprint": text_function(lambda *parts: "".join(str(part) for part in parts)),
    "fmt.Errorf": lambda *_: FAILURE,
    "errors.New": lambda *_: FAILURE,
    "errors.Join": lambda *_: NIL,
    "strings.Join": joined_text,
    "strings.ToUpper": text_function(lambda text: text.upper()),
    "strings.ToLower": text_function(lambda text: text.lower()),
    "strings.Title": text_function(lambda text: re.sub(r"(?:^|(?<=\W))\w", lambda found: found[0].upper(), text)),
    "strings.TrimSpace": text_function(lambda text: text.strip()),
    "strings.Trim": text_function(lambda text, cut: text.strip(cut)),
    "strings.TrimLeft": text_function(lambda text, cut: text.lstrip(cut)),
    "strings.TrimRight": text_function(lambda text, cut: text.rstrip(cut)),
    "strings.TrimPrefix": text_function(lambda text, start: text.removeprefix(start)),
    "strings.TrimSuffix": text_function(lambda text, end: text.removesuffix(end)),
    "strings.Replace": replacer(3),
    "strings.ReplaceAll": replacer(None),
    "strings.Repeat": text_function(lambda text, count: text * count if len(text) * count <= TEXT else None),
    "strings.Split": text_function(lambda text, mark: text.split(mark) if mark else list(text)),
    "strings.Fields": text_function(lambda text: text.split()),
    "strings.Contains": text_function(lambda text, part: part in text),
    "strings.HasPrefix": text_function(lambda text, start: text.startswith(start)),
    "strings.HasSuffix": text_function(lambda text, end: text.endswith(end)),
    "strings.EqualFold": text_function(lambda one, other: one.lower() == other.lower()),
    "strconv.Itoa": text_function(str),
    "strconv.Quote": text_function(lambda text: json.dumps(text, ensure_ascii=False)),
    "strconv.FormatBool": text_function(lambda value: str(value).lower()),
    "path.Join": text_function(lambda *parts: posixpath.normpath(posixpath.join(*parts))),
    "path/filepath.Join": text_function(lambda *parts: posixpath.normpath(posixpath.join(*parts))),
    "path.Base": text_function(posixpath.basename),
    "path/filepath.Base": text_function(posixpath.basename),
    "slices.Contains": contains,
    "slices.Sorted": same_list,
    "slices.Collect": same_list,
    "slices.Clone": same_list,
    "maps.Keys": keys("keys"),
    "maps.Values": keys("values"),
    "flag.Args": lambda *_: Assumed(Slice()),
    "flag.NArg": lambda *_: Assumed(0),
    "flag.Arg": lambda *_: Assumed(""),
    "os.Getenv": lambda *_: Assumed(""),
    "os.LookupEnv": look_up,
    "encoding/json.Marshal": marshalled,
    "encoding/json.MarshalIndent": marshalled,
    "encoding/json.Unmarshal": unmarshalled,
    "encoding/json.RawMessage": lambda _machine, arguments, _node: RawJson(arguments[0]) if arguments else NIL,
}
