"""Paths: which parameters name a place on the local disk, and how plainly the definition says so.

A path is a string, or a list of strings. A parameter called `path` that takes an object, or whose own text speaks of a
URL, a JSON document, a repository or a bucket, is something else by the same name.
"""

import re
from collections.abc import Iterable, Iterator

from classifier.schema import Parameter
from classifier.words import normalise

_NAME = re.compile(
    r"(?:^|.* )(?:path|file|filename|file name|filepath|directory|folder path|cwd|pathname|outfile|executable|"
    r"working dir|save to|output location|save location|root|workspace root|project root)s?$"
)
_SAYS_LOCAL = re.compile(
    r"\b(?:(?:absolute|local|full|relative|file ?system|file|directory|folder|output|save|disk|input) (?:\w+ )?path|"
    r"local (?:\w+ )?(?:file|directory|folder|disk)|on (?:the )?(?:local )?disk|"
    r"path (?:to|of|for|where|on|in) (?:the |a |an |your )?(?:\w+ ){0,3}(?:file|directory|folder|dump|project|image|video|"
    r"audio|script|binary|workbook|executable|document|disk|save|output|server be)|working directory|file system|"
    r"project (?:root|directory|path)|(?:directory|folder) (?:to|where|of|for|in which) (?:the |a )?(?:\w+ ){0,3}"
    r"(?:save|search|store|write|scan|list|file|project))\b"
)
_SAYS_ELSEWHERE = re.compile(
    r"\b(?:url path|api path|http path|request path|endpoint path|json ?path|xpath|json pointer|vault path|secret path|"
    r"path in (?:the )?(?:\w+ )?(?:repository|bucket|vault|drive|store|storage)|(?:repository|repo|bucket|s3|blob|github|"
    r"gitlab|branch|cloud|drive|dropbox|onedrive|sharepoint|webdav|remote|api|endpoint|url|route|menu|category|page|"
    r"object key|node|scene|asset|property|field|key) (?:\w+ )?(?:path|file|folder|directory)|file (?:id|key|token|uuid)|"
    r"(?:folder|file|directory) id|id of (?:the )?(?:file|folder|directory)|base64|file content|content of the file|"
    r"path parameter|url|uri)\b"
)
_IS_ID = re.compile(r"\b(?:(?:name|derivation|json|url|api|menu|class|key|property|node|scene|category) path|id|key|url|uri|token|content|type|size|format|extension|data|base 64)$")


def paths_of(parameters: Iterable[Parameter]) -> Iterator[tuple[Parameter, str]]:
    """Yield each parameter that names a place, with `local` where its text says so and `maybe` where only its name."""
    for each in parameters:
        if each.values or not _takes_strings(each):
            continue
        name = " ".join(word.text for word in each.words)
        said = normalise(each.description[:400]) if each.description else ""
        if _IS_ID.search(name) or _SAYS_ELSEWHERE.search(said):
            continue
        if _SAYS_LOCAL.search(said) and not name.endswith("query"):
            yield each, "local"
        elif _NAME.match(name):
            yield each, "maybe"


def _takes_strings(each: Parameter) -> bool:
    """Whether strings can be given: an object, a number or a parameter of no stated type is no path."""
    if each.type == "array":
        return each.items in {"string", "any"}
    return "string" in each.types
