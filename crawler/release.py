"""One release of a package: what its registry says of it, and what a registry's refusal means for a listing."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from packageurl import PackageURL

from crawler import packages
from crawler.listing import Known, Means
from crawler.manners import Page, StatusError
from crawler.package import Artefact, PackageRegistry
from crawler.purl import parse_purl
from toolcensus import shelf
from toolcensus.errors import FetchError, ToolcensusError
from toolcensus.records import Outcome

GONE = {404, 410, 451}
NOT_OURS = {401, 403, 407}
OUTCOME_OF_FAILURE: dict[str, Outcome] = {
    "timeout": "timed-out",
    "too-large": "refused",
    "refused": "refused",
    "redirect": "refused",
}


@dataclass(frozen=True, slots=True)
class Release:
    """One release as its registry describes it, the page that did, and that page's bytes."""

    purl: PackageURL
    artefact: Artefact
    page: Page
    document: bytes = field(default=b"", repr=False)


class UnchangedError(Exception):
    """The registry's document is the one that the known listing was made from."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page


async def find_release(purl: PackageURL, means: Means, settled: Known | None = None) -> Release:
    """Ask the registry; raise UnchangedError where it answers as it did for the known listing of an open version.

    Raises FetchError where it cannot be asked, InputError where there is no such release.
    """
    shelved = registry_module(purl.type)
    base = means.registries[purl.type].for_namespace(purl.namespace).base
    url = shelved.document_url(base, purl.namespace, purl.name)
    met = means.remembered(url) if settled and not purl.version and _is_of(settled, purl) else None
    page = await means.fetcher.fetch_bytes(url, accept=shelved.ACCEPT, validators=met.validators if met else None)
    if met and (page.unchanged or page.digest == met.digest):
        validators = page.validators if page.validators.given else met.validators
        raise UnchangedError(Page(url, digest=met.digest, unchanged=True, validators=validators))
    artefact = shelved.choose(page.body, page.url, purl.version)
    exact = PackageURL(purl.type, purl.namespace, purl.name, artefact.version)
    return Release(exact, artefact, Page(url, digest=page.digest, validators=page.validators), page.body)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder that is gone afterwards; raise ToolcensusError where none can be made."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="toolcensus-")
    except OSError as error:
        raise ToolcensusError(
            f"no temporary folder can be made: {error.strerror or error}",
            advice="free some space, or set TMPDIR to a folder that has it; nothing already read is lost",
        ) from error
    with folder as name:
        yield Path(name)


def sentence(error: ToolcensusError) -> str:
    """Return what a Listing says of a failure."""
    if isinstance(error, StatusError) and error.status in GONE:
        return f"not in the registry: {error.message}"
    return f"{error.message}; {error.advice}" if error.advice else error.message


def outcome_of(error: FetchError) -> Outcome:
    """Return how a listing ends that met this failure."""
    if isinstance(error, StatusError):
        if error.status in GONE:
            return "no-source"
        return "needs-credentials" if error.status in NOT_OURS else "unreachable"
    return OUTCOME_OF_FAILURE.get(error.reason, "unreachable")


def registry_module(ecosystem: str) -> PackageRegistry:
    """Return the shelf's module for `npm` or `pypi`."""
    shelved = (cast("PackageRegistry", module) for module in shelf.modules(packages))
    return next(module for module in shelved if ecosystem == module.ECOSYSTEM)


def _is_of(settled: Known, purl: PackageURL) -> bool:
    known = parse_purl(settled.subject)
    return (known.type, known.namespace, known.name) == (purl.type, purl.namespace, purl.name)
