"""Paths and files of the package itself: joined, listed and read from the tree, never from a disk."""

# ruff: noqa: ARG001, ARG005  # all that is modelled here takes (machine, given), whether it needs them or not
# ruff: noqa: PLR0911  # a return for each kind of value reads better than a nest of branches

import json
import posixpath
from dataclasses import dataclass
from fnmatch import fnmatch

from crawler.python_source.machine import Machine
from crawler.python_source.texts import lifted
from crawler.python_source.values import (
    Arguments,
    Const,
    Entry,
    External,
    Instance,
    Item,
    Mapping,
    Native,
    NativeCode,
    Sequence,
    Value,
    key_of,
    text,
    unknown,
)

PATHS = frozenset({"Path", "PurePath", "PosixPath"})
JSON_CHARACTERS = 2_000_000
SAME = frozenset({"resolve", "absolute", "expanduser", "__enter__"})


@dataclass(slots=True)
class PathState:
    """A path; `/` is the top of the artefact."""

    path: str


@dataclass(slots=True)
class FileState:
    """An opened file of the tree."""

    content: str


def prepare(made: Instance) -> None:
    """Make a new `Path(...)` know its path."""
    if isinstance(made.of, External) and made.of.last in PATHS and made.native is None and made.arguments:
        parts = [path_text(value) for value in made.arguments]
        if None not in parts:
            made.native = PathState(posixpath.join(*[part for part in parts if part is not None]))


def path_text(value: Value | None) -> str | None:
    """Return the path that a text or a `Path` stands for."""
    if isinstance(value, Instance) and isinstance(value.native, PathState):
        return value.native.path
    return text(value)


def path_of(path: str) -> Instance:
    """Return a `Path`."""
    return Instance(External("pathlib.Path"), native=PathState(posixpath.normpath(path)))


def joined_path(left: Value, right: Value) -> Value | None:
    """Return `left / right` where it is a path."""
    if isinstance(left, Instance) and isinstance(left.native, PathState):
        part = path_text(right)
        return path_of(posixpath.join(left.native.path, part)) if part is not None else unknown("a path")
    return None


def path_attribute(machine: Machine, value: Instance, name: str) -> Value | None:
    """Return an attribute or method of a path or an opened file."""
    if isinstance(value.native, FileState):
        content = value.native.content
        if name in {"read", "read_text"}:
            return Native(name, lambda _machine, _given: Const(content))
        return Native(name, lambda _machine, _given: value) if name == "__enter__" else None
    if not isinstance(value.native, PathState):
        return None
    path = value.native.path
    if name in {"name", "stem", "suffix"}:
        base = posixpath.basename(path)
        stem, suffix = posixpath.splitext(base)
        return Const({"name": base, "stem": stem, "suffix": suffix}[name])
    if name == "parent":
        return path_of(posixpath.dirname(path))
    if name == "parents":
        return Sequence([Item(path_of("/".join(path.split("/")[:-count]))) for count in range(1, path.count("/") + 1)])
    if name in SAME:
        return Native(name, lambda _machine, _given: value)
    methods: dict[str, NativeCode] = {
        "as_posix": lambda inner, _given: Const(path),
        "__str__": lambda inner, _given: Const(path),
        "joinpath": lambda inner, given: _joined(value, given),
        "read_text": lambda inner, _given: _content(inner, path),
        "open": lambda inner, _given: _opened(inner, path),
        "glob": lambda inner, given: _listed(inner, path, given, deep=False),
        "rglob": lambda inner, given: _listed(inner, path, given, deep=True),
        "iterdir": lambda inner, _given: _listed(inner, path, None, deep=False),
        "exists": lambda inner, _given: _exists(inner, path),
        "is_file": lambda inner, _given: _exists(inner, path),
        "is_dir": lambda inner, _given: _exists(inner, path),
    }
    return Native(name, methods[name]) if name in methods else None


def call_outside(machine: Machine, function: External, given: Arguments) -> Value | None:
    """Return what reading a file of the package gives, or None where the call is something else."""
    path = function.path
    if path in {"open", "io.open", "builtins.open"} and given.positional:
        found = path_text(given.positional[0])
        return _opened(machine, found) if found is not None else None
    if path in {"json.loads", "json.load", "orjson.loads"} and given.positional:
        subject = given.positional[0]
        state = subject.native if isinstance(subject, Instance) else None
        content = state.content if isinstance(state, FileState) else text(subject)
        machine.spend(len(content or "") >> 5)
        return _parsed(content) if content is not None else None
    if path in {"importlib.resources.files", "files"} and given.positional:
        module = given.positional[0]
        name = text(module) or getattr(module, "name", None)
        where = machine.index.find(name) if isinstance(name, str) else None
        return path_of("/" + where.folder) if where is not None else None
    return _of_os_path(path, given) if path.startswith("os.path.") else None


def _of_os_path(path: str, given: Arguments) -> Value | None:
    parts = [path_text(value) for value in given.positional]
    known = [part for part in parts if part is not None]
    if not parts or len(known) != len(parts):
        return None
    last = path.rpartition(".")[2]
    if last in {"abspath", "realpath", "normpath", "expanduser"}:
        return Const(posixpath.normpath(known[0]))
    if last in {"dirname", "basename"}:
        return Const(getattr(posixpath, last)(known[0]))
    if last == "splitext":
        return lifted(posixpath.splitext(known[0]))
    return Const(posixpath.join(*known)) if last == "join" else None


def _joined(value: Value, given: Arguments) -> Value:
    made: Value | None = value
    for part in given.positional:
        made = joined_path(made, part) if made is not None else None
    return made if made is not None else unknown("a path")


def _content(machine: Machine, path: str) -> Value:
    content = machine.index.files.get(path.strip("/"))
    return Const(content) if content is not None else unknown(f"the file {path}")


def _opened(machine: Machine, path: str) -> Value:
    content = machine.index.files.get(path.strip("/"))
    return Instance(External("file"), native=FileState(content)) if content is not None else unknown(f"open({path})")


def _exists(machine: Machine, path: str) -> Value:
    inside = path.strip("/")
    if inside in machine.index.files or inside in machine.index.folders:
        return Const(value=True)
    return unknown(f"whether {path} exists")


def _listed(machine: Machine, path: str, given: Arguments | None, *, deep: bool) -> Value:
    pattern = text(given.get(0, "pattern")) if given is not None else "*"
    if pattern is None:
        return unknown("files")
    prefix = path.strip("/") + "/"
    inside = [file[len(prefix) :] for file in sorted(machine.index.files) if file.startswith(prefix)]
    if "**/" in pattern:
        deep, pattern = True, pattern.replace("**/", "")
    names = [file for file in inside if (deep or "/" not in file) and fnmatch(posixpath.basename(file), pattern)]
    machine.spend(len(inside))
    return Sequence([Item(path_of(posixpath.join(path, name))) for name in names])


def _parsed(content: str) -> Value:
    if len(content) > JSON_CHARACTERS:
        return unknown("a long JSON document")
    try:
        return from_json(json.loads(content))
    except (ValueError, RecursionError):
        return unknown("a JSON document")


def from_json(plain: object) -> Value:
    """Return a JSON document as a value of the reading."""
    if isinstance(plain, dict):
        return Mapping({key_of(Const(key)): Entry(Const(key), from_json(each)) for key, each in plain.items()})
    if isinstance(plain, list):
        return Sequence([Item(from_json(each)) for each in plain])
    return Const(plain)
