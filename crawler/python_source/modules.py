"""The modules of a package by their dotted names, parsed when they are first needed."""

import ast
import posixpath
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from crawler.python_source.newer_syntax import rewritten

FILE_CHARACTERS = 4 * 1024 * 1024
PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")


@dataclass(frozen=True)
class Found:
    """Where a dotted name leads: its file, or the folder of a package without `__init__.py` (then `path` is empty)."""

    name: str
    path: str
    folder: str
    is_package: bool


@dataclass
class ModuleIndex:
    """The Python files of a tree, and the folders from which they import each other."""

    files: Mapping[str, str]
    roots: list[str] = field(default_factory=list)
    folders: set[str] = field(default_factory=set)
    unreadable: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in self.files:
            if path.endswith(".py"):
                folder = posixpath.dirname(path)
                while folder and folder not in self.folders:
                    self.folders.add(folder)
                    folder = posixpath.dirname(folder)
        projects = {posixpath.dirname(path) for path in self.files if posixpath.basename(path) in PROJECT_FILES}
        for root in ["", *sorted(projects, key=lambda folder: (folder.count("/"), folder))]:
            self.add_root(root)
            self.add_root(posixpath.join(root, "src"))

    def add_root(self, folder: str) -> None:
        """Let modules be imported from a folder, after the folders that are there already."""
        if folder not in self.roots and (not folder or folder in self.folders):
            self.roots.append(folder)

    def find(self, name: str) -> Found | None:
        """Return where a dotted name leads, or None where the tree has no such module."""
        relative = name.replace(".", "/")
        for root in self.roots:
            folder = posixpath.join(root, relative)
            package = f"{folder}/__init__.py"
            if package in self.files:
                return Found(name, package, folder, is_package=True)
            if f"{folder}.py" in self.files:
                return Found(name, f"{folder}.py", posixpath.dirname(folder), is_package=False)
        for root in self.roots:
            folder = posixpath.join(root, relative)
            if folder in self.folders:
                return Found(name, "", folder, is_package=True)
        return None

    def name_of(self, path: str) -> str:
        """Return the dotted name under which a file is imported."""
        bare = path.removesuffix(".py").removesuffix("/__init__")
        inside = [root for root in self.roots if not root or bare.startswith(root + "/")]
        root = max(inside, key=len, default="")
        return bare.removeprefix(root).strip("/").replace("/", ".")

    def children(self, folder: str) -> Iterator[tuple[str, bool]]:
        """Yield the modules directly inside a folder, sorted, and whether each is a package."""
        prefix = folder + "/" if folder else ""
        names: dict[str, bool] = {}
        for path in self.files:
            if not (path.startswith(prefix) and path.endswith(".py")):
                continue
            head, _, tail = path[len(prefix) :].partition("/")
            if not tail:
                names.setdefault(head.removesuffix(".py"), False)
            elif tail == "__init__.py":
                names[head] = True
        yield from sorted((name, package) for name, package in names.items() if name != "__init__")

    def parse(self, path: str) -> ast.Module | None:
        """Parse a file; where it cannot be parsed, `unreadable` says why."""
        source = self.files[path]
        if len(source) > FILE_CHARACTERS:
            self.unreadable[path] = f"{len(source)} characters; {FILE_CHARACTERS} are read of one file"
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return _parsed(source)
        except (SyntaxError, ValueError) as error:
            self.unreadable[path] = f"no Python that can be parsed: {getattr(error, 'msg', error)}"
        except (RecursionError, MemoryError):
            self.unreadable[path] = "nested too deeply to be parsed"
        return None


def _parsed(source: str) -> ast.Module:
    """Parse source, also where it is written for a newer Python than ours."""
    try:
        return ast.parse(source)
    except SyntaxError as error:
        try:
            return ast.parse(rewritten(source))
        except SyntaxError:
            raise error from None
