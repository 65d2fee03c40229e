"""What an address in a catalogue is."""

import pytest

from crawler.addresses import Address, read_address


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://github.com/ada/kite/tree/main/src", Address(repository="https://github.com/ada/kite/tree/main/src")),
        ("https://github.com/ada/kite/issues?q=open", Address()),
        (
            "https://github.com/ada/kite/blob/main/docs/fish.md",
            Address(website="https://github.com/ada/kite/blob/main/docs/fish.md"),
        ),
        (
            "https://github.com/ada/kite/blob/main/src/README.md",
            Address(repository="https://github.com/ada/kite/blob/main/src/README.md"),
        ),
        ("https://kite.org/v1/mcp", Address(remotes=("https://kite.org/v1/mcp",))),
        ("https://kite.org/sse/", Address(remotes=("https://kite.org/sse/",))),
        ("https://kite.org/docs/mcp-server", Address(website="https://kite.org/docs/mcp-server")),
        ("#kites", Address()),
        ("javascript:alert(1)", Address()),
        ("https://[kite", Address()),
        (None, Address()),
    ],
)
def test_address_is_told_by_its_forge_and_its_end(url: str | None, address: Address) -> None:
    assert read_address(url) == address


def test_address_that_its_source_calls_an_endpoint_is_one() -> None:
    assert read_address("https://kite.org", is_endpoint=True) == Address(remotes=("https://kite.org",))
