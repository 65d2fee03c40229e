"""Reads an artefact (npm tarball, wheel, sdist, zip, folder or single file) into memory; nothing is ever unpacked.

Formats: POSIX tar (pax and GNU) with or without gzip, and zip, told apart by their first bytes and not by their names.
"""

import gzip
import os
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from crawler.manifest import MANIFESTS, describe
from crawler.source_tree import SourceTree
from toolcensus.errors import InputError, LimitError
from toolcensus.records import Unresolved

MEBIBYTE = 1024 * 1024
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "__MACOSX", ".git", ".hg", ".tox", ".venv", "venv"})
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
DRIVE = re.compile(r"[A-Za-z]:")
WHEEL_DATA = re.compile(r"[^/]+\.data/(?:purelib|platlib)/")
FETCH_AGAIN = "fetch the file again, or ask its publisher"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a stranger's artefact is read: counts, bytes, and unpacked bytes for each packed one.

    The ratio counts only above `ratio_floor` bytes, since a small file of blanks is harmless.
    """

    members: int = 50_000
    file_bytes: int = 16 * MEBIBYTE
    text_bytes: int = 128 * MEBIBYTE
    ratio: int = 100
    ratio_floor: int = 64 * MEBIBYTE


DEFAULT_LIMITS = Limits()


class UnsafeArchiveError(InputError):
    """A member's path leaves the archive: no packager writes that by mistake."""


@dataclass(frozen=True, slots=True)
class Member:
    """One entry: its path, size in bytes, how to read it, and why it is passed over where it is no plain file."""

    path: str
    size: int
    read: Callable[[], bytes]
    passed_over: str = ""


def read_tree(
    path: Path, wanted: tuple[str, ...], limits: Limits = DEFAULT_LIMITS
) -> tuple[SourceTree, tuple[Unresolved, ...]]:
    """Read the source files that end with one of `wanted`, and the manifests, and say what was passed over.

    Raises InputError where `path` is missing, truncated or no artefact, LimitError where it is over `limits`.
    """
    with _explained(path):
        if path.is_dir():
            files, notes = _collect(_folder_members(path), wanted, limits)
            return _tree(files), notes
        kind = _kind(path)
        if kind == "file":
            return _single(path, wanted, limits)
        members = _zip_members(path, limits) if kind == "zip" else _tar_members(path, kind, limits)
        files, notes = _collect(members, wanted, limits)
        return _tree(_without_top(files)), notes


def safe_path(name: str) -> str:
    """Return a member's path, `/`-separated and relative; raise UnsafeArchiveError where it leads elsewhere."""
    path = name.replace("\\", "/")
    if "\0" in path or path.startswith("/") or DRIVE.match(path) or ".." in path.split("/"):
        raise UnsafeArchiveError(
            f"the archive holds the path {name[:200]!r}, which leads out of it", advice=FETCH_AGAIN
        )
    return "/".join(part for part in path.split("/") if part not in {"", "."})


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


def _zip_members(path: Path, limits: Limits) -> Iterator[Member]:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        _check_ratio(sum(entry.file_size for entry in entries), path, limits)
        for entry in entries:
            if entry.is_dir():
                safe_path(entry.filename)
                continue
            passed_over = "a symbolic link, which is never followed" if stat.S_ISLNK(entry.external_attr >> 16) else ""
            if entry.flag_bits & 1:
                passed_over = "encrypted"
            yield Member(
                WHEEL_DATA.sub("", entry.filename, count=1),
                entry.file_size,
                partial(archive.read, entry),
                passed_over,
            )


def _tar_members(path: Path, kind: str, limits: Limits) -> Iterator[Member]:
    with path.open("rb") as raw:
        unpacked: _Readable = gzip.GzipFile(fileobj=raw) if kind == "gzip" else raw
        stream = _Counted(unpacked, path, limits)
        with tarfile.open(fileobj=stream, mode="r|") as archive:  # type: ignore[call-overload]  # reads are all it needs
            for entry in archive:
                # The stream is read once; a list of all members would only grow.
                archive.members = []
                if entry.isdir():
                    safe_path(entry.name)
                    continue
                yield Member(entry.name, entry.size, partial(_tar_bytes, archive, entry), _passed_over(entry))
        # Only at the end of the stream does gzip compare its checksum.
        while stream.read(MEBIBYTE):
            pass


def _passed_over(entry: tarfile.TarInfo) -> str:
    if entry.issym() or entry.islnk():
        return f"a {'symbolic' if entry.issym() else 'hard'} link, which is never followed"
    return "" if entry.isreg() else "no plain file"


def _tar_bytes(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(entry)
    return file.read() if file else b""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Counted:
    """A stream that stops at the limit on unpacked bytes."""

    def __init__(self, stream: _Readable, path: Path, limits: Limits) -> None:
        self.stream, self.path, self.limits = stream, path, limits
        self.count = 0

    def read(self, size: int) -> bytes:
        data = self.stream.read(size)
        self.count += len(data)
        _check_ratio(self.count, self.path, self.limits)
        return data


def _check_ratio(unpacked: int, path: Path, limits: Limits) -> None:
    packed = path.stat().st_size
    if unpacked > max(limits.ratio_floor, packed * limits.ratio):
        raise LimitError(
            f"{path.name} unpacks to {unpacked} bytes or more from {packed}: over {limits.ratio} to one, a bomb",
            advice=FETCH_AGAIN,
        )


def _folder_members(root: Path) -> Iterator[Member]:
    for folder, names, files in os.walk(root, onerror=_raise):
        names[:] = sorted(set(names) - SKIPPED_FOLDERS)
        for name in sorted(files):
            path = Path(folder, name)
            state = path.lstat()
            passed_over = "" if stat.S_ISREG(state.st_mode) else "no plain file"
            if stat.S_ISLNK(state.st_mode):
                passed_over = "a symbolic link, which is never followed"
            yield Member(path.relative_to(root).as_posix(), state.st_size, path.read_bytes, passed_over)


def _raise(error: OSError) -> None:
    raise error


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
