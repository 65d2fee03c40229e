"""Where on this machine a configured command's script or project is, and which folder its source begins in."""

from pathlib import Path

import re2

from gateway.client import Machine

MANIFESTS = ("package.json", "pyproject.toml", "setup.py")
FARTHEST = 4
"""How many folders above a script its package may begin: `dist/esm/bin/index.js`."""
PROJECT_VARIABLES = ("${workspaceFolder}", "${workspaceRoot}", "${CLAUDE_PROJECT_DIR}", "$CLAUDE_PROJECT_DIR")
HOME_VARIABLES = ("${userHome}", "${HOME}", "$HOME", "%USERPROFILE%", "${env:HOME}")
VARIABLE = re2.compile(r"\$\{|\$[A-Za-z_]|%[A-Za-z_]+%")


def resolve(text: str, machine: Machine, *, folder: str | None, project: Path | None) -> Path | None:
    """Return the absolute path that `text` means; None where that depends on where the client is started.

    `folder` is the working folder that the configuration sets, `project` the project that it belongs to.
    """
    begin = _expanded(folder, machine, project) if folder else None
    path = _expanded(text, machine, project)
    if path is None or path.is_absolute():
        return path
    for base in (begin, project):
        if base is not None and (whole := (project or Path()) / base / path).is_absolute():
            return whole
    return None


def source_of(path: Path, machine: Machine) -> Path | None:
    """Return the folder of the package that a script belongs to, where one is near, else the path; None if missing."""
    if not path.exists():
        return None
    if path.is_dir():
        return path
    for folder in list(path.parents)[:FARTHEST]:
        if folder == machine.home or folder in machine.home.parents:
            break
        if any((folder / manifest).is_file() for manifest in MANIFESTS):
            return folder
    return path


def _expanded(text: str, machine: Machine, project: Path | None) -> Path | None:
    """Replace the variables that clients know; None where one is left."""
    for variable in HOME_VARIABLES:
        text = text.replace(variable, str(machine.home))
    for variable in PROJECT_VARIABLES:
        if variable in text and project is not None:
            text = text.replace(variable, str(project))
    if VARIABLE.search(text):
        return None
    return machine.home / text[2:] if text.startswith(("~/", "~\\")) else Path(text)
