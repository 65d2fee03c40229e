"""One release, installed into a folder that is gone afterwards: today's dependencies, or those of a day."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from crawler.listing import Means
from crawler.release import Release, temporary_folder
from crawler.sandbox import as_of, npm, pypi
from crawler.sandbox.installing import Order, Place
from crawler.sandbox.launch import InstallError, Launch
from crawler.sandbox.limits import Limits

UNIVERSAL = "-none-any.whl"
INSTALL = {"npm": npm.install, "pypi": pypi.install}


@asynccontextmanager
async def installed(
    release: Release, means: Means, limits: Limits, day: str | None = None
) -> AsyncIterator[tuple[Launch, str]]:
    """Yield what the release is started with, and its digest where it is the same for every machine.

    Raises InstallError where it cannot be installed here, FetchError where its file cannot be had.
    """
    async with _workplace() as folder:
        place = Place.below(folder)
        wanted, digest = await _wanted(release, place.given, means)
        async with _index(release, day, means) as index:
            registry = means.registries[release.purl.type]
            launch = await INSTALL[release.purl.type](Order(release.purl, wanted, place, registry, limits, day, index))
        yield launch, digest


@asynccontextmanager
async def _workplace() -> AsyncIterator[Path]:
    """Yield a folder that is gone afterwards, which takes a while: a package may have thousands of files."""
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder())
        try:
            yield folder
        finally:
            await asyncio.to_thread(stack.close)


@asynccontextmanager
async def _index(release: Release, day: str | None, means: Means) -> AsyncIterator[str | None]:
    """Yield the Python index of a day where one is wanted; npm knows days itself."""
    if day is None or release.purl.type != "pypi":
        yield None
        return
    async with as_of.dated_index(day, means) as url:
        yield url


async def _wanted(release: Release, folder: Path, means: Means) -> tuple[str, str]:
    """Fetch what fits every machine and return its path and digest; of the rest, pip chooses what fits this one."""
    artefact, purl = release.artefact, release.purl
    if purl.type == "pypi" and not artefact.filename.endswith(".whl"):
        raise InstallError("it is published without a wheel, and building one would run its scripts")
    if purl.type == "pypi" and not artefact.filename.endswith(UNIVERSAL):
        return f"{purl.name}=={purl.version}", ""
    path = folder / Path(artefact.filename).name
    file = await means.fetcher.download(artefact.url, path, integrity=artefact.integrity, linked_from=release.page.url)
    return str(path), file.digest
