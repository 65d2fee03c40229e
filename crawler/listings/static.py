"""The way `static`: find the server's package in its registry, fetch the artefact, and read it without running it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

import msgspec
from packageurl import PackageURL

from crawler import extraction, packages
from crawler.confined import Failure, Reading
from crawler.launcher import FILES_OF_A_LAUNCHER, kin
from crawler.listing import Answer, Known, Means
from crawler.manners import Page, StatusError
from crawler.package import Artefact, PackageRegistry
from crawler.purl import parse_purl
from toolcensus import shelf
from toolcensus.errors import FetchError, InputError, ToolcensusError
from toolcensus.records import Listing, Outcome, Server, Unresolved, Way

WAY: Way = "static"
COST = 3
PARALLEL = 8
STRANGERS = False
NAMED_ONLY = False
AGE = timedelta(0)
GONE = {404, 410, 451}
NOT_OURS = {401, 403, 407}
OUTCOME_OF_FAILURE: dict[str, Outcome] = {
    "timeout": "timed-out",
    "too-large": "refused",
    "refused": "refused",
    "redirect": "refused",
}


@dataclass(frozen=True, slots=True)
class _Release:
    """One release as its registry describes it, and the page that did."""

    purl: PackageURL
    artefact: Artefact
    page: Page


class _UnchangedError(Exception):
    """The registry's document is the one that the known listing was made from."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page


def method() -> str:
    """Return the extractors and their versions."""
    return extraction.method()


def can_ask(server: Server) -> bool:
    """Say whether the server has a package."""
    return bool(server.packages)


async def list_tools(server: Server, at: str, means: Means, known: Known | None = None) -> Answer:
    """Read the server's packages in order until one has tools; Answer(None) where nothing has changed."""
    settled = known if known and known.holds(method()) else None
    if settled and settled.subject in server.packages and parse_purl(settled.subject).version:
        return Answer(None)
    blank = Listing(server=server.key, way=WAY, at=at, outcome="no-source", method=method())
    answer = Answer(msgspec.structs.replace(blank, reason="no package of it is known"))
    for package in server.packages:
        answer = await _list_package(package, blank, means, settled)
        if answer.listing is None or answer.listing.outcome == "listed":
            break
    return answer


async def read_package(purl: PackageURL, means: Means) -> Reading | Failure:
    """Fetch and read one package without any index; raise FetchError or InputError where it cannot be had."""
    release = await _release(purl, means, None)
    reading, _ = await _fetch_and_read(release, means)
    return await _follow(release.purl, reading, means)


async def _list_package(package: str, blank: Listing, means: Means, settled: Known | None) -> Answer:
    subject = package
    try:
        release = await _release(parse_purl(package), means, settled)
        subject = release.purl.to_string()
        if settled and settled.subject == subject:
            return Answer(None, (release.page,))
        reading, digest = await _fetch_and_read(release, means)
        reading = await _follow(release.purl, reading, means)
    except _UnchangedError as unchanged:
        return Answer(None, (unchanged.page,))
    except FetchError as error:
        return Answer(_ended(blank, subject, _outcome(error), _sentence(error)), failures=(error,))
    except InputError as error:
        return Answer(_ended(blank, subject, "no-source", _sentence(error)))
    pages = (release.page,)
    blank = msgspec.structs.replace(blank, duration=reading.seconds)
    if isinstance(reading, Failure):
        ended = _ended(blank, subject, reading.outcome, reading.reason)
        return Answer(msgspec.structs.replace(ended, subject_digest=digest), pages)
    return Answer(_listing(reading, msgspec.structs.replace(blank, subject=subject, subject_digest=digest)), pages)


async def _release(purl: PackageURL, means: Means, settled: Known | None) -> _Release:
    """Ask the registry; raise _UnchangedError where it answers as it did for the known listing of an open version."""
    shelved = _registry_module(purl.type)
    base = means.registries[purl.type].for_namespace(purl.namespace).base
    url = shelved.document_url(base, purl.namespace, purl.name)
    met = means.remembered(url) if settled and not purl.version and _is_of(settled, purl) else None
    page = await means.fetcher.fetch_bytes(url, accept=shelved.ACCEPT, validators=met.validators if met else None)
    if met and (page.unchanged or page.digest == met.digest):
        validators = page.validators if page.validators.given else met.validators
        raise _UnchangedError(Page(url, digest=met.digest, unchanged=True, validators=validators))
    artefact = shelved.choose(page.body, page.url, purl.version)
    exact = PackageURL(purl.type, purl.namespace, purl.name, artefact.version)
    return _Release(exact, artefact, Page(url, digest=page.digest, validators=page.validators))


