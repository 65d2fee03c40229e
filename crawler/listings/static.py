"""The way `static`: fetch the server's package, else its repository's source, and read it without running it."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import msgspec
from packageurl import PackageURL

from crawler import extraction
from crawler.archive import required_folder
from crawler.confined import Failure, Reading
from crawler.launcher import FILES_OF_A_LAUNCHER, kin
from crawler.listing import Answer, Known, Means
from crawler.manners import StatusError
from crawler.purl import parse_purl
from crawler.release import GONE, Release, UnchangedError, find_release, outcome_of, sentence, temporary_folder
from crawler.repository_source import TYPE, read_repository, repository_of
from toolcensus.errors import FetchError, InputError
from toolcensus.records import Listing, Outcome, Server, Unresolved, Way

WAY: Way = "static"
COST = 3
PARALLEL = 8
STRANGERS = False
NAMED_ONLY = False
AGE = timedelta(0)


def method() -> str:
    """Return the extractors and their versions."""
    return extraction.method()


def can_ask(server: Server) -> bool:
    """Say whether the server has a package, or a repository whose source can be had."""
    return bool(server.packages) or repository_of(server) is not None


async def list_tools(server: Server, at: str, means: Means, known: Known | None = None) -> Answer:
    """Read the server's packages in order until one has tools, else its repository.

    Answer(None) where nothing has changed; what was read from the repository is asked for there first.
    """
    settled = known if known and known.holds(method()) else None
    if settled and settled.subject in server.packages and parse_purl(settled.subject).version:
        return Answer(None)
    blank = Listing(server=server.key, way=WAY, at=at, outcome="no-source", method=method())
    repository = repository_of(server)
    if repository and settled and settled.subject.startswith(TYPE):
        answer = await _list_repository(repository, blank, means, settled)
        if answer.listing is None or answer.listing.outcome == "listed" or not server.packages:
            return answer
        settled = None
    answer = await _list_packages(server, blank, means, settled)
    if repository is None or answer.listing is None or answer.listing.outcome == "listed":
        return answer
    return _better(answer, await _list_repository(repository, blank, means, None))


async def _list_packages(server: Server, blank: Listing, means: Means, settled: Known | None) -> Answer:
    answer = Answer(msgspec.structs.replace(blank, reason="no package of it is known"))
    for package in server.packages:
        answer = await _list_package(package, blank, means, settled)
        if answer.listing is None or answer.listing.outcome == "listed":
            break
    return answer


def _better(package: Answer, repository: Answer) -> Answer:
    """Return the repository's answer, or the package's with both reasons where neither has tools."""
    pages, failures = package.pages + repository.pages, package.failures + repository.failures
    first, second = package.listing, repository.listing
    if first and second and second.outcome != "listed" and first.subject:
        told = f"{first.reason}; its repository: {second.reason}"
        return Answer(msgspec.structs.replace(first, reason=told), pages, failures)
    return Answer(second, pages, failures)


async def _list_repository(repository: PackageURL, blank: Listing, means: Means, settled: Known | None) -> Answer:
    try:
        found = await read_repository(repository, means, settled)
    except UnchangedError as unchanged:
        return Answer(None, (unchanged.page,))
    except FetchError as error:
        subject, gone = repository.to_string(), isinstance(error, StatusError) and error.status in GONE
        reason = f"no such public repository: {error.message}" if gone else sentence(error)
        return Answer(_ended(blank, subject, outcome_of(error), reason), failures=(error,))
    blank = msgspec.structs.replace(blank, subject_digest=found.page.digest)
    return Answer(_told(found.reading, found.subject, blank), (found.page,))


async def read_package(purl: PackageURL, means: Means) -> Reading | Failure:
    """Fetch and read a package or repository without an index; raise FetchError or InputError if that is impossible."""
    if purl.type == "github":
        return (await read_repository(purl, means)).reading
    release = await find_release(purl, means, None)
    reading, _ = await _fetch_and_read(release, means)
    return await _follow(release.purl, reading, means)


async def _list_package(package: str, blank: Listing, means: Means, settled: Known | None) -> Answer:
    subject = package
    try:
        release = await find_release(parse_purl(package), means, settled)
        subject = release.purl.to_string()
        if settled and settled.subject == subject:
            return Answer(None, (release.page,))
        reading, digest = await _fetch_and_read(release, means)
        reading = await _follow(release.purl, reading, means)
    except UnchangedError as unchanged:
        return Answer(None, (unchanged.page,))
    except FetchError as error:
        return Answer(_ended(blank, subject, outcome_of(error), sentence(error)), failures=(error,))
    except InputError as error:
        return Answer(_ended(blank, subject, "no-source", sentence(error)))
    return Answer(_told(reading, subject, msgspec.structs.replace(blank, subject_digest=digest)), (release.page,))


def _told(reading: Reading | Failure, subject: str, blank: Listing) -> Listing:
    """Return what a reading says as a Listing."""
    blank = msgspec.structs.replace(blank, duration=reading.seconds, subject=subject)
    if isinstance(reading, Failure):
        return _ended(blank, subject, reading.outcome, reading.reason)
    return _listing(reading, blank)


async def _fetch_and_read(release: Release, means: Means) -> tuple[Reading | Failure, str]:
    """Fetch the artefact to a file that lives as long as the reading, and return what it holds and its digest."""
    with temporary_folder() as folder:
        path = folder / "artefact"
        digest = await _download(release, path, means)
        reading = await means.read(path)
        if release.purl.type == "npm" and isinstance(reading, Reading) and _is_launcher(reading):
            reading = await _read_together(release.purl, reading, path, means)
        return reading, digest


async def _download(release: Release, path: Path, means: Means) -> str:
    artefact = release.artefact
    saved = await means.fetcher.download(artefact.url, path, integrity=artefact.integrity, linked_from=release.page.url)
    return saved.digest


def _is_launcher(reading: Reading) -> bool:
    return not reading.tools and reading.files <= FILES_OF_A_LAUNCHER


async def _read_together(package: PackageURL, alone: Reading, path: Path, means: Means) -> Reading:
    """Read a launcher again with the packages of its family that it starts, as one program."""
    folder = required_folder(path)
    places: dict[str, str] = {}
    for started in kin(package, alone.imports):
        try:
            release = await find_release(started, means, None)
            folder.mkdir(exist_ok=True)
            name = f"{started.namespace}/{started.name}" if started.namespace else started.name
            await _download(release, folder / quote(name, safe="@"), means)
        except (FetchError, InputError) as error:
            _raise_if_passing(error)
            continue
        places[f"node_modules/{name}/"] = f"{release.purl}/"
    reading = await means.read(path) if places else alone
    if isinstance(reading, Failure) or not reading.tools:
        return alone
    return msgspec.structs.replace(
        reading,
        seconds=alone.seconds + reading.seconds,
        tools=tuple(msgspec.structs.replace(tool, where=_placed(tool.where or "", places)) for tool in reading.tools),
        unresolved=tuple(
            msgspec.structs.replace(each, where=_placed(each.where, places)) for each in reading.unresolved
        ),
    )


def _placed(where: str, places: Mapping[str, str]) -> str:
    """Say of a place in an installed package in which package it is."""
    home = next((home for home in places if where.startswith(home)), "")
    return places[home] + where.removeprefix(home) if home else where


def _raise_if_passing(error: FetchError | InputError) -> None:
    """Raise a failure that may be over tomorrow: the launcher is then to be read again."""
    if isinstance(error, FetchError) and outcome_of(error) != "no-source":
        raise error


async def _follow(package: PackageURL, reading: Reading | Failure, means: Means) -> Reading | Failure:
    """Where a package is only a launcher, read the packages of its family that it starts, one level deep."""
    if isinstance(reading, Failure) or not _is_launcher(reading):
        return reading
    for started in kin(package, reading.imports):
        try:
            release = await find_release(started, means, None)
            found, _ = await _fetch_and_read(release, means)
        except (FetchError, InputError) as error:
            _raise_if_passing(error)
            unread = Unresolved(where=str(started), reason=sentence(error))
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
