"""Packages as registries, lists and configurations name them, brought to the one form of a purl. Pure."""

import re
from collections.abc import Sequence

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
RUNNERS = {"npx": "npm", "bunx": "npm", "pnpx": "npm", "uvx": "pypi"}
"""Commands whose first argument that is no option is a package."""
WITH_VALUE = {"--from", "--with", "--python", "-p", "--package", "--index-url", "--registry"}
NAMES_THE_PACKAGE = {"--from", "-p", "--package"}


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


def launched_package(command: str, arguments: Sequence[str]) -> str | None:
    """Return the purl of what `npx`, `uvx` and their like would start; None where that is no package."""
    ecosystem = RUNNERS.get(command.rpartition("/")[2])
    if ecosystem is None:
        return None
    waiting = list(arguments[:40])
    while waiting:
        word = waiting.pop(0)
        option, _, value = word.partition("=")
        if option in WITH_VALUE:
            value = value or (waiting.pop(0) if waiting else "")
            if option not in NAMES_THE_PACKAGE or (ecosystem == "pypi" and option == "-p"):
                continue
            word = value
        elif word.startswith("-"):
            continue
        return _specified(ecosystem, word)
    return None


def _specified(ecosystem: str, word: str) -> str | None:
    """Read `name@version`, `name==version` and `name[extra]`."""
    bare = re.sub(r"\[[^]]*\]", "", word)
    name, _, version = bare.partition("==") if "==" in bare else (bare[:1] + bare[1:].partition("@")[0], "", bare[1:].partition("@")[2])
    return package_purl(ecosystem, name, version or None)
