"""From an import's specifier to a file of the tree."""

import posixpath
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from crawler.manifest import sources_of

ENDINGS: Final = (".js", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".jsx", ".json")
COMPILED: Final = {
    ".js": (".ts", ".tsx", ".jsx"),
    ".mjs": (".mts",),
    ".cjs": (".cts",),
    ".jsx": (".tsx",),
}
ROOT: Final = "/package/"
"""Where the package's folder seems to be to the program that is read."""
CONDITIONS: Final = ("node", "import", "module", "require", "default")


class Resolver:
    """Resolves specifiers among the files of one tree."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self.manifests: dict[str, dict[str, Any]] = {}
        self.vendored = {path.split("node_modules/", 1)[1].split("/")[0] for path in files if "node_modules/" in path}

    def resolve(self, specifier: str, importer: str) -> str | None:
        """Return the file that a specifier means when `importer` names it, or None where it is outside."""
        if specifier.startswith(ROOT):
            return self.file(specifier.removeprefix(ROOT))
        folder = posixpath.dirname(importer)
        if specifier.startswith((".", "/")):
            return self.file(posixpath.join(folder, specifier))
        if specifier.startswith("#"):
            return self.subpath(self.manifest("package.json").get("imports"), specifier, "")
        if specifier.startswith(("@/", "~/", "src/")):
            return self.aliased(specifier.lstrip("@~/"), importer)
        own = self.manifest("package.json").get("name")
        if isinstance(own, str) and (specifier == own or specifier.startswith(own + "/")):
            return self.inside("", specifier.removeprefix(own).lstrip("/"))
        return self.dependency(specifier, folder) if self.vendored else None

    def file(self, path: str) -> str | None:
        """Return the file at a path that may lack its ending, stand for a compiled one, or be a folder."""
        path = posixpath.normpath(path).lstrip("/")
        if path in self.files:
            return path
        stem, ending = posixpath.splitext(path)
        candidates = [stem + other for other in COMPILED.get(ending, ())]
        candidates += [path + ending for ending in ENDINGS]
        found = next((candidate for candidate in candidates if candidate in self.files), None)
        if found is None and posixpath.join(path, "package.json") in self.files:
            found = self.inside(path, "")
        if found is not None:
            return found
        indexes = (posixpath.join(path if path != "." else "", "index" + ending) for ending in ENDINGS)
        found = next((candidate for candidate in indexes if candidate in self.files), None)
        return found or self.uncompiled(path)

    def uncompiled(self, path: str) -> str | None:
        """Return the source of a file that a compiler would have written, where there is only the source."""
        home = ""
        if path.startswith("node_modules/"):
            pieces = path.split("/")
            home = "/".join(pieces[: 3 if pieces[1].startswith("@") else 2]) + "/"
        found = (home + source for source in sources_of(path.removeprefix(home)))
        return next((candidate for candidate in found if candidate in self.files), None)

    def inside(self, folder: str, subpath: str) -> str | None:
        """Return the file that a package in `folder` gives for a subpath, by its `exports` and `main`."""
        manifest = self.manifest(posixpath.join(folder, "package.json"))
        wanted = f"./{subpath}" if subpath else "."
        found = self.subpath(manifest.get("exports"), wanted, folder)
        if found is not None:
            return found
        if subpath:
            return self.file(posixpath.join(folder, subpath))
        for key in ("module", "main"):
            main = manifest.get(key)
            path = self.file(posixpath.join(folder, main)) if isinstance(main, str) and main not in {"", "."} else None
            if path is not None:
                return path
        candidates = (posixpath.join(folder, "index" + ending) for ending in ENDINGS)
        return next((candidate for candidate in candidates if candidate in self.files), None)

    def subpath(self, mapping: object, wanted: str, folder: str) -> str | None:
        """Look a subpath up in `exports` or `imports`, whose patterns may hold one star."""
        if not isinstance(mapping, dict) or not any(str(key).startswith((".", "#")) for key in mapping):
            target = self.condition(mapping) if wanted == "." else None
            return self.file(posixpath.join(folder, target)) if target else None
        for pattern, entry in mapping.items():
            head, star, tail = str(pattern).partition("*")
            matches = wanted == pattern or (star and wanted.startswith(head) and wanted.endswith(tail))
            target = self.condition(entry) if matches else None
            if target:
                middle = wanted[len(head) : len(wanted) - len(tail)] if star else ""
                return self.file(posixpath.join(folder, target.replace("*", middle)))
        return None

    def condition(self, entry: object) -> str | None:
        """Return the file that an entry of `exports` names under Node's conditions."""
        for _level in range(6):
            if isinstance(entry, str):
                return entry
            if isinstance(entry, list):
                entry = entry[0] if entry else None
            elif isinstance(entry, dict):
                entry = next((entry[name] for name in CONDITIONS if name in entry), None)
        return None

    def aliased(self, rest: str, importer: str) -> str | None:
        """Return the file of a path written from the source folder's top, as `tsconfig` aliases allow."""
        tops = dict.fromkeys(
            [importer.split("/", maxsplit=1)[0] if "/" in importer else "", "src", "dist", "build", "lib", ""]
        )
        found = (self.file(posixpath.join(top, rest)) for top in tops)
        return next((path for path in found if path is not None), None)

    def dependency(self, specifier: str, folder: str) -> str | None:
        """Return the file of a package that the tree carries in a `node_modules` folder."""
        pieces = specifier.split("/")
        count = 2 if specifier.startswith("@") else 1
        name, subpath = "/".join(pieces[:count]), "/".join(pieces[count:])
        while True:
            home = posixpath.join(folder, "node_modules", name)
            found = self.inside(home, subpath) if posixpath.join(home, "package.json") in self.files else None
            if found is not None or not folder:
                return found
            folder = posixpath.dirname(folder)

    def manifest(self, path: str) -> dict[str, Any]:
        """Return a `package.json`, empty where there is none that can be read."""
        if path not in self.manifests:
            try:
                document = msgspec.json.decode(self.files.get(path, "{}").encode())
            except (msgspec.DecodeError, RecursionError, UnicodeError):
                document = {}
            self.manifests[path] = document if isinstance(document, dict) else {}
        return self.manifests[path]
