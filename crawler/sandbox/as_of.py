"""An index as of a day: the user's own Python index without what was published later, served on loopback while needed.

pip of any version resolves against it; the files themselves come from where the index says. Formats: the simple
repository API as JSON, whose files carry `upload-time` (PEP 691, PEP 700), and the npm registry's `time` of a package.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

import msgspec
from packageurl import PackageURL

from crawler.listing import Means
from crawler.release import Release, registry_module
from crawler.sandbox.launch import InstallError
from toolcensus.errors import FetchError, InputError

GRACE = timedelta(days=2)
"""What a release was made with had been published when it was, or shortly after."""
JSON = "application/vnd.pypi.simple.v1+json"
LONGEST_REQUEST = 64 * 1024
WITH_TIMES = "application/json"


async def release_day(release: Release, means: Means) -> str:
    """Return the day (`2025-01-31`) by which a release had been published; raise InstallError where nobody says."""
    try:
        times = await _times(release, means)
        return (datetime.fromisoformat(times[release.purl.version or ""]) + GRACE).date().isoformat()
    except (FetchError, InputError, KeyError, ValueError, msgspec.DecodeError, OverflowError) as error:
        raise InstallError(f"its registry does not say when {release.purl} was published") from error


@asynccontextmanager
async def dated_index(day: str, means: Means) -> AsyncIterator[str]:
    """Yield the URL of the Python index as it was at the end of `day`."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            body = await _page(request.split(b" ", 2)[1].decode(), day, means)
            status = "200 OK" if body else "404 Not Found"
            head = (
                f"HTTP/1.1 {status}\r\nContent-Type: {JSON}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            )
            writer.write(head.encode() + body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, IndexError, ValueError):
            # Whoever asks so is not pip.
            writer.transport.abort()
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, limit=LONGEST_REQUEST)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/simple"


async def _page(path: str, day: str, means: Means) -> bytes:
    """Return a project's page without its later files; nothing where there is no such page, or it has no times."""
    name = path.strip("/").rpartition("/")[2]
    module = registry_module("pypi")
    url = module.document_url(means.registries["pypi"].base, None, name)
    try:
        page = await means.fetcher.fetch_bytes(url, accept=JSON)
        document = msgspec.json.decode(page.body, type=dict[str, Any])
    except (FetchError, msgspec.DecodeError):
        return b""
    files = [file for file in document.get("files", []) if str(file.get("upload-time", "9"))[:10] <= day]
    for file in files:
        file["url"] = urljoin(page.url, file["url"])
    return msgspec.json.encode({"meta": {"api-version": "1.0"}, "name": name, "files": files})


async def _times(release: Release, means: Means) -> dict[str, str]:
    """Return when each version was published."""
    if release.purl.type == "pypi":
        files = msgspec.json.decode(release.document, type=dict[str, Any])["files"]
        named = next(file for file in files if file["filename"] == release.artefact.filename)
        return {release.purl.version or "": named["upload-time"]}
    page = await means.fetcher.fetch_bytes(_document_url(release.purl, means), accept=WITH_TIMES)
    return dict(msgspec.json.decode(page.body, type=dict[str, Any])["time"])


def _document_url(purl: PackageURL, means: Means) -> str:
    base = means.registries[purl.type].for_namespace(purl.namespace).base
    return registry_module(purl.type).document_url(base, purl.namespace, purl.name)
