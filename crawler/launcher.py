"""A package that only starts another one: which of its dependencies are its own kin and hold the tools. Pure."""

import re
from collections.abc import Iterable, Mapping

from packageurl import PackageURL

from crawler.purl import parse_purl

AT_MOST = 4
FILES_OF_A_LAUNCHER = 40
ANY_WORDS = frozenset(
    {"mcp", "server", "cli", "js", "node", "py", "python", "ai", "api", "the", "tool", "tools", "core"}
)
"""Words that relate no two packages."""
SDKS = frozenset({"@modelcontextprotocol/sdk", "@modelcontextprotocol/server", "@modelcontextprotocol/node"})
"""What every server imports; no server's tools live there."""
WORD = re.compile(r"[a-z0-9]+")
QUOTES = ("'", '"', "`")


def imported(files: Mapping[str, str], requires: Iterable[str]) -> tuple[str, ...]:
    """Return those of the required packages (purls) whose name a source file imports, in their order."""
    return tuple(purl for purl in requires if _is_imported(parse_purl(purl), files))


def kin(package: PackageURL, requires: Iterable[str]) -> tuple[PackageURL, ...]:
    """Return the required packages that are of one family with `package`, those named after tools first.

    Of one family is what shares the npm scope, or the first word that says anything.
    """
    family = _family(package)
    found = [purl for purl in map(parse_purl, requires) if purl.type == package.type and _full_name(purl) not in SDKS]
    related = [
        purl
        for purl in found
        if (package.namespace and purl.namespace == package.namespace) or (family and _family(purl) == family)
    ]
    return tuple(sorted(related, key=lambda purl: "tool" not in purl.name)[:AT_MOST])


def _is_imported(purl: PackageURL, files: Mapping[str, str]) -> bool:
    if purl.type == "npm":
        name = _full_name(purl)
        marks = [f"{quote}{name}{end}" for quote in QUOTES for end in (quote, "/")]
    else:
        module = purl.name.replace("-", "_")
        marks = [f"import {module}", f"from {module}"]
    return any(mark in text for path, text in files.items() if path != "package.json" for mark in marks)


def _full_name(purl: PackageURL) -> str:
    return f"{purl.namespace}/{purl.name}" if purl.namespace else str(purl.name)


def _family(purl: PackageURL) -> str:
    return next((word for word in WORD.findall(_full_name(purl).lower()) if word not in ANY_WORDS), "")
