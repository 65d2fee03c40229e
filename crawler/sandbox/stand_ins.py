"""Stand-ins for native modules that only an install script could have built: they load, and do nothing."""

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

STAND_IN = """\
const hidden = (name) => name === 'then' || typeof name === 'symbol';
const seen = (make) => (it, name) => hidden(name) ? undefined : name === 'prototype' ? it.prototype : make();
const thing = () => new Proxy(function () {}, {get: seen(thing), apply: thing, construct: thing});
const member = () => new Proxy(function () {}, {apply: async () => null, construct: thing});
module.exports = new Proxy(function () {}, {get: seen(member), apply: thing, construct: thing});
"""
MODULE = re.compile(r"node_modules/((?:@[\w-][\w.-]{0,99}/)?[\w-][\w.-]{0,99})")
BUILT_BY = {"install", "preinstall", "postinstall"}
LARGEST_MANIFEST = 1024 * 1024


def missing(folder: Path, words: str) -> tuple[str, ...]:
    """Return the dependencies that a server's words name and that a script was to build, sorted."""
    return tuple(sorted(name for name in set(MODULE.findall(words)) if _wants_building(folder / "node_modules" / name)))


def put(folder: Path, names: Iterable[str]) -> None:
    """Replace each dependency below `folder` by a module that does nothing."""
    for name in names:
        home = folder / "node_modules" / name
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True, exist_ok=True)
        manifest = {"name": name, "version": "0.0.0", "main": "stand-in.cjs"}
        for file, text in (("package.json", json.dumps(manifest)), ("stand-in.cjs", STAND_IN)):
            (home / file).write_text(text, encoding="utf-8")


def _wants_building(home: Path) -> bool:
    manifest = home / "package.json"
    if home.is_symlink() or not manifest.is_file() or manifest.stat().st_size > LARGEST_MANIFEST:
        return False
    try:
        declared = json.loads(manifest.read_bytes())
    except (ValueError, RecursionError):
        return False
    scripts = declared.get("scripts") if isinstance(declared, dict) else None
    return (home / "binding.gyp").is_file() or bool(isinstance(scripts, dict) and scripts.keys() & BUILT_BY)
