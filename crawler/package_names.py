"""Packages as registries and lists name them, brought to the one form of a purl. Pure."""

import re

from packageurl import PackageURL

from crawler.purl import parse_purl
from toolcensus.errors import InputError

NPM_NAME = re.compile(r"(?:@[a-z0-9~-][\w.~-]*/)?[\w~-][\w.~-]*", re.IGNORECASE | re.ASCII)
PYPI_NAME = re.compile(r"[a-z0-9](?:[\w.-]*[a-z0-9])?", re.IGNORECASE | re.ASCII)
EXACT = re.compile(r"v?\d[\w.+!-]*", re.ASCII)
IMAGE = re.compile(
    r"(?:(?P<host>[\w-]+(?:\.[\w-]+)+(?::\d+)?|localhost(?::\d+)?)/)?(?:docker\.io/)?"
    r"(?P<path>[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)"
    r"(?::(?P<tag>[\w][\w.-]{0,127}))?(?:@sha256:[0-9a-f]{64})?",
    re.ASCII,
)
"""An image's reference, as the OCI distribution specification and docker's command line write it."""


def package_purl(ecosystem: str, name: str, version: str | None = None) -> str | None:
    """Return the purl of an npm or PyPI package; None where its registry would know no such name."""
    name = name.strip()
    if not (NPM_NAME if ecosystem == "npm" else PYPI_NAME).fullmatch(name):
        return None
    namespace, _, bare = name.rpartition("/")
    exact = version if version and EXACT.fullmatch(version) else None
    try:
        return parse_purl(PackageURL(ecosystem, namespace or None, bare, exact).to_string()).to_string()
    except (InputError, ValueError):
        return None


def image_purl(reference: str) -> str | None:
    """Return the purl of a container image, with its tag as the version; None where `reference` names no image."""
    match = IMAGE.fullmatch(reference.strip())
    if match is None:
        return None
    namespace, _, name = match["path"].rpartition("/")
    where = {"repository_url": match["host"]} if match["host"] and match["host"] != "docker.io" else None
    return PackageURL("docker", namespace or None, name, match["tag"], where).to_string()
