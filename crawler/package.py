"""What a package registry is: a place that serves artefacts by name; its module only understands, it never fetches."""

from typing import Protocol

from toolcensus.records import Record


class Artefact(Record, frozen=True):
    """One file of a release: where it is, what it is, and the digest that the registry promises.

    `integrity` is `algorithm:hexdigest`, or empty where the registry gives none; `size` is in bytes where it is known.
    """

    url: str
    version: str
    filename: str
    integrity: str = ""
    size: int | None = None


class PackageRegistry(Protocol):
    """A module of `crawler/packages/`: how one ecosystem's registry is asked, and how its answer is read."""

    ECOSYSTEM: str
    """The purl type, `npm` or `pypi`."""
    ACCEPT: str
    """The media type of the document that is asked for."""

    def document_url(self, base: str, namespace: str | None, name: str) -> str:
        """Return the URL of the package's document at the registry whose base URL is `base`."""
        ...

    def choose(self, document: bytes, url: str, version: str | None) -> Artefact:
        """Choose the artefact of `version`, else of the newest stable release; raise InputError where there is none."""
        ...
