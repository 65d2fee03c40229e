"""Which subcommand starts the server, where a command only prints its usage: what its own help offers, and no guess."""

import re2

USUAL = ("stdio", "mcp", "mcp-server", "serve", "server", "start", "run")
"""Names under which command lines start servers, the most telling first."""
OFFERED = re2.compile(
    rf"(?m)^\s{{1,8}}(?:[\w./-]+\s+)?({'|'.join(USUAL)})(?:\s*$|\s{{2,}}|\s+[\[<]|\s+[A-Z])"
    r"|\{([\w-]+(?:,[\w-]+)+)\}"
)
"""A line in a list of commands, or the choices of argparse: `usage: tool [-h] {serve,check} ...`."""
MOST = 2


def offered(words: str) -> tuple[str, ...]:
    """Return the usual subcommands that a usage text offers, the most telling first."""
    found: set[str] = set()
    for alone, several in OFFERED.findall(words):
        found.update([alone] if alone else several.split(","))
    return tuple(name for name in USUAL if name in found)[:MOST]