def _is_of(settled: Known, purl: PackageURL) -> bool:
    known = parse_purl(settled.subject)
    return (known.type, known.namespace, known.name) == (purl.type, purl.namespace, purl.name)


async def _fetch_and_read(release: _Release, means: Means) -> tuple[Reading | Failure, str]:
    """Fetch the artefact to a file that lives as long as the reading, and return what it holds and its digest."""
    artefact = release.artefact
    with _temporary_folder() as folder:
        path = folder / "artefact"
        file = await means.fetcher.download(
            artefact.url, path, integrity=artefact.integrity, linked_from=release.page.url
        )
        return await means.read(path), file.digest


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    try:
        folder = tempfile.TemporaryDirectory(prefix="toolcensus-")
    except OSError as error:
        raise ToolcensusError(
            f"no temporary folder can be made: {error.strerror or error}",
            advice="free some space, or set TMPDIR to a folder that has it; nothing already read is lost",
        ) from error
    with folder as name:
        yield Path(name)


async def _follow(package: PackageURL, reading: Reading | Failure, means: Means) -> Reading | Failure:
    """Where a package is only a launcher, read the packages of its family that it starts, one level deep."""
    if isinstance(reading, Failure) or reading.tools or reading.files > FILES_OF_A_LAUNCHER:
        return reading
    for started in kin(package, reading.imports):
        try:
            release = await _release(started, means, None)
            found, _ = await _fetch_and_read(release, means)
        except (FetchError, InputError) as error:
            if isinstance(error, FetchError) and _outcome(error) != "no-source":
                # It may be there tomorrow, and the launcher is then to be read again.
                raise
            unread = Unresolved(where=str(started), reason=_sentence(error))
            reading = msgspec.structs.replace(reading, unresolved=(*reading.unresolved, unread))
            continue
        reading = _joined(reading, found, release.purl)
    return reading


def _joined(launcher: Reading, found: Reading | Failure, purl: PackageURL) -> Reading:
    """Add what a started package holds to its launcher's reading; every place says in which package it is."""
    if isinstance(found, Failure):
        unread = Unresolved(where=str(purl), reason=found.reason)
        return msgspec.structs.replace(launcher, unresolved=(*launcher.unresolved, unread))
    names = {tool.name for tool in launcher.tools}
    tools = [tool for tool in found.tools if tool.name not in names]
    return msgspec.structs.replace(
        launcher,
        files=launcher.files + found.files,
        seconds=launcher.seconds + found.seconds,
        tools=launcher.tools + tuple(msgspec.structs.replace(tool, where=f"{purl}/{tool.where}") for tool in tools),
        unresolved=launcher.unresolved
        + tuple(msgspec.structs.replace(entry, where=f"{purl}/{entry.where}") for entry in found.unresolved),
    )


def _listing(reading: Reading, blank: Listing) -> Listing:
    """Say what was read; without a tool the reason says what there was instead."""
    reason = ""
    if not reading.tools:
        reason = f"nothing in its {reading.files} source files registers a tool"
        if reading.unresolved:
            first = reading.unresolved[0]
            reason = f"{len(reading.unresolved)} registrations cannot be read; the first: {first.where}: {first.reason}"
    return msgspec.structs.replace(
        blank,
        outcome="listed" if reading.tools else "no-source",
        reason=reason,
        tools=reading.tools,
        unresolved=reading.unresolved,
    )


def _ended(blank: Listing, subject: str, outcome: Outcome, reason: str) -> Listing:
    return msgspec.structs.replace(blank, subject=subject, outcome=outcome, reason=reason)


def _sentence(error: ToolcensusError) -> str:
    if isinstance(error, StatusError) and error.status in GONE:
        return f"not in the registry: {error.message}"
    return f"{error.message}; {error.advice}" if error.advice else error.message


def _outcome(error: FetchError) -> Outcome:
    if isinstance(error, StatusError):
        if error.status in GONE:
            return "no-source"
        return "needs-credentials" if error.status in NOT_OURS else "unreachable"
    return OUTCOME_OF_FAILURE.get(error.reason, "unreachable")


def _registry_module(ecosystem: str) -> PackageRegistry:
    shelved = (cast("PackageRegistry", module) for module in shelf.modules(packages))
    return next(module for module in shelved if ecosystem == module.ECOSYSTEM)
