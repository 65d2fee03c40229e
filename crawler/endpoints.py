"""Where each service is asked: at its own address, or where an endpoints file says (TOML, `service = "base URL"`)."""

import tomllib
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from toolcensus.errors import InputError

SERVICES: Final = (
    *("official", "github-mcp", "pulsemcp", "glama", "smithery", "smithery-site", "mcpso", "mcpservers"),
    *("npm", "pypi", "github-api", "github-raw", "codeload", "cline"),
)


def read_endpoints(document: bytes) -> dict[str, str]:
    """Read an endpoints file into service → base URL; raise InputError that names the service which is wrong."""
    try:
        entries = tomllib.loads(document.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            f"the endpoints file is no TOML: {error}", advice='write lines such as glama = "https://…"'
        ) from error
    return {service: _base(service, url) for service, url in entries.items()}


def bases(services: Mapping[str, str], elsewhere: Mapping[str, str]) -> dict[str, str]:
    """Return the base URL of each service of a source, as the endpoints file has it, or its own."""
    return {service: elsewhere.get(service, own) for service, own in services.items()}


def _base(service: str, url: object) -> str:
    if service not in SERVICES:
        raise InputError(
            f"the endpoints file names {service[:80]!r}, which is no service", advice=f"services: {' '.join(SERVICES)}"
        )
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise InputError(
            f"the endpoints file gives {service} no http(s) base URL", advice=f'write {service} = "https://…"'
        )
    return str(url).rstrip("/")
