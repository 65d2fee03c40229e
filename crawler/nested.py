"""Where in a repository its servers are: a folder as the package's root, with all that it may import around it. Pure.

In a tree for one folder, files beside the folder keep their way there (`../shared/index.ts`), and packages of the same
workspace stand where an installer would have put them (`node_modules/NAME/`).
"""

import posixpath
import re
from collections.abc import Iterator, Mapping

import msgspec

from crawler.manifest import describe
from crawler.source_tree import SourceTree

AT_MOST = 12
"""So many packages of one repository are read."""
NPM = re.compile(
    r'"(?:@modelcontextprotocol/(?:sdk|server|node|hono|express)|fastmcp|mcp-framework|xmcp|mcp-use|tmcp|muppet|'
    r'@mastra/mcp|@rekog/mcp-nest)"\s*:'
)
PYTHON = re.compile(r"""(?m)(?:^|["'\s])(?:fast)?mcp(?:\[[^]\n]*])?\s*(?:[=<>~!^;,"'@]|$)""")
GO = re.compile(r"modelcontextprotocol/go-sdk|[\w.-]+/mcp-go|mcp-golang|/go-mcp\b|trpc-mcp-go")
WORKSPACES = '"workspaces"'
SDK_IN = {
    "package.json": NPM,
    "pyproject.toml": PYTHON,
    "requirements.txt": PYTHON,
    "setup.py": PYTHON,
    "setup.cfg": PYTHON,
    "go.mod": GO,
}
LEFT_OUT = re.compile(
    r"(?:^|/)(?:\.\.|node_modules|vendor|examples?|samples?|demos?|templates?|tests?|__tests__|e2e|fixtures?|testdata|docs?|"
    r"benchmarks?|website|cookbook|\.[^/]+)(?:/|$)"
)


def parts(tree: SourceTree) -> list[tuple[str, SourceTree]]:
    """Return the folders that hold servers, likeliest first, each as a tree; none where the whole tree is one package.

    A tree that says itself what it starts is one package, whatever else it holds, and so is one that names an SDK at
    its top, unless it is a workspace.
    """
    if tree.entry_points:
        return []
    folders = sorted({posixpath.dirname(path) for path in tree.files if _names_sdk(path, tree.files[path])})
    if WORKSPACES in tree.files.get("package.json", "") and len(folders) > 1:
        folders = [folder for folder in folders if folder]
    if "" in folders or not folders:
        return []
    ranked = sorted(folders, key=lambda folder: (-_likeliness(folder), folder.count("/"), folder))
    return [(folder, rooted(tree.files, folder)) for folder in ranked[:AT_MOST]]


def rooted(files: Mapping[str, str], folder: str) -> SourceTree:
    """Return the tree whose root is `folder`; what lies elsewhere is reachable, but not part of the package."""
    around = {posixpath.relpath(path, folder): text for path, text in files.items()}
    linked = dict(_workspace(files, folder)) if posixpath.join(folder, "package.json") in files else {}
    own = {**linked, **around}
    about = describe({path: text for path, text in own.items() if not path.startswith(("../", "node_modules/"))})
    return SourceTree(own, about.package, about.ecosystem, about.entry_points)


def _names_sdk(path: str, text: str) -> bool:
    pattern = SDK_IN.get(posixpath.basename(path))
    return pattern is not None and not LEFT_OUT.search(posixpath.dirname(path)) and pattern.search(text) is not None


def _likeliness(folder: str) -> int:
    name = folder.rpartition("/")[2].lower()
    return 2 * ("mcp" in name) + ("server" in name)


def _workspace(files: Mapping[str, str], folder: str) -> Iterator[tuple[str, str]]:
    """Yield the files of the packages beside `folder` that it, or one of those, depends on."""
    named: dict[str, str] = {}
    for path in sorted(files):
        name = _package_name(files[path]) if posixpath.basename(path) == "package.json" else ""
        if name:
            named.setdefault(name, posixpath.dirname(path))
    waiting, taken = [folder], {folder}
    while waiting:
        manifest = files.get(posixpath.join(waiting.pop(), "package.json"), "")
        for name, place in named.items():
            if place not in taken and f'"{name}"' in manifest:
                taken.add(place)
                waiting.append(place)
                yield from _moved(files, place, f"node_modules/{name}")


def _moved(files: Mapping[str, str], place: str, to: str) -> Iterator[tuple[str, str]]:
    start = f"{place}/" if place else ""
    for path, text in files.items():
        if path.startswith(start):
            yield f"{to}/{path.removeprefix(start)}", text


def _package_name(text: str) -> str:
    try:
        name = msgspec.json.decode(text).get("name")
    except (msgspec.DecodeError, AttributeError, RecursionError, UnicodeEncodeError):
        return ""
    return name if isinstance(name, str) and re.fullmatch(r"(?:@[\w.-]+/)?[\w.-]+", name) else ""
