"""Remotes, however they are written."""

import pytest

from crawler.remote import endpoint, host_of, identifies, normal_remote


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("https://MCP.acme.example:443/Mcp/", "https://mcp.acme.example/Mcp"),
        ("http://mcp.acme.example", "https://mcp.acme.example"),
        ("https://mcp.acme.example/sse?utm_source=list&team=a#top", "https://mcp.acme.example/sse?team=a"),
        ("https://user:word@mcp.acme.example:8443//a", "https://mcp.acme.example:8443/a"),
        ("https://mcp.acme.example/{tenant}/mcp?api_key={key}&x={y}", "https://mcp.acme.example/{tenant}/mcp"),
        ("ftp://mcp.acme.example/", None),
        ("https://mcp.acme.example:port/", None),
        ("stdio", None),
        ("https://mcp.acme.example/" + "a" * 3_000, None),
    ],
)
def test_one_endpoint_has_one_spelling(written: str, spelt: str | None) -> None:
    assert normal_remote(written) == spelt


@pytest.mark.parametrize(
    ("remote", "shared"),
    [
        ("https://mcp.acme.example/mcp", True),
        ("https://8.8.8.8/mcp", True),
        ("https://localhost:3000/mcp", False),
        ("https://192.168.0.7/mcp", False),
        ("https://[::1]/mcp", False),
        ("https://host.docker.internal/mcp", False),
        ("https://{tenant}.acme.example/mcp", False),
        ("https://your-domain.net/mcp", False),
        ("https://www.example.com/mcp", False),
    ],
)
def test_an_address_on_everybodys_own_machine_identifies_nothing(remote: str, shared: bool) -> None:
    assert identifies(remote) is shared


def test_the_transport_is_no_part_of_the_endpoint_and_the_port_is_part_of_the_host() -> None:
    assert endpoint("https://acme.example/a/sse") == endpoint("https://acme.example/a/mcp") == "https://acme.example/a"
    assert host_of("https://acme.example:8443/a?b") == "acme.example:8443"
