"""Tarballs of repositories, read from memory."""

import io
import tarfile

import pytest

from crawler.members import Limits
from crawler.tarball import tarball_files
from toolcensus.errors import InputError, LimitError


def tarball(files: dict[str, bytes], link: str = "") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        if link:
            entry = tarfile.TarInfo(link)
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(entry)
    return file.getvalue()


def test_wanted_files_come_sorted_without_the_top_folder_and_links_are_passed_over() -> None:
    body = tarball(
        {"kite-HEAD/b.json": b"2", "kite-HEAD/a.json": b"1", "kite-HEAD/c.md": b"3"}, link="kite-HEAD/d.json"
    )
    assert list(tarball_files(body, lambda path: path.endswith(".json")).items()) == [
        ("a.json", b"1"),
        ("b.json", b"2"),
    ]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html>", "truncated or corrupt"),
        (tarball({"k/a": b"1" * 9_000})[:-20], "truncated or corrupt"),
        (tarball({"../a": b"1"}), "leads out of it"),
    ],
)
def test_what_is_no_sound_tarball_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        tarball_files(body, lambda _: True)


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(members=1), "more than 1 files"),
        (Limits(file_bytes=1), "a has 3 bytes"),
        (Limits(text_bytes=5), "b has 3 bytes, with those before it 6"),
        (Limits(ratio=1, ratio_floor=100), "a bomb"),
    ],
)
def test_tarball_over_a_limit_is_refused(limits: Limits, why: str) -> None:
    with pytest.raises(LimitError, match=why):
        tarball_files(tarball({"k/a": b"123", "k/b": b"456"}), lambda _: True, limits)
