"""npm's and its relatives' ways to run a package by name: npx, npm exec, bunx, pnpm dlx, yarn dlx."""

from gateway import specifier
from gateway.commandline import Grammar, is_path
from gateway.launcher import Launch, Read
from gateway.relay import RUNNERS, relayed

COMMANDS = frozenset({"npx", "npm", "bunx", "pnpm", "pnpx", "yarn"})
SUBCOMMANDS = {"npm": ("exec", "x"), "pnpm": ("dlx",), "yarn": ("dlx",)}
OPTIONS = Grammar(
    valued=(
        *("-p", "--package", "-c", "--call", "--registry", "--userconfig", "--prefix", "-w", "--workspace"),
        *("--allow-build", "--dir", "-C", "--loglevel", "--cache"),
    ),
)


def launch(command: str, words: list[str], read: Read) -> Launch:
    """Tell the package that is run: the one named by `--package`, else the first word."""
    subcommands = SUBCOMMANDS.get(command)
    if subcommands is not None:
        if words[:1] and words[0] not in subcommands:
            return Launch(reason="a script of the project starts it; what that is stands in its package.json")
        words = words[1:]
    parsed = OPTIONS.parse(words)
    if parsed.has("-c", "--call"):
        return Launch(reason="a line for a shell is run; what it starts cannot be told")
    packages = parsed.values("-p", "--package")
    wanted, rest = (parsed.words[0], parsed.words[1:]) if parsed.words else ("", [])
    spec = next((one for one in packages if specifier.name_of(specifier.npm(one)) == wanted), (*packages, wanted)[0])
    if is_path(spec) or not spec:
        return Launch(path=spec) if spec else Launch(reason="the command line names no package")
    found = specifier.npm(spec)
    name = specifier.name_of(found)
    return read(["node", *rest]) if name in RUNNERS else relayed(name, rest) or found
