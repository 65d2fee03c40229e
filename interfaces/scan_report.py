"""How a scan reads on a terminal: a line for each server, worst first, then the tools that matter, then what to do."""

from collections import Counter
from collections.abc import Iterable, Iterator

from gateway.discovery import usual_places
from interfaces import terminal
from interfaces.flows.scan import Order, Scan, ScannedServer, ScannedTool
from toolcensus.records import Effect, Finding

PLAIN: dict[Effect, str] = {
    "code": "run code",
    "financial": "move money",
    "destructive": "destroy things",
    "access": "change who may do what",
    "secrets": "touch secrets",
    "infrastructure": "change running systems",
    "physical": "act on the physical world",
    "communicates": "send messages",
    "filesystem": "use local files",
    "personal": "touch data about people",
    "egress": "reach any address",
    "untrusted": "bring in strangers' text",
}
"""What a server with such a tool can do, gravest first; `bulk` says how much, not what."""

NOTHING = """
No MCP server is configured there. Name a configuration or a folder: toolcensus scan PATH
Or read one server's tools without any configuration: toolcensus extract pkg:pypi/mcp-server-git"""

MOST_EFFECTS = 4
MOST_TOOLS = 10
LONGEST_REASON = 300


def show(found: Scan, order: Order, *, verbose: bool = False) -> None:
    """Print a scan; where there is nothing to say about, where it looked and what to do."""
    out = terminal.out()
    if verbose or not found.servers:
        for line in _places(found, order):
            out.print(line, soft_wrap=True)
    if found.servers:
        rows = terminal.table("client", "server", "starts", "tools", "risk", "it can")
        for server in found.servers:
            rows.add_row(*_row(server))
        out.print(rows)
        for servers in _same(found.servers):
            for line in _details(servers):
                out.print(line, soft_wrap=True)
    for file in found.files:
        if file.problem:
            path, problem = terminal.clean(file.path), terminal.clean(file.problem)
            out.print(f"\n[bold red]not read[/] {path}: {problem}", soft_wrap=True)
    out.print(f"\n{summary(found)}" if found.servers else NOTHING, soft_wrap=True)


def _places(found: Scan, order: Order) -> Iterator[str]:
    """Yield where it looked, and what was there."""
    servers = {file.path: _many(file.servers, "server") for file in found.files}
    yield "Looked in:"
    if order.paths:
        listed = [("", str(path)) for path in order.paths] + [(file.client, file.path) for file in found.files]
    else:
        places = usual_places(order.machine, order.folder)
        listed = [(client.NAME, str(place.folder / place.pattern)) for client, place in places]
    for client, path in dict.fromkeys(listed):
        yield f"  {client or 'as you said':<15} {terminal.clean(path)}  [dim]{servers.get(path, '–')}[/]"


def summary(found: Scan) -> str:
    """Say in a line what was found."""
    risks = Counter(server.risk for server in found.servers)
    parts = [f"{count} {risk}" for risk in ("critical", "high", "medium", "low") if (count := risks[risk])]
    if unknown := risks["unknown"]:
        parts.append(f"{unknown} unknown, which does not mean harmless")
    tools = sum(len(server.tools) for server in found.servers)
    files = len([file for file in found.files if file.servers])
    counted = f"{_many(len(found.servers), 'server')} in {_many(files, 'file')}, {_many(tools, 'tool')}"
    return f"{counted}; servers by their worst tool: {', '.join(parts)}." if parts else f"{counted}."


def abilities(server: ScannedServer) -> str:
    """Say in plain words what a server's tools can do, gravest first; where it is unknown, why."""
    if not server.tools:
        return server.reason[:LONGEST_REASON]
    effects = {effect for tool in server.tools for effect in tool.effects}
    words = [text for effect, text in PLAIN.items() if effect in effects]
    more = f" and {len(words) - MOST_EFFECTS} more" if len(words) > MOST_EFFECTS else ""
    if words:
        return ", ".join(words[:MOST_EFFECTS]) + more
    categories = {tool.category for tool in server.tools}
    return "read only" if categories == {"Read"} else "change records of its own"


def _row(server: ScannedServer) -> tuple[str, ...]:
    more = f" (+{server.unread} unread)" if server.unread else ""
    package = (server.package or "").removeprefix("pkg:").partition("?")[0].replace("%40", "@")
    starts = package or server.url or server.command
    name = terminal.clean(server.name) + (" [dim](off)[/]" if server.disabled else "")
    risk = "[bold magenta]unknown[/]" if server.risk == "unknown" else terminal.risk(server.risk)
    # What could not be read may be worse than what could.
    risk = f"at least {risk}" if server.unread and server.tools and server.risk != "critical" else risk
    tools = f"{len(server.tools)}{more}" if server.tools else "–"
    return (server.client, name, terminal.clean(starts[:80]), tools, risk, terminal.clean(abilities(server)))


def _same(servers: Iterable[ScannedServer]) -> Iterable[list[ScannedServer]]:
    """Group servers whose tools were read from the same place, since several clients may start the same one."""
    groups: dict[tuple[str, str], list[ScannedServer]] = {}
    for server in servers:
        groups.setdefault((server.reads, "" if server.reads else server.where + server.file), []).append(server)
    return groups.values()


def _details(servers: list[ScannedServer]) -> Iterator[str]:
    """Yield the lines about one server's critical and high tools, and about what is wrong with definitions."""
    grave = [tool for tool in servers[0].tools if tool.risk in {"critical", "high"} or _serious(tool)]
    if not grave:
        return
    where = ", ".join(f"{server.name} of {server.client}" for server in servers)
    note = f" [dim]({terminal.clean(servers[0].reason)})[/]" if servers[0].reason else ""
    yield f"\n[bold]{terminal.clean(where)}[/], read from {terminal.clean(servers[0].reads)}{note}"
    for tool in grave[:MOST_TOOLS]:
        under = f" [dim](only {terminal.clean(tool.conditional)})[/]" if tool.conditional else ""
        name, why = terminal.clean(tool.name), terminal.clean(tool.rationale)
        yield f"  {terminal.risk(tool.risk)}  [bold]{name}[/]{under}: {why}"
        for finding in _serious(tool):
            yield f"      [bold red]{finding.kind}[/]: {terminal.clean(finding.message)}"
    if len(grave) > MOST_TOOLS:
        yield f"  … and {len(grave) - MOST_TOOLS} more: toolcensus scan --json"


def _serious(tool: ScannedTool) -> list[Finding]:
    return [finding for finding in tool.findings if finding.severity in {"critical", "high"}]


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
