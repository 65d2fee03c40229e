"""No secret of a configuration reaches a screen: values are masked, names stay."""

import pytest

from gateway.masking import mask_arguments, mask_url

RANDOM = "Zk3v9Qp1Xw7Lm2Ra"


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("--token abc", "--token ***"),
        ("--api-key=abc", "--api-key=***"),
        ("--accessToken abc", "--accessToken ***"),
        ("API_KEY=abc", "API_KEY=***"),
        ("docker run -e name=abc -e TOKEN image", "docker run -e name=*** -e TOKEN image"),
        ("--header Authorization:abc", "--header Authorization:***"),
        ("X-Api-Key:abc", "X-Api-Key:***"),
        ('{"apiKey":"abc"}', "***"),
        ("postgresql://user:abc@host:5432/db", "postgresql://***@host:5432/db"),
        ("--url=https://host/path?key=abc", "--url=https://host/path?key=***"),
        ("--dsn=https://abc@host/1", "--dsn=***"),
        ("ghp_" + "a1B2" * 9, "***"),
        ("sk-proj-" + RANDOM, "***"),
        (RANDOM, "***"),
        ("0123456789abcdef0123456789abcdef", "***"),
        ("12345678-1234-1234-1234-123456789abc", "***"),
        ("--config=" + RANDOM, "--config=***"),
    ],
)
def test_a_secret_is_masked(line: str, masked: str) -> None:
    assert " ".join(mask_arguments(line.split())) == masked


@pytest.mark.parametrize(
    "line",
    [
        "npx -y @scope/name@1.2.3",
        "uvx --from pypi-query-mcp-server==1.0.123 command",
        "uvx name==1.2.3",
        "npx hf-mcp-server secret-manager-mcp",
        "--max-tokens 100 --monkey business --verbose",
        "--use-key --verbose",
        "/Users/somebody/Library/Application/dist2/index.js",
        "C:\\Users\\somebody\\server.py",
        "image@sha256:" + "0a" * 32,
        "--allow-net=example.org",
    ],
)
def test_what_is_no_secret_stays_readable(line: str) -> None:
    assert " ".join(mask_arguments(line.split())) == line


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("https://mcp.example.org/mcp", "https://mcp.example.org/mcp"),
        ("http://localhost:8080/sse", "http://localhost:8080/sse"),
        ("https://user:abc@host/mcp?token=abc&flag#abc", "https://***@host/mcp?token=***&***"),
        (f"https://host/s/{RANDOM}/mcp", "https://host/s/***/mcp"),
        ("http://[::1]:80/mcp", "http://[::1]:80/mcp"),
        ("http://[broken", "***"),
        ("http://host:port/mcp", "***"),
    ],
)
def test_a_url_keeps_its_address_and_loses_its_secrets(url: str, masked: str) -> None:
    assert mask_url(url) == masked
