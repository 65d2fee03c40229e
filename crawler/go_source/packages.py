"""The program's own packages: which files they are made of, what they declare, and what their imports mean."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import tree_sitter_go
from tree_sitter import Language, Node, Parser

from crawler.go_source.limits import FILES
from crawler.go_source.values import Scope, text_of

LANGUAGE: Final = Language(tree_sitter_go.language())
MODULE: Final = re.compile(r"^\s*module\s+\"?([^\s\"]+)", re.MULTILINE)
LEFT_OUT: Final = frozenset({"vendor", "testdata", "third_party", "node_modules"})
SAMPLES: Final = re.compile(
    r"^(?:\.\.|_?examples?|samples?|demos?|e2e|tests?|testing|mocks?|fixtures?|hack|scripts?|docs?)$"
)
VERSION: Final = re.compile(r"v\d+")
IGNORED: Final = re.compile(r"^//\s*(?:go:build|\+build)\s+(?:ignore|tools)\b", re.MULTILINE)
MAKES: Final = re.compile(r"\b(?:AddTools?|RegisterTools?|NewTool|NewServerTool|SetTools)\b|\bTool\s*\{")
WORD: Final = re.compile(r"[A-Za-z_]\w*")
SPECS: Final = {"const_spec", "var_spec", "type_spec", "type_alias"}


@dataclass(slots=True)
class File:
    """One source file: its path, and the import path that each of its names stands for."""

    path: str
    imports: dict[str, str]


@dataclass(slots=True)
class Declared:
    """A constant, variable, function or type at the top of a file; `count` is a constant's place in its group."""

    node: Node
    file: File
    count: int = 0
    like: Node | None = None


@dataclass(slots=True, eq=False)
class Package:
    """A folder's package: its name, its files, what it declares, and its variables once they were asked for."""

    folder: str
    name: str
    files: list[File] = field(default_factory=list)
    values: dict[str, Declared] = field(default_factory=dict)
    functions: dict[str, Declared] = field(default_factory=dict)
    methods: dict[str, dict[str, Declared]] = field(default_factory=dict)
    types: dict[str, Declared] = field(default_factory=dict)
    starts: list[Declared] = field(default_factory=list)
    scope: Scope = field(default_factory=Scope)


class Program:
    """All packages of the tree, by folder and by import path."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self.modules = sorted(
            (
                (found[1], posixpath.dirname(path))
                for path, text in files.items()
                if posixpath.basename(path) == "go.mod" and (found := MODULE.search(text))
            ),
            key=lambda module: -len(module[0]),
        )
        self.packages: dict[str, Package] = {}
        self.leading: set[str] | None = None
        parser = Parser(LANGUAGE)
        for path in own_files(files):
            self.add(path, parser)

    def add(self, path: str, parser: Parser) -> None:
        """Read one file into its folder's package."""
        root = parser.parse(self.files[path].encode("utf-8", errors="replace")).root_node
        clause = next((node for node in root.named_children if node.type == "package_clause"), None)
        if clause is None or IGNORED.search(self.files[path][:2000]):
            return
        folder, name = posixpath.dirname(path), text_of(clause.named_children[0])
        package = self.packages.setdefault(folder, Package(folder, name))
        file = File(path, dict(imports(root)))
        package.files.append(file)
        for node in root.named_children:
            declare(package, file, node)

    def find(self, imported: str) -> Package | None:
        """Return the program's own package of an import path."""
        for module, folder in self.modules:
            if imported == module or imported.startswith(f"{module}/"):
                inside = imported[len(module) :].strip("/")
                return self.packages.get(posixpath.join(folder, inside).strip("/"))
        return None

    def leads_to_tools(self, name: str) -> bool:
        """Say whether a function of this name may lead to one that makes or registers a tool."""
        if self.leading is None:
            self.leading = leading(self.packages.values())
        return name in self.leading

    def mains(self) -> list[Package]:
        """Return the packages that are commands, the likeliest to be the server first."""
        named = [package for package in self.packages.values() if package.name == "main"]
        found = [each for each in named if "main" in each.functions and not each.folder.startswith("..")]
        servers = [package for package in found if not is_sample(package.folder)] or found
        return sorted(
            servers, key=lambda package: (-likeliness(package.folder), package.folder.count("/"), package.folder)
        )


