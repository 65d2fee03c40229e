"""The command line as a whole: what a newcomer sees, and what a mistake costs."""

import re
import shlex
import subprocess
import sys
from typing import Any

import pytest
import typer

from interfaces import commands
from interfaces.main import build
from toolcensus import __version__, shelf

NAMES = [module.NAME for module in shelf.modules(commands)]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from interfaces.main import main; main()"
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


def test_without_an_argument_it_says_what_to_do_first() -> None:
    answer = run()
    assert answer.returncode == 0
    assert "toolcensus scan" in answer.stdout
    assert "toolcensus crawl" in answer.stdout


def test_the_version_is_one_line() -> None:
    assert run("--version").stdout == f"toolcensus {__version__}\n"


def test_an_unknown_command_is_misuse() -> None:
    answer = run("frobnicate")
    assert answer.returncode == 2
    assert "No such command" in answer.stderr


def test_an_error_is_one_line_and_a_next_step() -> None:
    answer = run("query", "--risk", "enormous")
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert answer.stderr.splitlines() == [
        "toolcensus: --risk does not know enormous",
        "  → choose from low, medium, high, critical",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_help_ends_with_an_example_whose_words_the_command_takes(name: str) -> None:
    group: Any = typer.main.get_command(build())  # typer carries a click of its own
    command = group.commands[name]
    text = " ".join((command.help or "").split())
    found = re.search(rf"toolcensus {name}\b[^|]*$", text)
    assert found, f"the help of {name} shows no example"
    words = shlex.split(found[0])[2:]
    command.make_context(name, words).close()
