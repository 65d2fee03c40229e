"""Reads the tarball of a repository, as forges make one, out of its bytes; nothing is ever unpacked to disk."""

import io
from collections.abc import Callable

from crawler.archive import BROKEN
from crawler.members import DEFAULT_LIMITS, FETCH_AGAIN, Limits, safe_path, tar_stream_members
from toolcensus.errors import InputError, LimitError

ACCEPT = "application/x-gzip, application/gzip, */*;q=0.5"


def tarball_files(body: bytes, is_wanted: Callable[[str], bool], limits: Limits = DEFAULT_LIMITS) -> dict[str, bytes]:
    """Return the wanted plain files of a gzipped tar, sorted by their path without the top folder that forges add.

    Raises InputError where `body` is no such tar or is cut, LimitError where it is over `limits`.
    """
    files: dict[str, bytes] = {}
    total = 0
    try:
        members = tar_stream_members(io.BytesIO(body), "gzip", "the tarball", len(body), limits)
        for count, member in enumerate(members, start=1):
            path = safe_path(member.path).partition("/")[2]
            if count > limits.members:
                raise LimitError(f"the tarball holds more than {limits.members} files")
            if member.passed_over or not path or not is_wanted(path):
                continue
            total += member.size
            if member.size > limits.file_bytes or total > limits.text_bytes:
                raise LimitError(f"the tarball's file {path} has {member.size} bytes, with those before it {total}")
            files[path] = member.read()
    except BROKEN as error:
        raise InputError(f"the tarball is truncated or corrupt: {error}", advice=FETCH_AGAIN) from error
    return dict(sorted(files.items()))