def leading(packages: Iterable[Package]) -> set[str]:
    """Return the names of all functions that mention a tool, or a function that leads to one."""
    mentioned: dict[str, set[str]] = {}
    found: list[str] = []
    for package in packages:
        methods = [item for each in package.methods.values() for item in each.items()]
        for name, declared in [*package.functions.items(), *methods]:
            text = text_of(declared.node)
            if MAKES.search(text):
                found.append(name)
            for word in set(WORD.findall(text)):
                mentioned.setdefault(word, set()).add(name)
    reached = set(found)
    while found:
        new = mentioned.get(found.pop(), set()) - reached
        reached |= new
        found += new
    return reached


def own_files(files: Mapping[str, str]) -> list[str]:
    """Return the paths of the program's own Go files: no tests, no copies of other modules."""
    kept = [
        path
        for path in sorted(files)
        if path.endswith(".go") and not path.endswith("_test.go") and LEFT_OUT.isdisjoint(path.split("/"))
    ]
    return kept[:FILES]


def is_sample(folder: str) -> bool:
    """Say whether a folder holds examples, tests or tools of the project instead of the server."""
    return any(SAMPLES.match(part) for part in folder.split("/"))


def likeliness(folder: str) -> int:
    """Say how much a command's folder looks like the server's."""
    name = folder.rpartition("/")[2].lower()
    return 2 * ("mcp" in name) + ("server" in name) + (not folder)


def imports(root: Node) -> Iterator[tuple[str, str]]:
    """Yield the names that a file imports, with their import paths."""
    for declaration in root.named_children:
        if declaration.type == "import_declaration":
            for spec in specs(declaration):
                path = text_of(spec.child_by_field_name("path")).strip('"`')
                name = spec.child_by_field_name("name")
                yield (text_of(name) if name is not None else usual_name(path)), path


def usual_name(path: str) -> str:
    """Return the name that a package of this import path most likely has."""
    parts = path.split("/")
    last = parts[-2] if len(parts) > 1 and VERSION.fullmatch(parts[-1]) else parts[-1]
    last = re.sub(r"\.v\d+$", "", last)
    last = last.removeprefix("go-").removesuffix("-go").removesuffix(".go")
    return last.replace("-", "_")


def specs(declaration: Node) -> Iterator[Node]:
    """Yield the specs of a declaration, whether or not they stand in parentheses."""
    for node in declaration.named_children:
        if node.type.endswith("_spec_list"):
            yield from node.named_children
        elif node.type.endswith("_spec") or node.type == "type_alias":
            yield node


def declare(package: Package, file: File, node: Node) -> None:
    """Add what a node at a file's top declares to its package."""
    if node.type == "function_declaration":
        name = text_of(node.child_by_field_name("name"))
        if name == "init":
            package.starts.append(Declared(node, file))
        else:
            package.functions.setdefault(name, Declared(node, file))
    elif node.type == "method_declaration":
        receiver = receiver_type(node)
        name = text_of(node.child_by_field_name("name"))
        package.methods.setdefault(receiver, {}).setdefault(name, Declared(node, file))
    elif node.type == "type_declaration":
        for spec in specs(node):
            package.types.setdefault(text_of(spec.child_by_field_name("name")), Declared(spec, file))
    elif node.type in {"const_declaration", "var_declaration"}:
        for name, declared in values(node, file):
            package.values.setdefault(name, declared)


def values(node: Node, file: File) -> Iterator[tuple[str, Declared]]:
    """Yield the constants or variables of a declaration; a constant without a value repeats the one before it."""
    like: Node | None = None
    for count, spec in enumerate(each for each in specs(node) if each.type in SPECS):
        given = spec.child_by_field_name("value")
        if given is not None:
            like = spec
        for name in spec.children_by_field_name("name"):
            if name.type == "identifier":
                repeated = like if given is None and spec.type == "const_spec" else None
                yield text_of(name), Declared(spec, file, count, repeated)


def receiver_type(method: Node) -> str:
    """Return the name of the type that a method belongs to."""
    receiver = method.child_by_field_name("receiver")
    declared = receiver.named_children[0] if receiver is not None and receiver.named_children else None
    kind = declared.child_by_field_name("type") if declared is not None else None
    while kind is not None and kind.type in {"pointer_type", "generic_type", "parenthesized_type"}:
        kind = kind.child_by_field_name("type") or (kind.named_children[0] if kind.named_children else None)
    return text_of(kind)
