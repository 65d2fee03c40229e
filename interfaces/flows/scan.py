"""Scan: which servers the clients on this machine are configured to start, and what those can do, worst first.

Nothing is started and no server is asked; of a configuration, only the name and version of a package leave the machine.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import sqlalchemy

from classifier.findings import find
from classifier.label import label
from gateway import discovery, launch, local
from gateway.client import ConfiguredServer, Machine
from gateway.discovery import Configuration
from gateway.launcher import Launch
from interfaces.flows.tool_list import Origin, Sources, ToolList, Watch, tool_lists
from toolcensus.records import RISKS, Category, Effect, Finding, Record, Risk, Tool

Standing = Literal["critical", "high", "unknown", "medium", "low"]
STANDINGS: tuple[Standing, ...] = ("critical", "high", "unknown", "medium", "low")
"""Worst first; what is unknown may be anything, so it stands above what is known to be moderate."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: paths to look in (none means the usual places), and whether packages may be fetched."""

    machine: Machine
    folder: Path
    paths: tuple[Path, ...] = ()
    fetch: bool = True


class ScannedTool(Record, frozen=True, omit_defaults=False):
    """A tool and what it can do; `conditional` where it is there under an option only."""

    name: str
    category: Category
    risk: Risk
    effects: tuple[Effect, ...]
    rationale: str
    conditional: str | None
    findings: tuple[Finding, ...]


class ScannedServer(Record, frozen=True, omit_defaults=False):
    """A configured server and its tools, worst first; `risk` is unknown where it has none, and `reason` says why.

    `command` is masked; `reads` is what the tools were read from, a purl, a path or a server's key.
    """

    client: str
    name: str
    file: str
    where: str
    command: str
    env_names: tuple[str, ...]
    package: str | None
    url: str | None
    disabled: bool
    risk: Standing
    origin: Origin | None
    reads: str
    reason: str
    unread: int
    tools: tuple[ScannedTool, ...]


class ScannedFile(Record, frozen=True, omit_defaults=False):
    """A configuration that was found; `problem` says why it could not be read."""

    client: str
    path: str
    servers: int
    problem: str


class Scan(Record, frozen=True, omit_defaults=False):
    """What was found: files, and servers from the worst to the best."""

    files: tuple[ScannedFile, ...]
    servers: tuple[ScannedServer, ...]


async def scan(
    order: Order, index: sqlalchemy.Connection | None, at: str, watch: Watch = lambda _done, _all: None
) -> Scan:
    """Find configurations, tell what each server starts, list and label its tools; raise InputError for a bad path."""
    found = _configurations(order)
    configured = [(file, server) for file in found for server in file.servers]
    launches = [_launch(file, server, order.machine) for file, server in configured]
    lists = await tool_lists(launches, Sources(order.machine, index, order.fetch), at, watch)
    judged = {launched: _judge(launched, listed) for launched, listed in lists.items()}
    servers = [
        _server(file, server, launched, lists[launched], judged[launched])
        for (file, server), launched in zip(configured, launches, strict=True)
    ]
    return Scan(
        files=tuple(ScannedFile(one.client, str(one.path), len(one.servers), one.problem) for one in found),
        servers=tuple(sorted(servers, key=lambda one: (STANDINGS.index(one.risk), one.client, one.name, one.file))),
    )


def reaches(found: Scan, risk: Risk) -> bool:
    """Say whether anything is at or above a risk, or may be, since it is unknown or its file could not be read."""
    named = {*RISKS[RISKS.index(risk) :], "unknown"}
    return any(one.problem for one in found.files) or any(one.risk in named for one in found.servers)


def _configurations(order: Order) -> tuple[Configuration, ...]:
    if order.paths:
        return discovery.find_in(order.paths, order.machine)
    return discovery.find(order.machine, order.folder)


def _launch(file: Configuration, server: ConfiguredServer, machine: Machine) -> Launch:
    """Tell what a server's entry starts, a local path made absolute."""
    if server.command is None:
        nothing = "its configuration has neither a command nor a URL"
        return Launch(url=server.url) if server.url else Launch(reason=nothing)
    told = launch.read(server.command, server.args)
    if told.path is None:
        return told
    project = Path(server.project) if server.project else file.folder
    path = local.resolve(told.path, machine, folder=server.folder, project=project)
    if path is None:
        return Launch(reason=f"where `{told.path[:200]}` is depends on where its client is started")
    return Launch(path=str(path))


def _judge(launched: Launch, listed: ToolList) -> tuple[ScannedTool, ...]:
    """Label every tool of a list, worst first."""
    key = listed.subject or launched.purl or launched.url
    tools = [_tool(tool, key) for tool in listed.tools]
    return tuple(sorted(tools, key=lambda one: (-RISKS.index(one.risk), one.name)))


def _tool(tool: Tool, server: str | None) -> ScannedTool:
    judged = label(tool)
    return ScannedTool(
        name=tool.name,
        category=judged.category,
        risk=judged.risk,
        effects=judged.effects,
        rationale=judged.rationale,
        conditional=tool.conditional,
        findings=find(tool, judged, server),
    )


def _server(
    file: Configuration, server: ConfiguredServer, launched: Launch, listed: ToolList, tools: tuple[ScannedTool, ...]
) -> ScannedServer:
    return ScannedServer(
        client=file.client,
        name=server.name,
        file=str(file.path),
        where=server.where,
        command=" ".join([server.command or "", *server.args]).strip(),
        env_names=server.env_names,
        package=launched.purl,
        url=server.url or launched.url,
        disabled=server.disabled,
        risk=tools[0].risk if tools else "unknown",
        origin=listed.origin,
        reads=listed.subject,
        reason=listed.reason,
        unread=listed.unread,
        tools=tools,
    )
