"""Runtimes for JavaScript and TypeScript that are given a file, or a package by `npm:`."""

from gateway import specifier
from gateway.commandline import Grammar
from gateway.launcher import Launch, Read

COMMANDS = frozenset({"node", "deno", "bun", "tsx", "ts-node", "nodemon"})
EVALUATES = ("-e", "--eval", "-p", "--print")
OPTIONS = Grammar(
    valued=(
        *("-r", "--require", "--import", "--loader", "--experimental-loader", "-c", "--config"),
        *("--import-map", "--cwd"),
    ),
    last=EVALUATES,
)


def launch(command: str, words: list[str], read: Read) -> Launch:
    """Tell the file that is run."""
    if command == "bun" and words[:1] == ["x"]:
        return read(["bunx", *words[1:]])
    parsed = OPTIONS.parse(words)
    if command in {"bun", "deno", "tsx"} and parsed.words[:1] and parsed.words[0] in {"run", "watch"}:
        parsed = OPTIONS.parse(parsed.words[1:])
    if parsed.has(*EVALUATES):
        return Launch(reason="a program is written into the command line itself")
    if not parsed.words:
        return Launch(reason="the command line names no file")
    file = parsed.words[0]
    if "://" in file:
        return Launch(reason="a script is fetched from an address when it is started")
    return specifier.npm(file) if file.startswith("npm:") else Launch(path=file.removeprefix("file:"))
