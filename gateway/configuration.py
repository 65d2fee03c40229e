"""What the configurations of MCP clients share: an object of servers by name, each a command or a URL."""

import tomllib
from collections.abc import Iterator
from typing import Any, Literal

from gateway import jsonc
from gateway.client import ConfiguredServer
from gateway.masking import mask_arguments, mask_url
from toolcensus.errors import InputError, LimitError

MOST_SERVERS = 1_000
MOST_ARGUMENTS = 1_000
LONGEST_TEXT = 20_000
URL_KEYS = ("url", "serverUrl", "httpUrl")
FOLDER_KEYS = ("cwd", "workingDirectory")


def read_json(document: bytes) -> dict[str, Any]:
    """Read a JSON configuration, comments and trailing commas allowed; an empty file is an empty configuration."""
    return _object(jsonc.loads(document) if document.strip() else {}, "the document")


def read_toml(document: bytes) -> dict[str, Any]:
    """Read a TOML configuration."""
    if len(document) > jsonc.LARGEST_DOCUMENT:
        raise LimitError(f"it has {len(document):,} bytes", advice=f"at most {jsonc.LARGEST_DOCUMENT:,} bytes are read")
    try:
        return tomllib.loads(document.decode("utf-8-sig"))
    except RecursionError:
        raise LimitError("it is nested too deeply") from None
    except ValueError as error:
        raise InputError(f"it is no TOML: {error}") from None


def servers_at(configuration: Any, *keys: str, project: str | None = None) -> tuple[ConfiguredServer, ...]:
    """Return the servers under `keys` of a configuration, sorted by name; none where the keys are not there."""
    held: Any = configuration
    for key in keys:
        held = _object(held, key).get(key)
        if held is None:
            return ()
    where = "".join(f"/{_escaped(key)}" for key in ((("projects", project) if project is not None else ()) + keys))
    entries = _object(held, where)
    if len(entries) > MOST_SERVERS:
        raise LimitError(f"{where} names {len(entries):,} servers", advice=f"at most {MOST_SERVERS:,} are read")
    return tuple(_server(name, entries[name], where, project) for name in sorted(entries))


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{where} is no object", advice="look at the file, or leave it out")
    return value


def _server(name: str, entry: Any, where: str, project: str | None) -> ConfiguredServer:
    """Read one server; what is not as expected is left out, so that the server is unknown, not unseen."""
    held = entry if isinstance(entry, dict) else {}
    args = held.get("args")
    command = _text(held.get("command"))
    url = next((found for key in URL_KEYS if (found := _text(held.get(key)))), None)
    words = [command or "", *(_strings(args) if isinstance(args, list) else ())]
    masked = mask_arguments(words)
    return ConfiguredServer(
        name=name[:LONGEST_TEXT],
        where=f"{where}/{_escaped(name[:LONGEST_TEXT])}",
        command=" ".join(mask_arguments(command.split(" "))) if command else None,
        args=masked[1:],
        env_names=tuple(sorted(str(key)[:LONGEST_TEXT] for key in held["env"])) if _is_object(held, "env") else (),
        url=mask_url(url) if url else None,
        transport=_transport(held, command, url),
        folder=next((found for key in FOLDER_KEYS if (found := _text(held.get(key)))), None),
        project=project,
        disabled=held.get("disabled") is True or held.get("enabled") is False,
    )


def _transport(held: dict[str, Any], command: str | None, url: str | None) -> Literal["stdio", "http", "sse"] | None:
    if command:
        return "stdio"
    if not url:
        return None
    named = f"{held.get('type', '')} {held.get('transport', '')}".lower()
    return "sse" if "sse" in named or url.rstrip("/").endswith("/sse") else "http"


def _is_object(held: dict[str, Any], key: str) -> bool:
    return isinstance(held.get(key), dict)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() and len(value) <= LONGEST_TEXT else None


def _strings(values: list[Any]) -> Iterator[str]:
    """Yield the arguments as text; clients turn numbers and booleans into text as well."""
    for value in values[:MOST_ARGUMENTS]:
        yield str(value)[:LONGEST_TEXT] if isinstance(value, (str, int, float)) else "?"


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
