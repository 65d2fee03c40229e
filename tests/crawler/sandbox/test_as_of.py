"""The index of a day: pip finds what had been published by then, and nothing later."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from packageurl import PackageURL

from crawler import confined
from crawler.fetch import Fetcher
from crawler.hosts import Registry
from crawler.listing import Means
from crawler.manners import Bounds, Manners
from crawler.rate import UNBOUNDED
from crawler.release import find_release
from crawler.sandbox import as_of
from crawler.sandbox.launch import InstallError


def project(*releases: tuple[str, str]) -> bytes:
    files = [
        {"filename": f"lib-{version}-py3-none-any.whl", "url": f"/f/lib-{version}.whl", "hashes": {}}
        | ({"upload-time": time} if time else {})
        for version, time in releases
    ]
    return json.dumps({"meta": {"api-version": "1.1"}, "name": "lib", "files": files}).encode()


async def with_means(loopback: Any, use: Any) -> Any:
    manners = Manners(usual=UNBOUNDED, allowed={"127.0.0.1"}, bounds=Bounds(attempts=1))
    async with Fetcher(manners) as fetcher:
        registries = {name: Registry(name, loopback.url, "test") for name in ("npm", "pypi")}
        return await use(Means(fetcher, registries, confined.read))


def ask(loopback: Any, day: str, path: str) -> httpx.Response:
    async def use(means: Means) -> httpx.Response:
        async with as_of.dated_index(day, means) as url, httpx.AsyncClient(trust_env=False) as client:
            return await client.get(f"{url}/{path}")

    return asyncio.run(with_means(loopback, use))


def day_of(loopback: Any, purl: str) -> str:
    async def use(means: Means) -> str:
        return await as_of.release_day(await find_release(PackageURL.from_string(purl), means), means)

    return asyncio.run(with_means(loopback, use))


def test_what_was_published_later_is_not_there(loopback: Any) -> None:
    loopback.serve("/lib/", project(("1.0", "2025-01-01T10:00:00Z"), ("2.0", "2025-03-01T10:00:00Z"), ("3.0", "")))
    answer = ask(loopback, "2025-02-01", "lib/")
    assert answer.headers["Content-Type"] == "application/vnd.pypi.simple.v1+json"
    assert [file["url"] for file in answer.json()["files"]] == [f"{loopback.url}/f/lib-1.0.whl"]


@pytest.mark.parametrize("path", ["missing/", "..%2f..%2fetc/", ""])
def test_what_is_not_there_is_not_found(loopback: Any, path: str) -> None:
    assert ask(loopback, "2025-02-01", path).status_code == 404


def test_the_day_of_a_release_is_shortly_after_it(loopback: Any) -> None:
    loopback.serve("/lib/", project(("1.0", "2025-01-01T10:00:00.123456Z")))
    assert day_of(loopback, "pkg:pypi/lib@1.0") == "2025-01-03"


def test_npm_says_the_day_in_its_whole_document(loopback: Any) -> None:
    version = {"dist": {"tarball": f"{loopback.url}/lib.tgz", "shasum": "a" * 40}}
    document = {"versions": {"1.0.0": version}, "time": {"1.0.0": "2025-01-01T10:00:00.000Z"}}
    loopback.serve("/lib", json.dumps(document).encode())
    assert day_of(loopback, "pkg:npm/lib@1.0.0") == "2025-01-03"


def test_an_index_without_times_says_no_day(loopback: Any) -> None:
    loopback.serve("/lib/", project(("1.0", "")))
    with pytest.raises(InstallError, match=r"does not say when pkg:pypi/lib@1.0 was published"):
        day_of(loopback, "pkg:pypi/lib@1.0")
