import pytest

from crawler.sandbox.subcommands import offered

YARGS = """
tool [command]

Commands:
  tool stdio  Start the server using stdio.
  tool http   Start the server using HTTP.
"""
COMMANDER = """
Usage: tool [options] [command]

Commands:
  init               Make a configuration.
  start [options]    Start the MCP server
  help [command]     display help for command
"""
ARGPARSE = "usage: tool [-h] {check,serve,mcp} ...\ntool: error: the following arguments are required: command\n"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (YARGS, ("stdio",)),
        (COMMANDER, ("start",)),
        (ARGPARSE, ("mcp", "serve")),
        ("please run npm install and start again\n  run it again", ()),
        ("TypeError: cannot start server", ()),
    ],
)
def test_only_what_a_usage_text_offers_is_a_subcommand(words: str, found: tuple[str, ...]) -> None:
    assert offered(words) == found
