"""Reads an artefact (npm tarball, wheel, sdist, zip, folder or single file) into memory; nothing is ever unpacked.

Formats: POSIX tar (pax and GNU) with or without gzip, and zip, told apart by their first bytes and not by their names.
"""

import gzip
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from crawler.manifest import MANIFESTS, describe
from crawler.members import (
    DEFAULT_LIMITS,
    FETCH_AGAIN,
    SKIPPED_FOLDERS,
    Limits,
    Member,
    folder_members,
    safe_path,
    tar_members,
    zip_members,
)
from crawler.nested import rooted
from crawler.source_tree import SourceTree
from toolcensus.errors import InputError, LimitError
from toolcensus.records import Unresolved

DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
BROKEN = (
    tarfile.TarError,
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    EOFError,
    struct.error,
    NotImplementedError,
)


def read_tree(
    path: Path, wanted: tuple[str, ...], limits: Limits = DEFAULT_LIMITS
) -> tuple[SourceTree, tuple[Unresolved, ...]]:
    """Read the source files that end with one of `wanted`, and the manifests, and say what was passed over.

    `path` may lead on into an archive: `repository.tar.gz/packages/server` is that folder of it.
    Raises InputError where `path` is missing, truncated or no artefact, LimitError where it is over `limits`.
    """
    path, folder = _entered(path)
    with _explained(path):
        if path.is_dir():
            files, notes = _collect(folder_members(path), wanted, limits)
            return _tree(files), notes
        kind = _kind(path)
        if kind == "file":
            return _single(path, wanted, limits)
        members = zip_members(path, limits) if kind == "zip" else tar_members(path, kind, limits)
        files, notes = _collect(members, wanted, limits)
        files = {**_required(path, wanted, limits), **_without_top(files)}
        return (_of_folder(files, folder, path) if folder else _tree(files)), notes


def required_folder(path: Path) -> Path:
    """Return the folder beside an artefact for those of npm packages that it needs, each under its quoted name."""
    return path.with_name(f"{path.name}.required")


def _required(path: Path, wanted: tuple[str, ...], limits: Limits) -> dict[str, str]:
    """Read the packages that an artefact needs, as if they were installed in it."""
    files: dict[str, str] = {}
    folder = required_folder(path)
    for each in sorted(folder.iterdir()) if folder.is_dir() else ():
        found, _ = _collect(tar_members(each, _kind(each), limits), wanted, limits)
        home = f"node_modules/{unquote(each.name)}/"
        files |= {home + inner: text for inner, text in _without_top(found).items()}
    return files


def _entered(path: Path) -> tuple[Path, str]:
    """Split a path that leads on into an archive: the archive, and the folder in it."""
    for above in path.parents:
        if above.is_file():
            return above, path.relative_to(above).as_posix()
    return path, ""


def _of_folder(files: dict[str, str], folder: str, path: Path) -> SourceTree:
    wanted = folder
    if not any(each.startswith(f"{folder}/") for each in files):
        folder = folder.rpartition("/")[0] if folder in files else ""
        if not folder:
            raise InputError(f"{path.name} has no folder {wanted}", advice="the server may have moved to another one")
    return rooted(files, folder)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise InputError(f"{path.name} is truncated or corrupt: {error}", advice=FETCH_AGAIN) from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}", advice="check the path") from error


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(512)
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return "zip"
    if head[:2] == b"\x1f\x8b":
        return "gzip"
    return "tar" if head[257:262] == b"ustar" else "file"


def _single(path: Path, wanted: tuple[str, ...], limits: Limits) -> tuple[SourceTree, tuple[Unresolved, ...]]:
    if not path.name.endswith(wanted):
        known = " ".join(wanted)
        raise InputError(f"{path.name} is no archive and no source file", advice=f"source files end with: {known}")
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise LimitError(f"{path.name} has {size} bytes; {limits.file_bytes} are read of one file")
    return SourceTree(files={path.name: decode(path.read_bytes())}), ()


def _collect(
    members: Iterable[Member], wanted: tuple[str, ...], limits: Limits
) -> tuple[dict[str, str], tuple[Unresolved, ...]]:
    files: dict[str, str] = {}
    notes: list[Unresolved] = []
    total = 0
    for count, member in enumerate(members, start=1):
        if count > limits.members:
            raise LimitError(f"it holds more than {limits.members} files", advice="name the package's own folder")
        path = safe_path(member.path)
        if not _is_wanted(path, wanted):
            continue
        reason = member.passed_over
        if member.size > limits.file_bytes:
            reason = f"{member.size} bytes; {limits.file_bytes} are read of one file"
        if reason:
            notes.append(Unresolved(where=path, reason=reason))
            continue
        total += member.size
        if total > limits.text_bytes:
            raise LimitError(f"its source files have more than {limits.text_bytes} bytes together")
        files[path] = decode(member.read())
    return files, tuple(notes)


def _is_wanted(path: str, wanted: tuple[str, ...]) -> bool:
    *folders, name = path.split("/")
    if not SKIPPED_FOLDERS.isdisjoint(folders) or name.endswith(DECLARATIONS):
        return False
    return name.endswith(wanted) or name in MANIFESTS


def _without_top(files: dict[str, str]) -> dict[str, str]:
    """Drop the folder that packers put around everything (`package/`, `name-1.0/`), as npm does for odd names too."""
    tops = {path.split("/", 1)[0] for path in files}
    one_folder = len(tops) == 1 and all("/" in path for path in files) and not _is_wheel_part(files)
    if not one_folder and "package/package.json" not in files:
        return files
    return {path.split("/", 1)[-1]: text for path, text in files.items()}


def _is_wheel_part(files: dict[str, str]) -> bool:
    return all(path.split("/", 1)[0].endswith((".dist-info", ".egg-info")) for path in files)


def _tree(files: dict[str, str]) -> SourceTree:
    about = describe(files)
    return SourceTree(files, about.package, about.ecosystem, about.entry_points)


def decode(data: bytes) -> str:
    """Return a source file's text: UTF-8, UTF-16 with its mark, else every byte as one Latin-1 character."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
