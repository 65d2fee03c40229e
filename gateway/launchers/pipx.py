"""pipx: `pipx run name`, `pipx run --spec package command`."""

from gateway import specifier
from gateway.commandline import Grammar, is_path
from gateway.launcher import Launch, Read
from gateway.relay import relayed

COMMANDS = frozenset({"pipx"})
OPTIONS = Grammar(valued=("--spec", "--python", "--pip-args", "--index-url", "-i", "--with"))


def launch(command: str, words: list[str], read: Read) -> Launch:  # noqa: ARG001 (the contract; it starts no launcher)
    """Tell the package that is run."""
    if words[:1] != ["run"]:
        return Launch(reason=f"{command} is started, but not to run a package")
    parsed = OPTIONS.parse(words[1:])
    spec = next(iter([*parsed.values("--spec"), *parsed.words]), "")
    if is_path(spec) or not spec:
        return Launch(path=spec) if spec else Launch(reason="the command line names no package")
    found = specifier.pypi(spec)
    return relayed(specifier.name_of(found), parsed.words[1:]) or found
