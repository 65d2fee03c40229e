"""Harmless values for the environment variables that a server wants to see before it lists its tools."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import re2

LARGEST_SOURCE = 4 * 1024 * 1024
MOST_VARIABLES = 64
VARIABLE = re2.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
READ = re2.compile(
    r"(?:process\.env\??(?:\.|\[['\"])|environ(?:\.get\(|\[|\.setdefault\()\s*['\"]|getenv\(\s*['\"]|"
    r"Deno\.env\.get\(\s*['\"])([A-Z][A-Z0-9_]{1,80})\b"
)
NOT_OF_THE_SERVER = re2.compile(
    r"^(?:NODE|PYTHON|LD|ERR|UV|PIP|NPM|CI|GITHUB_ACTIONS|XDG|FORCE|NO|OTEL)_|^(?:PATH|HOME|DEBUG|TERM|SHELL|USER|LANG)$"
)
CREDENTIAL = re2.compile(r"(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASS|PAT|CREDENTIALS?|API_?KEY)$")
SETTING = re2.compile(
    r"(?:^|_)(?:URL|URI|ENDPOINT|DSN|CONNECTION_STRING|ID|ORG|ORGANIZATION|PROJECT|ACCOUNT|INSTANCE|SITE|USER|USERNAME|"
    r"EMAIL|WORKSPACE|TEAM|TENANT|DOMAIN|DATABASE)$"
)
DATABASE = "postgresql://user:placeholder@127.0.0.1:9/db"
VALUES = tuple(
    (re2.compile(rf"(?:^|_)(?:{words})$"), value)
    for words, value in (
        (r"(?:DATABASE|POSTGRES[A-Z]*|DB|PG)_(?:URL|URI)|CONNECTION_STRING|DSN", DATABASE),
        (r"URL|URI|ENDPOINT|INSTANCE|SITE", "http://127.0.0.1:9"),
        (r"HOST|SERVER|DOMAIN", "127.0.0.1"),
        (r"PORT", "9"),
        (r"EMAIL", "nobody@example.com"),
        (r"PATH|DIR|DIRECTORY|FOLDER", "/tmp"),  # noqa: S108  # empty, inside the jail
        (r"REGION", "us-east-1"),
        (r"ID|PROJECT|ORG|ORGANIZATION|ACCOUNT|WORKSPACE|TEAM|TENANT|DATABASE|USER|USERNAME|NAME", "placeholder"),
        (r"KEY|TOKEN|SECRET|PASSWORD|PASS|PAT|CREDENTIALS?|API_?KEY", "placeholder"),
    )
)


def placeholder(name: str) -> str | None:
    """Return a harmless value for an environment variable, or None where its name is no setting of a server."""
    if NOT_OF_THE_SERVER.search(name):
        return None
    return next((value for words, value in VALUES if words.search(name)), None)


def complained_about(words: str) -> dict[str, str]:
    """Return placeholders for the environment variables that a server's own words name."""
    return _values(VARIABLE.findall(words))


def variables(sources: Iterable[Path]) -> tuple[str, ...]:
    """Return the environment variables that source files read, sorted."""
    found: set[str] = set()
    for path in sources:
        if path.is_file() and path.stat().st_size <= LARGEST_SOURCE:
            found.update(READ.findall(path.read_text(encoding="utf-8", errors="replace")))
    return tuple(sorted(found))


def credentials(names: Iterable[str]) -> dict[str, str]:
    """Return placeholders for those that are named like a credential."""
    return _values(name for name in names if CREDENTIAL.search(name))


def settings(names: Iterable[str]) -> dict[str, str]:
    """Return placeholders for those that are named like a credential, an address or an account."""
    return _values(name for name in names if CREDENTIAL.search(name) or SETTING.search(name))


def described(values: Mapping[str, str]) -> str:
    """Return the names as a Listing states them."""
    return " ".join(sorted(values))


def _values(names: Iterable[str]) -> dict[str, str]:
    known = {name: placeholder(name) for name in dict.fromkeys(names)}
    return {name: value for name, value in list(known.items())[:MOST_VARIABLES] if value is not None}
