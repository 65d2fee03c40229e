"""Tools that run a command inside a Python project: poetry, pdm, hatch, rye, pipenv."""

from gateway.commandline import SCRIPTS, Grammar, is_path, program
from gateway.launcher import Launch, Read

COMMANDS = frozenset({"poetry", "pdm", "hatch", "rye", "pipenv"})
FOLDERS = ("-C", "--directory", "-P", "--project", "-p")
OPTIONS = Grammar(valued=(*FOLDERS, "-e", "--env"))


def launch(command: str, words: list[str], read: Read) -> Launch:
    """Tell the script that is run, else the project itself."""
    before = OPTIONS.parse(words)
    if before.words[:1] != ["run"]:
        return Launch(reason=f"{command} is started, but not to run a script")
    parsed = OPTIONS.parse(before.words[1:])
    folder = next(iter(before.values(*FOLDERS) + parsed.values(*FOLDERS)), "")
    first = parsed.words[0] if parsed.words else ""
    if program(first) == "python" or first.endswith(SCRIPTS):
        found = read(parsed.words)
        if found.path and folder and not is_path(found.path):
            return Launch(path=f"{folder.rstrip('/')}/{found.path}")
        return found if found.path else Launch(path=folder or ".")
    return Launch(path=folder or ".")
