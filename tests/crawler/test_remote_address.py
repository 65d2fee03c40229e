"""Which remotes anybody can ask."""

import pytest

from crawler.remote_address import needs_its_user, unaskable, without_login


@pytest.mark.parametrize(
    "remote", ["https://a.example/mcp", "http://a.example:8080/x?y=z", "https://a.example/@me/mcp"]
)
def test_plain_address_is_asked(remote: str) -> None:
    assert unaskable(remote) == ""


@pytest.mark.parametrize(
    ("remote", "why"),
    [
        ("https://{tenant}.a.example/mcp", "its address has the blank {tenant}, which only its user can fill in"),
        ("https://a.example/<your-id>/mcp", "its address has the blank <your-id>, which only its user can fill in"),
        ("https://a.example/%7Bid%7D", "its address has the blank %7B, which only its user can fill in"),
        ("https://me:secret@a.example/mcp", "its address holds a login, which is not used"),
    ],
)
def test_address_that_only_its_user_can_complete_is_not(remote: str, why: str) -> None:
    assert (unaskable(remote), needs_its_user(remote)) == (why, why)


@pytest.mark.parametrize("remote", ["stdio", "wss://a.example/mcp", "https://", "http://[::1"])
def test_what_is_no_web_address_needs_nobody(remote: str) -> None:
    assert (unaskable(remote), needs_its_user(remote)) == (f"{remote} is no web address", "")


def test_login_is_taken_out() -> None:
    assert without_login("https://me:secret@a.example/mcp?x=@y") == "https://a.example/mcp?x=@y"
