"""Placeholders: only where a server exits for want of a variable or lists nothing, and the listing names them."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
