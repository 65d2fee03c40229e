"""Placeholders: only where a server exits for want of a variable or lists nothing, and the listing names them."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.sandbox import runtimes
from crawler.sandbox.attempts import list_launch
from crawler.sandbox.conversation import Heard
from crawler.sandbox.launch import Launch
from crawler.sandbox.limits import Limits

Start = Callable[..., Heard]


def test_a_server_that_lists_without_a_variable_is_given_none(listed: Start) -> None:
    heard = listed("""
key = os.environ.get("WEATHER_API_KEY")
serve(lambda params: {"tools": [TOOL]} if key is None else {"tools": []})
""")
    assert [tool.name for tool in heard.tools] == ["peek"]
    assert "placeholders" not in heard.facts


def test_a_server_that_exits_for_want_of_a_key_is_given_a_placeholder(listed: Start) -> None:
    heard = listed("""
if not os.environ.get("WEATHER_API_KEY"):
    raise SystemExit("Error: WEATHER_API_KEY is not set")
serve()
""")
    assert heard.outcome == "listed"
    assert heard.facts["placeholders"] == "WEATHER_API_KEY"


def test_a_server_that_lists_nothing_without_a_key_is_asked_with_one(listed: Start) -> None:
    heard = listed("""
allowed = os.getenv("STORE_TOKEN")
serve(lambda params: {"tools": [{**TOOL, "name": f"t{n}"} for n in range(3)] if allowed else []})
""")
    assert len(heard.tools) == 3
    assert heard.facts["placeholders"] == "STORE_TOKEN"


def test_complaints_are_followed_one_after_the_other(listed: Start) -> None:
    heard = listed("""
for name in ("CRM_USER", "CRM_BASE_URL", "CRM_PROJECT"):
    if name not in os.environ:
        raise SystemExit(f"{name} must be set")
serve()
""")
    assert heard.outcome == "listed"
    assert heard.facts["placeholders"] == "CRM_BASE_URL CRM_PROJECT CRM_USER"


def test_what_stops_it_once_it_has_its_key_is_the_reason(listed: Start) -> None:
    heard = listed("""
if not os.environ.get("BANK_API_KEY"):
    raise SystemExit("BANK_API_KEY is missing")
import a_module_that_is_gone
""")
    assert (heard.outcome, heard.reason) == ("crashed", "ModuleNotFoundError: No module named 'a_module_that_is_gone'")
    assert heard.facts["placeholders"] == "BANK_API_KEY"


def test_a_server_that_no_placeholder_satisfies_needs_credentials(listed: Start) -> None:
    heard = listed("""
if not os.environ.get("BANK_API_KEY", "").startswith("bk_live_"):
    raise SystemExit("Fatal: BANK_API_KEY is missing or invalid")
serve()
""")
    assert (heard.outcome, heard.reason, heard.tools) == (
        "needs-credentials",
        "Fatal: BANK_API_KEY is missing or invalid",
        (),
    )


def test_a_native_module_that_no_script_has_built_gets_a_stand_in(package: Callable[[str], Launch]) -> None:
    launch = package("""
home = "/package/node_modules/keyring"
if "scripts" in json.load(open(home + "/package.json")):
    raise SystemExit(f"Cannot find module '../build/Release/keyring.node', required by {home}/lib/keyring.js")
serve()
""")
    home = launch.folder / "node_modules" / "keyring"
    home.mkdir(parents=True)
    (home / "package.json").write_text(json.dumps({"scripts": {"install": "node-gyp rebuild"}}))
    heard = asyncio.run(list_launch(launch, Limits(seconds=5)))
    assert heard.outcome == "listed"
    assert heard.facts["stand_ins"] == "keyring"


def test_a_subcommand_that_its_usage_offers_is_tried_and_said(listed: Start) -> None:
    heard = listed("""
if len(sys.argv) < 3:
    name = ["server", "stdio"][len(sys.argv) - 1]
    raise SystemExit(f"Commands:\\n  tool {name}  Start the server.\\n\\nNot enough arguments")
if "SHOP_TOKEN" not in os.environ:
    raise SystemExit("SHOP_TOKEN is not set")
serve()
""")
    assert heard.outcome == "listed"
    assert (heard.facts["subcommand"], heard.facts["placeholders"]) == ("server stdio", "SHOP_TOKEN")


@pytest.mark.parametrize(
    ("condition", "by"),
    [
        ('"--stdio" in sys.argv', "--stdio"),
        ('sys.argv[1:] == ["--transport", "stdio"]', "--transport stdio"),
        ('os.environ.get("MCP_TRANSPORT") == "stdio"', "MCP_TRANSPORT"),
    ],
)
def test_a_server_that_opens_a_port_is_asked_to_speak_over_stdio(listed: Start, condition: str, by: str) -> None:
    heard = listed(
        f"""
if not ({condition}):
    print("Listening on http://0.0.0.0:3000/mcp", file=sys.stderr, flush=True)
    __import__("time").sleep(60)
serve()
""",
        seconds=1,
    )
    assert (heard.outcome, heard.facts["stdio_by"]) == ("listed", by)


def test_a_server_that_only_opens_a_port_is_timed_out_and_says_so(listed: Start) -> None:
    heard = listed(
        "sys.stderr.write('Listening on port 80')\nsys.stderr.flush()\n__import__('time').sleep(60)", seconds=0.6
    )
    assert (heard.outcome, heard.reason) == ("timed-out", "no answer within 0.6 seconds; Listening on port 80")


def test_all_attempts_with_one_package_are_bounded_in_time(listed: Start) -> None:
    heard = listed(
        "import time\ntime.sleep(0.2)\nraise SystemExit(f'A_KEY{os.getpid()} is missing')", package_seconds=0
    )
    assert heard.outcome in {"crashed", "needs-credentials"}
    assert heard.seconds < 2


def test_an_interpreter_of_a_version_manager_is_shown_and_its_neighbours_are_not(
    package: Callable[[str], Launch], tmp_path: Path
) -> None:
    python: Any = runtimes.pythons()[0]
    beside = tmp_path / "beside.txt"
    beside.write_text("private")
    launch = package(f"tell(found=os.path.exists({str(beside)!r}))")
    heard = asyncio.run(list_launch(launch, Limits(seconds=5)))
    assert json.loads(heard.tools[0].description or "") == {"found": False}
    assert python.words[0] == launch.command[0]
