"""Addresses of remote servers brought to one spelling, so that two sources that name one endpoint are seen to."""

import ipaddress
import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

MAX_LENGTH = 2_000
SCHEMES = {"http", "https", "ws", "wss"}
DEFAULT_PORTS = {80, 443}
ABOUT_THE_VISITOR = re.compile(
    r"(?i)utm_\w+|ref|ref_src|referrer|source|fbclid|gclid|mc_\w+|api[_-]?key|key|token|access_token|auth|secret|profile"
)
"""Query parameters that say who asks or where he came from, not which server answers."""
PLACEHOLDER = re.compile(r"[{}<>$]|%7B|(?i:your[-_]|example\.(?:com|org|net)$)")
NEARBY = re.compile(r"(?i)localhost|(?:.*\.)?(?:local|localhost|internal|lan|home\.arpa)|host\.docker\.internal")
TRANSPORT = re.compile(r"/(?:mcp|sse|http|stream|messages?)$")
UNRESERVED = "!$&'()*+,;=:@-._~{}"


def normal_remote(text: str) -> str | None:
    """Return the one spelling of a remote's URL, None where it is no address at all.

    https stands for http too; gone are user names, default ports, trailing slashes, fragments, and those parameters
    that say who asks. Path and query keep their case.
    """
    if len(text) > MAX_LENGTH:
        return None
    try:
        parts = urlsplit(text.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in SCHEMES or not host:
        return None
    if ":" in host:
        host = f"[{host}]"
    where = host if port is None or port in DEFAULT_PORTS else f"{host}:{port}"
    path = quote(unquote(re.sub(r"/{2,}", "/", parts.path)).rstrip("/"), safe=f"/{UNRESERVED}")
    asked = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if _tells(name, value)]
    return f"https://{where}{path}{'?' + urlencode(sorted(asked)) if asked else ''}"


def identifies(remote: str) -> bool:
    """Whether a remote, as `normal_remote` spells it, is one place for all: no template, no machine of one's own."""
    host = urlsplit(remote).hostname or ""
    if PLACEHOLDER.search(host) or NEARBY.fullmatch(host):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host


def endpoint(remote: str) -> str:
    """Return a remote without the last segment that only names the transport: `/mcp` and `/sse` are one endpoint."""
    return TRANSPORT.sub("", remote)


def host_of(remote: str) -> str:
    """Return the host and port of a remote as `normal_remote` spells it."""
    return remote.removeprefix("https://").partition("/")[0].partition("?")[0]


def _tells(name: str, value: str) -> bool:
    return not ABOUT_THE_VISITOR.fullmatch(name) and not PLACEHOLDER.search(value)
