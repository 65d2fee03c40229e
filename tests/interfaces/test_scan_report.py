"""How a scan reads on a terminal."""

from pathlib import Path
from typing import Any

import pytest

from gateway.client import Machine
from interfaces import scan_report
from interfaces.flows.scan import Order, Scan, ScannedFile, ScannedServer, ScannedTool
from toolcensus.records import Finding

ORDER = Order(Machine("linux", Path("/home"), Path("/home/.config")), Path("/srv"))


def tool(name: str, risk: Any, *effects: Any, **more: Any) -> ScannedTool:
    facts = {"category": "Write", "rationale": f"What {name} does.", "conditional": None, "findings": ()}
    return ScannedTool(name=name, risk=risk, effects=effects, **{**facts, **more})


def server(*tools: ScannedTool, **more: Any) -> ScannedServer:
    facts = {
        "client": "Cursor", "name": "one", "file": "/f.json", "where": "/mcpServers/one", "command": "npx one",
        "env_names": (), "package": "pkg:npm/%40scope/one", "url": None, "disabled": False,
        "risk": tools[0].risk if tools else "unknown", "origin": "package", "reads": "pkg:npm/one@1.0.0", "reason": "",
        "unread": 0,
    }  # fmt: skip
    return ScannedServer(tools=tools, **{**facts, **more})


def shown(capsys: pytest.CaptureFixture[str], *servers: ScannedServer, problem: str = "") -> str:
    file = ScannedFile(client="Cursor", path="/f.json", servers=len(servers), problem=problem)
    scan_report.show(Scan(files=(file,), servers=servers), ORDER)
    return capsys.readouterr().out


def test_critical_and_high_tools_are_shown_with_their_reason(capsys: pytest.CaptureFixture[str]) -> None:
    output = shown(capsys, server(tool("wipe", "critical", "destructive"), tool("look", "low")))
    assert "critical  wipe: What wipe does." in output
    assert "What look does." not in output


def test_a_conditional_tool_says_when_it_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert "wipe (only --admin): What" in shown(capsys, server(tool("wipe", "critical", conditional="--admin")))


def test_what_is_seriously_wrong_with_a_definition_is_shown_whatever_the_risk(
    capsys: pytest.CaptureFixture[str],
) -> None:
    injection = Finding("injection", "critical", "description", 0, 9, "orders the model to read a file first")
    output = shown(capsys, server(tool("look", "low", findings=(injection,))))
    assert "injection: orders the model to read a file first" in output


def test_a_server_of_two_clients_is_explained_once(capsys: pytest.CaptureFixture[str]) -> None:
    wipe = tool("wipe", "critical")
    output = shown(capsys, server(wipe), server(wipe, client="VS Code", name="two"))
    assert "one of Cursor, two of VS Code, read from pkg:npm/one@1.0.0" in output
    assert output.count("What wipe does.") == 1


def test_many_grave_tools_are_counted_after_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    output = shown(capsys, server(*(tool(f"wipe{number}", "high") for number in range(13))))
    assert "… and 3 more: toolcensus scan --json" in output


@pytest.mark.parametrize(
    ("effects", "words"),
    [
        (("bulk", "untrusted", "code"), "run code, bring in strangers' text"),
        (("code", "financial", "destructive", "access", "secrets"), "and 1 more"),
        ((), "change records of its own"),
    ],
)
def test_effects_are_said_in_plain_words_gravest_first(effects: tuple[Any, ...], words: str) -> None:
    assert words in scan_report.abilities(server(tool("x", "high", *effects)))


def test_a_server_that_only_reads_says_so() -> None:
    assert scan_report.abilities(server(tool("x", "low", category="Read"))) == "read only"


def test_the_last_line_counts_and_reminds_that_unknown_is_not_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    output = shown(capsys, server(tool("x", "high"), tool("y", "low"), unread=2), server(reads="", reason="remote"))
    assert "2 (+2 unread)  at least high" in output
    assert output.splitlines()[-1] == (
        "2 servers in 1 file, 2 tools; servers by their worst tool: 1 high, 1 unknown, which does not mean harmless."
    )


def test_a_file_that_could_not_be_read_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "not read /f.json: it is no JSON" in shown(capsys, problem="it is no JSON")
