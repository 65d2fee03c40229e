"""Node's own library, as far as it decides what is registered: paths, files of the tree, the process."""

import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from crawler.javascript_source.native import argument
from crawler.javascript_source.operators import to_text
from crawler.javascript_source.resolution import ROOT
from crawler.javascript_source.truth import lift, usual
from crawler.javascript_source.values import (
    UNDEFINED,
    ArrayValue,
    NativeFunction,
    ObjectValue,
    Opaque,
    Setting,
    Thrown,
    Value,
)

if TYPE_CHECKING:
    from crawler.javascript_source.machine import Machine

Run = Callable[["Machine", Value, ArrayValue], Value]
HOME: Final = "/home/user"
TEMPORARY: Final = "/home/user/.tmp"


def process(entry: str) -> Value:
    """Return `process` as a program started by `entry` without options finds it."""
    given: dict[str, Value] = {
        "env": Opaque("env", "process"),
        "argv": Setting("process.argv", ArrayValue(["node", ROOT + entry])),
        "exit": NativeFunction("exit", leave),
        "cwd": NativeFunction("cwd", lambda _m, _this, _given: Setting("process.cwd()", HOME)),
        "platform": Setting("process.platform", "linux"),
        "version": "v22.0.0",
        "versions": ObjectValue({"node": "22.0.0"}),
    }
    return Opaque("process", properties=given)


def leave(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `process.exit(…)`."""
    raise Thrown(argument(arguments, 0))


def on_paths(operation: Callable[..., Value]) -> NativeFunction:
    """Make a path function of an operation on known strings."""

    def run(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
        given = [argument(arguments, position) for position in range(len(arguments.items))]
        return Opaque("path") if arguments.open else lift(lambda *texts: operation(*map(to_text, texts)), *given)

    return NativeFunction("path", run)


def resolve(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `path.resolve`; what stands before an absolute path counts for nothing."""
    given = [argument(arguments, position) for position in range(len(arguments.items))]
    for position in reversed(range(len(given))):
        if isinstance(known := usual(given[position]), str) and known.startswith("/"):
            given = given[position:]
            break
    else:
        given = [Setting("process.cwd()", HOME), *given]
    return lift(lambda *texts: posixpath.normpath(posixpath.join(*map(to_text, texts))), *given)


def base_name(path: str, ending: str = "") -> str:
    """Answer `path.basename`."""
    name = posixpath.basename(path.rstrip("/"))
    return name.removesuffix(ending) if ending and name != ending else name


def to_path(value: Value) -> str | None:
    """Return the path inside the package that a string or URL names, or None."""
    known = usual(value)
    if isinstance(known, ObjectValue):
        known = usual(known.properties.get("href", UNDEFINED))
    if not isinstance(known, str):
        return None
    path = posixpath.normpath(known.removeprefix("file://"))
    return path.removeprefix(ROOT) if path.startswith(ROOT) else None


def new_url(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `new URL(address, base)` for files."""
    address, start = usual(argument(arguments, 0)), usual(argument(arguments, 1))
    if isinstance(start, ObjectValue):
        start = usual(start.properties.get("href", UNDEFINED))
    if not isinstance(address, str) or not (address.startswith("file://") or isinstance(start, str)):
        return Opaque("a URL")
    if not address.startswith("file://"):
        if not start.startswith("file://"):
            return Opaque("a URL")
        address = "file://" + posixpath.normpath(posixpath.join(posixpath.dirname(start[7:]), address))
    path = address.removeprefix("file://")
    text = NativeFunction("toString", lambda _m, _this, _given: address)
    return ObjectValue({"href": address, "pathname": path, "protocol": "file:", "toString": text})


def file_path(_machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `fileURLToPath`."""
    path = to_path(argument(arguments, 0))
    return Opaque("fileURLToPath") if path is None else ROOT + path


def file_url(machine: "Machine", this: Value, arguments: ArrayValue) -> Value:
    """Answer `pathToFileURL`."""
    return lift(lambda path: new_url(machine, this, ArrayValue([f"file://{to_text(path)}"])), argument(arguments, 0))


def read_file(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `readFileSync` and `readFile` for files of the tree."""
    path = to_path(argument(arguments, 0))
    text = machine.loader.files.get(path) if path is not None else None
    return Opaque("a file") if text is None else text


def list_folder(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `readdirSync` and `readdir` for folders of the tree."""
    path = to_path(argument(arguments, 0))
    if path is None:
        return Opaque("a folder")
    start = path.rstrip("/") + "/" if path != "." else ""
    inside = [file.removeprefix(start) for file in sorted(machine.loader.files) if file.startswith(start)]
    names = list(dict.fromkeys(file.split("/")[0] for file in inside))
    if not isinstance(argument(arguments, 1), ObjectValue):
        return ArrayValue(list(names))
    return ArrayValue([folder_entry(name, start, is_file=name in inside) for name in names])


def folder_entry(name: str, start: str, *, is_file: bool) -> ObjectValue:
    """Return a folder's entry as `withFileTypes` gives it."""
    kind = {
        "isFile": NativeFunction("isFile", lambda _m, _this, _given: is_file),
        "isDirectory": NativeFunction("isDirectory", lambda _m, _this, _given: not is_file),
    }
    return ObjectValue({"name": name, "parentPath": ROOT + start.rstrip("/"), **kind})


def exists(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `existsSync` for what the tree has; the tree lacks files that are no source code."""
    path = to_path(argument(arguments, 0))
    if path is None:
        return Opaque("existsSync")
    files = machine.loader.files
    return True if path in files or any(file.startswith(path + "/") for file in files) else Opaque("existsSync")


def status(machine: "Machine", _this: Value, arguments: ArrayValue) -> Value:
    """Answer `statSync` for files and folders of the tree."""
    path = to_path(argument(arguments, 0))
    if path is None:
        return Opaque("a file's status")
    return folder_entry(path, "", is_file=path in machine.loader.files)


PATH: Final[dict[str, Value]] = {
    "join": on_paths(
        lambda *pieces: posixpath.normpath("/".join(piece for piece in pieces if piece)) if pieces else "."
    ),
    "resolve": NativeFunction("resolve", resolve),
    "dirname": on_paths(posixpath.dirname),
    "basename": on_paths(base_name),
    "extname": on_paths(lambda path: posixpath.splitext(path)[1]),
    "relative": on_paths(
        lambda start, path: posixpath.relpath(path, start) if start.startswith("/") == path.startswith("/") else path
    ),
    "isAbsolute": on_paths(lambda path: path.startswith("/")),
    "normalize": on_paths(posixpath.normpath),
    "sep": "/",
}
FILES: Final[dict[str, Value]] = {
    name: NativeFunction(name, run)
    for name, run in {
        "readFileSync": read_file,
        "readFile": read_file,
        "readdirSync": list_folder,
        "readdir": list_folder,
        "existsSync": exists,
        "statSync": status,
        "stat": status,
        "lstatSync": status,
    }.items()
}
SYSTEM: Final[dict[str, Value]] = {
    "homedir": NativeFunction("homedir", lambda _m, _this, _given: Setting("os.homedir()", HOME)),
    "tmpdir": NativeFunction("tmpdir", lambda _m, _this, _given: Setting("os.tmpdir()", TEMPORARY)),
    "platform": NativeFunction("platform", lambda _m, _this, _given: Setting("process.platform", "linux")),
    "EOL": "\n",
}
URLS: Final[dict[str, Value]] = {
    "fileURLToPath": NativeFunction("fileURLToPath", file_path),
    "pathToFileURL": NativeFunction("pathToFileURL", file_url),
    "URL": NativeFunction("URL", new_url),
}
