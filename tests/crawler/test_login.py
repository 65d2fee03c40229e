"""What an endpoint says of the login that it wants."""

import asyncio
from typing import Any

import pytest

from crawler.fetch import Fetcher
from crawler.login import login_facts, metadata_url
from crawler.manners import Manners
from crawler.rate import UNBOUNDED

URL = "https://a.example/v1/mcp"


@pytest.mark.parametrize(
    ("challenge", "place"),
    [
        ('Bearer resource_metadata="https://b.example/meta"', "https://b.example/meta"),
        ("Bearer realm=x, resource_metadata=/meta", "https://a.example/meta"),
        ('Bearer resource_metadata="http://[::"', "https://a.example/.well-known/oauth-protected-resource/v1/mcp"),
        ("Bearer", "https://a.example/.well-known/oauth-protected-resource/v1/mcp"),
    ],
)
def test_metadata_stand_where_the_challenge_says_else_at_the_standards_place(challenge: str, place: str) -> None:
    assert metadata_url(URL, challenge) == place


def facts(loopback: Any, challenge: str) -> dict[str, str]:
    async def act() -> dict[str, str]:
        async with Fetcher(Manners(usual=UNBOUNDED, allowed={"127.0.0.1"})) as fetcher:
            return await login_facts(fetcher, loopback.url + "/mcp", challenge)

    return asyncio.run(act())


def test_what_the_metadata_say_is_kept(loopback: Any) -> None:
    place = loopback.serve(
        "/meta",
        b'{"resource":"r","resource_name":"Files","authorization_servers":["https://login.example"],'
        b'"scopes_supported":["read","write"],"jwks_uri":null}',
    )
    challenge = f'Bearer scope="all", resource_metadata="{place}"'
    assert facts(loopback, challenge) == {
        "challenge": challenge,
        "resource_metadata": place,
        "resource_name": "Files",
        "authorization_servers": "https://login.example",
        "scopes": "read write",
    }


def test_metadata_that_cannot_be_had_are_said_only_where_they_were_promised(loopback: Any) -> None:
    assert facts(loopback, 'Bearer scope="all"') == {"challenge": 'Bearer scope="all"', "scopes": "all"}
    promised = facts(loopback, 'Bearer resource_metadata="http://10.0.0.1/meta"')
    assert promised["resource_metadata_failure"].startswith("10.0.0.1 leads to a private address")
    garbage = loopback.serve("/meta", b"<html>")
    assert "resource_metadata_failure" in facts(loopback, f'Bearer resource_metadata="{garbage}"')
