import pytest

from crawler.sandbox.commands import likeliest


@pytest.mark.parametrize(
    ("name", "commands", "chosen"),
    [
        ("mcp-files", ["helper", "mcp_files"], "mcp_files"),
        ("files", ["files-admin", "run-mcp-server", "x"], "run-mcp-server"),
        ("files", ["longer-name", "short"], "short"),
    ],
)
def test_the_server_is_chosen_among_the_commands(name: str, commands: list[str], chosen: str) -> None:
    assert likeliest(name, commands) == chosen
