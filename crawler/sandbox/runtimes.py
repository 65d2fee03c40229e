"""The interpreters and installers of this machine: Node with npm, Pythons with pip, and the folders that each needs.

Version managers put small scripts in PATH in the place of programs; so each program is asked where it really is.
"""

import functools
import importlib.metadata
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 15.0
ELF = b"\x7fELF"
FIRST_PIP_WITH_DATES = 26
WHERE_IS_UV = "import uv; print(uv.find_uv_bin())"
NEWEST_PYTHON, OLDEST_PYTHON = 15, 10
WHO_IS_PYTHON = "import sys; print(sys.base_prefix, f'{sys.version_info[0]}.{sys.version_info[1]}', sep='\\n')"


@dataclass(frozen=True, slots=True)
class Runtime:
    """A program by the words that start it, the folders it needs to see, and its version."""

    words: tuple[str, ...]
    shown: tuple[Path, ...]
    version: str


@functools.cache
def node() -> Runtime | None:
    """Return Node, or None where there is none."""
    answer = _ask("node", "-p", "process.execPath + '\\n' + process.version")
    if not answer:
        return None
    path, version = Path(answer[0]).resolve(), answer[1]
    return Runtime((str(path),), (path.parent.parent,) if path.parent.name == "bin" else (path,), version)


@functools.cache
def npm() -> Runtime | None:
    """Return npm, started by Node, or None where there is none."""
    found, started_by = shutil.which("npm"), node()
    answer = _ask("npm", "--version")
    if not (found and started_by and answer):
        return None
    script = Path(found).resolve()
    if script.suffix not in {".js", ".cjs"}:
        return Runtime((str(script),), (script.parent.parent, *started_by.shown), answer[0])
    # …/lib/node_modules/npm/bin/npm-cli.js: its own folder is two above the script.
    return Runtime((*started_by.words, str(script)), (script.parent.parent, *started_by.shown), answer[0])


@functools.cache
def pythons() -> Sequence[Runtime]:
    """Return the Pythons of this machine, the running one first, each version once."""
    minors = range(NEWEST_PYTHON, OLDEST_PYTHON - 1, -1)
    # Version managers keep their Pythons side by side, each in a folder of its own.
    beside = [sorted(Path(sys.base_prefix).parent.glob(f"*/bin/python3.{minor}"))[-1:] for minor in minors]
    names = [*(f"python3.{minor}" for minor in minors), "python3", *(str(path) for paths in beside for path in paths)]
    versions: dict[str, Runtime] = {}
    for name in (sys.executable, *names):
        if found := _python(name):
            versions.setdefault(found.version, found)
    return tuple(versions.values())


def pip() -> Runtime | None:
    """Return the pip of the running Python, else of another one; it installs for any of them."""
    if importlib.util.find_spec("pip"):
        shown = (Path(sys.prefix), Path(sys.base_prefix))
        return Runtime((sys.executable, "-m", "pip"), shown, importlib.metadata.version("pip"))
    for python in pythons():
        if answer := _ask(*python.words, "-m", "pip", "--version"):
            return Runtime((*python.words, "-m", "pip"), python.shown, answer[0])
    return None


def _python(name: str) -> Runtime | None:
    answer = _ask(name, "-c", WHO_IS_PYTHON)
    if not answer:
        return None
    prefix, version = Path(answer[0]), answer[1]
    program = prefix / "bin" / f"python{version}"
    return Runtime((str(program),), (prefix,), version) if program.exists() else None


@functools.cache
def _ask(*command: str) -> Sequence[str]:
    """Return the lines that a program answers; nothing where it is missing, slow or unwilling."""
    program = shutil.which(command[0])
    if program is None:
        return []
    try:
        answer = subprocess.run(  # noqa: S603  # the user's own programs, with fixed arguments
            [program, *command[1:]], capture_output=True, check=True, text=True, timeout=PATIENCE, cwd="/"
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return answer.stdout.strip().splitlines()
