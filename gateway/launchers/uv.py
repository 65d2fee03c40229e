"""uv: `uvx name`, `uv tool run name` and `uv run`, which takes a script, a module or a command."""

from gateway import specifier
from gateway.commandline import SCRIPTS, Grammar, Parsed, is_path, program
from gateway.launcher import Launch, Read
from gateway.launchers.python import SDK
from gateway.relay import relayed

COMMANDS = frozenset({"uv", "uvx"})
OPTIONS = Grammar(
    valued=(
        *("--with", "--with-editable", "--with-requirements", "--from", "-p", "--python", "--index", "--index-url"),
        *("-i", "--default-index", "--extra-index-url", "--find-links", "-f", "--directory", "--project", "--env-file"),
        *("--extra", "--group", "--prerelease", "--resolution", "--exclude-newer", "--refresh-package", "-P", "-w"),
        *("--upgrade-package", "--constraint", "-c", "--constraints", "--overrides", "--cache-dir", "--config-file"),
        *("--color", "--link-mode", "--package", "--index-strategy", "--keyring-provider", "--python-preference"),
    ),
    last=("-m", "--module"),
)
FOLDERS = ("--directory", "--project")


def launch(command: str, words: list[str], read: Read) -> Launch:
    """Tell the package, script or project that is run."""
    if command == "uvx":
        return _tool(OPTIONS.parse(words), read)
    before = OPTIONS.parse(words)
    if before.words[:2] == ["tool", "run"]:
        return _tool(OPTIONS.parse(before.words[2:]), read)
    if before.words[:1] != ["run"]:
        return Launch(reason="uv is started, but not to run a package or a script")
    parsed = OPTIONS.parse(before.words[1:])
    folders = before.values(*FOLDERS) + parsed.values(*FOLDERS)
    return _run(parsed, folders[0] if folders else "", read)


def _tool(parsed: Parsed, read: Read) -> Launch:
    """Tell the package of `uvx name` or `uvx --from package command`."""
    wanted = parsed.words[0] if parsed.words else ""
    sources = parsed.values("--from")
    if specifier.name_of(specifier.pypi(wanted)) in SDK and "run" in parsed.words:
        return read([specifier.name_of(specifier.pypi(wanted)), *parsed.words[1:]])
    spec = sources[0] if sources else wanted
    if is_path(spec) or not spec:
        return Launch(path=spec) if spec else Launch(reason="the command line names no package")
    found = specifier.pypi(spec)
    return relayed(specifier.name_of(found), parsed.words[1:]) or found


def _run(parsed: Parsed, folder: str, read: Read) -> Launch:
    """Tell a script, a command of a package given by `--with`, or a command or module of the project's own."""
    if parsed.has("-m", "--module") or not parsed.words:
        return Launch(path=folder) if folder else Launch(reason="a module is run; its package is not written here")
    command = parsed.words[0]
    if command in SDK or command.endswith(SCRIPTS) or program(command) == "python":
        return _inside(folder, read(["python", *parsed.words] if command.endswith(SCRIPTS) else parsed.words))
    added = [specifier.pypi(one) for text in parsed.values("--with") for one in text.split(",")]
    named = [one for one in added if specifier.name_of(one) == command.lower().replace("_", "-")]
    others = [one for one in added if specifier.name_of(one) not in SDK]
    if named or len(others) == 1:
        return (named or others)[0]
    return Launch(path=folder or ".")


def _inside(folder: str, launched: Launch) -> Launch:
    """Put a relative path into the folder that `--directory` names; a module of that folder is the folder."""
    if not folder or (launched.path and is_path(launched.path)):
        return launched
    return Launch(path=f"{folder.rstrip('/')}/{launched.path}" if launched.path else folder)
