"""The Python interpreter, and the commands of the Python SDKs that serve a file: `mcp run server.py`."""

from gateway.commandline import Grammar
from gateway.launcher import Launch, Read

SDK = frozenset({"mcp", "fastmcp"})
COMMANDS = frozenset({"python", "py", "pypy"}) | SDK
OPTIONS = Grammar(valued=("-W", "-X", "-m", "-c"), last=("-m", "-c"))


def launch(command: str, words: list[str], read: Read) -> Launch:
    """Tell the file that is run; a module's name does not say which package it comes from."""
    if command in SDK:
        return _served(words)
    parsed = OPTIONS.parse([word for word in words if not word.startswith("-3.")])
    if parsed.has("-c"):
        return Launch(reason="a program is written into the command line itself")
    module = next(iter(parsed.values("-m")), "")
    if module in SDK | {"uv", "pipx"}:
        return read([module, *parsed.words])
    if module:
        return Launch(reason=f"the module `{module[:100]}` is run; which package it comes from is not written here")
    return Launch(path=parsed.words[0]) if parsed.words else Launch(reason="the command line names no file")


def _served(words: list[str]) -> Launch:
    """Tell the file of `run FILE` or `run FILE:OBJECT`."""
    file = next((word for word in words[1:] if ".py" in word and not word.startswith("-")), None)
    if file is None:
        return Launch(reason="the command line names no file to serve")
    return Launch(path=file[: file.index(".py") + len(".py")])
