"""The entries of an archive or folder, one by one, as hostile as they come: paths, links, sizes and ratios are checked.

Formats: POSIX tar (pax and GNU) with or without gzip, and zip. Nothing is ever written to disk.
"""

import gzip
import os
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

from toolcensus.errors import InputError, LimitError

MEBIBYTE = 1024 * 1024
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "__MACOSX", ".git", ".hg", ".tox", ".venv", "venv"})
DRIVE = re.compile(r"[A-Za-z]:")
WHEEL_DATA = re.compile(r"[^/]+\.data/(?:purelib|platlib)/")
FETCH_AGAIN = "fetch the file again, or ask its publisher"
LINK = "a symbolic link, which is never followed"


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


def safe_path(name: str) -> str:
    """Return a member's path, `/`-separated and relative; raise UnsafeArchiveError where it leads elsewhere."""
    path = name.replace("\\", "/")
    if "\0" in path or path.startswith("/") or DRIVE.match(path) or ".." in path.split("/"):
        raise UnsafeArchiveError(
            f"the archive holds the path {name[:200]!r}, which leads out of it", advice=FETCH_AGAIN
        )
    return "/".join(part for part in path.split("/") if part not in {"", "."})


def zip_members(path: Path, limits: Limits) -> Iterator[Member]:
    """Yield a zip's files; raise LimitError where they would unpack to too much."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        _check_ratio(sum(entry.file_size for entry in entries), path.name, path.stat().st_size, limits)
        for entry in entries:
            if entry.is_dir():
                safe_path(entry.filename)
                continue
            passed_over = LINK if stat.S_ISLNK(entry.external_attr >> 16) else ""
            if entry.flag_bits & 1:
                passed_over = "encrypted"
            yield Member(
                WHEEL_DATA.sub("", entry.filename, count=1),
                entry.file_size,
                partial(archive.read, entry),
                passed_over,
            )


def tar_members(path: Path, kind: str, limits: Limits) -> Iterator[Member]:
    """Yield the files of a tar (`kind` is `gzip` or `tar`), each to be read before the next; raise as `zip_members`."""
    with path.open("rb") as raw:
        yield from tar_stream_members(raw, kind, path.name, path.stat().st_size, limits)


def tar_stream_members(raw: BinaryIO, kind: str, name: str, packed: int, limits: Limits) -> Iterator[Member]:
    """Yield the files of a tar of `packed` bytes that is called `name`, as `tar_members` does."""
    stream = _Counted(gzip.GzipFile(fileobj=raw) if kind == "gzip" else raw, name, packed, limits)
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
        return LINK if entry.issym() else "a hard link, which is never followed"
    return "" if entry.isreg() else "no plain file"


def _tar_bytes(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(entry)
    return file.read() if file else b""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Counted:
    """A stream that stops at the limit on unpacked bytes."""

    def __init__(self, stream: _Readable, name: str, packed: int, limits: Limits) -> None:
        self.stream, self.name, self.packed, self.limits = stream, name, packed, limits
        self.count = 0

    def read(self, size: int) -> bytes:
        data = self.stream.read(size)
        self.count += len(data)
        _check_ratio(self.count, self.name, self.packed, self.limits)
        return data


def _check_ratio(unpacked: int, name: str, packed: int, limits: Limits) -> None:
    if unpacked > max(limits.ratio_floor, packed * limits.ratio):
        raise LimitError(
            f"{name} unpacks to {unpacked} bytes or more from {packed}: over {limits.ratio} to one, a bomb",
            advice=FETCH_AGAIN,
        )


def folder_members(root: Path) -> Iterator[Member]:
    """Yield a folder's files, sorted, without following links or entering dependencies."""
    for folder, names, files in os.walk(root, onerror=_raise):
        names[:] = sorted(set(names) - SKIPPED_FOLDERS)
        for name in sorted(files):
            path = Path(folder, name)
            state = path.lstat()
            passed_over = "" if stat.S_ISREG(state.st_mode) else "no plain file"
            if stat.S_ISLNK(state.st_mode):
                passed_over = LINK
            yield Member(path.relative_to(root).as_posix(), state.st_size, path.read_bytes, passed_over)


def _raise(error: OSError) -> None:
    raise error
