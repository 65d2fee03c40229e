"""Paths: which parameters name a place on the local disk, and how plainly the definition says so.

A path is a string, or a list of strings. A parameter called `path` that takes an object, or whose own text speaks of a
URL, a JSON document, a repository or a bucket, is something else by the same name.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import re2

from classifier.schema import Parameter
from classifier.words import normalise_again

_NAME = re2.compile(
    r"(?:^|.* )(?:path|file|filename|file name|filepath|directory|folder path|cwd|pathname|outfile|executable|"
    r"working dir|save to|output location|save location|root|workspace root|project root)s?$"
)
_SAYS_LOCAL = re2.compile(
    r"\b(?:(?:absolute|local|full|relative|file ?system|file|directory|folder|output|save|disk|input) (?:\w+ )?path|"
    r"local (?:\w+ )?(?:file|directory|folder|disk)|on (?:the )?(?:local )?disk|path (?:to|of|for|where|on|in) "
    r"(?:the |a |an |your )?(?:\w+ ){0,3}(?:file|directory|folder|dump|project|image|video|audio|script|binary|"
    r"workbook|executable|document|disk|save|output|server be)|working directory|file system|"
    r"project (?:root|directory|path)|"
    r"(?:directory|folder) (?:to|where|of|for|in which) (?:the |a )?(?:\w+ ){0,3}(?:save|search|store|write|scan|list|"
    r"file|project))\b"
)
_SAYS_ELSEWHERE = re2.compile(
    r"\b(?:url path|api path|http path|request path|endpoint path|json ?path|xpath|json pointer|vault path|secret path|"
    r"path in (?:the )?(?:\w+ )?(?:repository|bucket|vault|drive|store|storage)|(?:repository|bucket|s3|blob|github|"
    r"gitlab|branch|cloud|drive|dropbox|onedrive|sharepoint|webdav|remote|api|endpoint|url|route|menu|category|page|"
    r"object key|node|scene|asset|property|field|key) (?:\w+ )?(?:path|file|folder|directory)|"
    r"file (?:id|key|token|uuid)|(?:folder|file|directory) id|id of (?:the )?(?:file|folder|directory)|"
    r"base64|file content|content of the file|"
    r"path parameter|url|uri)\b"
)
_NO_PATH = re2.compile(
    r"\b(?:(?:name|derivation|json|url|api|menu|class|property|node|scene|category) path|id|key|url|uri|token|"
    r"content|type|size|format|extension|data|base 64)$"
)
_END = re2.compile(r"^(?:source|destination|src|dst|dest|from|to|old name|new name)$")
_MOST_NAMES = 20_000
_MOST_READ = 400


class _Kind(NamedTuple):
    """What a parameter's name alone says: it names a place, it names something else, it is an end of a move."""

    named: bool
    other: bool
    end: bool


@lru_cache(maxsize=_MOST_NAMES)
def _kind(name: str) -> _Kind:
    return _Kind(*(pattern.search(name) is not None for pattern in (_NAME, _NO_PATH, _END)))


def _is_hinted(text: str) -> bool:
    lower = text.lower()
    return "path" in lower or "file" in lower or "director" in lower or "folder" in lower or "disk" in lower


def paths_of(parameters: Iterable[Parameter]) -> Iterator[tuple[Parameter, str]]:
    """Yield each parameter that names a place, with `local` where its text says so and `maybe` where only its name.

    `end` marks a source or destination, which is a path where files are what is moved.
    """
    for each in parameters:
        if each.values or not each.takes_strings:
            continue
        named, other, end = _kind(each.spoken)
        text = each.description[:_MOST_READ]
        hinted = _is_hinted(text)
        if end and not hinted:
            yield each, "end"
        if not (hinted or named) or other:
            continue
        said = normalise_again(text) if text else ""
        if _SAYS_ELSEWHERE.search(said):
            continue
        if hinted and _SAYS_LOCAL.search(said):
            yield each, "local"
        elif named:
            yield each, "maybe"
