"""What a package says about itself: its name, its ecosystem, and what it starts when it is run. Pure; nothing is run.

Formats: package.json (npm), core metadata and entry_points.txt (Python packaging), pyproject.toml (PEP 621, Poetry),
setup.cfg (setuptools).
"""

import configparser
import posixpath
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from email.parser import HeaderParser
from typing import Any

import msgspec

from crawler.purl import parse_purl
from toolcensus.errors import InputError
from toolcensus.records import Record

MANIFESTS = frozenset({"package.json", "METADATA", "PKG-INFO", "entry_points.txt", "pyproject.toml", "setup.cfg"})
COMMAND_GROUPS = ("console_scripts", "gui_scripts")
TYPES_ONLY = "types"
BUILT = frozenset({"dist", "build", "lib", "out", "output", "bin", "esm", "cjs", ".build"})
"""Folders that compilers write to."""
WRITTEN = (".ts", ".mts", ".cts", ".tsx", ".js", ".mjs")
STARTED = re.compile(r"(?<![\w/.-])[\w./-]+\.(?:[mc]?[jt]s)\b")
DISTRIBUTION = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^]]*\])?\s*([^;]*)")
EXACT = re.compile(r"=?(\d+\.\d+\.\d+[0-9A-Za-z.+-]*)")
EXACTLY = re.compile(r"\(?\s*===?\s*([0-9][0-9A-Za-z.!+-]*)\s*\)?")


class About(Record, frozen=True):
    """What the manifests say; `requires` are the purls that it depends on, with the version where that is exact."""

    package: str = ""
    ecosystem: str = "folder"
    entry_points: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()


def describe(files: Mapping[str, str]) -> About:
    """Read the manifests among `files`; one that is malformed says nothing."""
    npm, pypi = _npm(files), _pypi(files)
    if npm and pypi:
        # A repository of two halves: both are run, neither is the other's package.
        return About(
            package=pypi.package or npm.package,
            entry_points=pypi.entry_points + npm.entry_points,
            requires=pypi.requires + npm.requires,
        )
    return npm or pypi or About()


def _npm(files: Mapping[str, str]) -> About | None:
    if "package.json" not in files:
        return None
    declared = _json(files["package.json"])
    found = [path for each in _npm_paths(declared) if (path := _resolve(each, files))]
    if not found:
        found = [path for each in _started(declared) if (path := _resolve(each, files))]
    return About(
        package=_text(declared.get("name")),
        ecosystem="npm",
        entry_points=tuple(dict.fromkeys(found)),
        requires=tuple(_purls("npm", _table(declared.get("dependencies")).items(), EXACT)),
    )


def _npm_paths(declared: dict[str, Any]) -> Iterator[str]:
    """Yield what `bin`, `main`, `module` and `exports` name, the command first."""
    for field in ("bin", "main", "module", "exports"):
        yield from _leaves(declared.get(field))


def _started(declared: dict[str, Any]) -> Iterator[str]:
    """Yield the files that the scripts `start` and `dev` name, as in `tsx src/server.ts`."""
    scripts = _table(declared.get("scripts"))
    for name in ("start", "start:stdio", "serve", "dev"):
        yield from STARTED.findall(_text(scripts.get(name))[:1000])


def _leaves(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and depth < 8:  # noqa: PLR2004  # conditions nest two or three deep in practice
        for key, inner in value.items():
            if key != TYPES_ONLY:
                yield from _leaves(inner, depth + 1)


def _resolve(path: str, files: Mapping[str, str]) -> str:
    """Return the file that Node would load for `path`, or nothing where the artefact has no such source file."""
    bare = posixpath.normpath(path).lstrip("/")
    endings = ("", ".js", ".mjs", ".cjs", "/index.js", "/index.mjs", "/index.cjs")
    found = next((bare + ending for ending in endings if bare + ending in files), "")
    return found or next((source for source in sources_of(bare) if source in files), "")


def sources_of(path: str) -> Iterator[str]:
    """Yield the TypeScript files that a compiled file (`dist/cli.js`) may be made of, where nobody has compiled it."""
    folders, name = posixpath.split(path)
    stem = posixpath.splitext(name)[0]
    rest = folders.split("/") if folders else []
    if not rest or rest[0] not in BUILT:
        return
    while rest and rest[0] in BUILT:
        rest = rest[1:]
    inner = rest[1:] if rest[:1] == ["src"] else rest
    for place in (["src", *inner], inner):
        yield from (posixpath.join(*place, stem + ending) for ending in WRITTEN)
        yield from (posixpath.join(*place, stem, "index" + ending) for ending in WRITTEN)


def _pypi(files: Mapping[str, str]) -> About | None:
    metadata = _first(files, ".dist-info/METADATA") or files.get("PKG-INFO")
    project = _toml(files.get("pyproject.toml", ""))
    if metadata is None and "pyproject.toml" not in files and "setup.cfg" not in files:
        return None
    headers = HeaderParser().parsestr(metadata or "")
    standard, poetry = _table(project.get("project")), _table(_table(project.get("tool")).get("poetry"))
    requirements = (
        headers.get_all("Requires-Dist") or standard.get("dependencies") or list(_table(poetry.get("dependencies")))
    )
    matches = (DISTRIBUTION.match(text) for text in requirements if isinstance(text, str))
    named = ((match[1], match[2]) for match in matches if match)
    return About(
        package=headers.get("Name") or _text(standard.get("name")) or _text(poetry.get("name")),
        ecosystem="pypi",
        entry_points=tuple(dict.fromkeys([*_commands(files, standard, poetry), *_main_modules(files)])),
        requires=tuple(_purls("pypi", named, EXACTLY)),
    )


def _commands(files: Mapping[str, str], standard: dict[str, Any], poetry: dict[str, Any]) -> Iterator[str]:
    for text in (_first(files, ".dist-info/entry_points.txt"), _first(files, ".egg-info/entry_points.txt")):
        for group in COMMAND_GROUPS:
            yield from _ini(text or "").get(group, {}).values()
    for table in (standard.get("scripts"), standard.get("gui-scripts"), poetry.get("scripts")):
        yield from (target for target in _table(table).values() if isinstance(target, str))
    options = _ini(files.get("setup.cfg", "")).get("options.entry_points", {})
    for group in COMMAND_GROUPS:
        lines = options.get(group, "").splitlines()
        yield from (line.split("=", 1)[1].strip() for line in lines if "=" in line)


def _purls(ecosystem: str, requirements: Iterable[tuple[str, Any]], exact: re.Pattern[str]) -> Iterator[str]:
    for name, wanted in requirements:
        version = exact.fullmatch(_text(wanted).strip())
        purl = f"pkg:{ecosystem}/{name.replace('@', '%40', 1)}{f'@{version[1]}' if version else ''}"
        try:
            yield parse_purl(purl).to_string()
        except InputError:
            # An alias, a file or a repository instead of a name: nothing that a registry serves.
            continue


def _main_modules(files: Mapping[str, str]) -> Iterator[str]:
    yield from (
        path for path in sorted(files) if path.endswith("/__main__.py") and path.removeprefix("src/").count("/") == 1
    )


def _first(files: Mapping[str, str], ending: str) -> str | None:
    return next((files[path] for path in sorted(files) if path.endswith(ending)), None)


def _ini(text: str) -> dict[str, dict[str, str]]:
    parser = configparser.RawConfigParser(delimiters=("=",), strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # commands keep their case
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {section: dict(parser.items(section)) for section in parser.sections()}


def _json(text: str) -> dict[str, Any]:
    try:
        return _table(msgspec.json.decode(text))
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return {}


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
