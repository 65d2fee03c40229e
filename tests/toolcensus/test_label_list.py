"""Labels without text: written sorted, read back whole, and refused line by line."""

from pathlib import Path

import pytest

from toolcensus.errors import InputError
from toolcensus.label_list import Known, read_labels, write_labels


def known(tool: str, digest: str, reason: str = "") -> Known:
    return Known(
        server="s", tool=tool, digest=digest, category="Read", effects=("personal",), bounds=(), risk="low",
        reason=reason, vendor="v", reader="r",
    )  # fmt: skip


def test_what_is_written_is_sorted_and_read_again(tmp_path: Path) -> None:
    write_labels(tmp_path / "a.jsonl", [known("z", "2"), known("b", "1")])
    assert [label.tool for label in read_labels(tmp_path)] == ["b", "z"]


def test_the_first_label_of_a_definition_counts(tmp_path: Path) -> None:
    write_labels(tmp_path / "b.jsonl", [known("t", "1", "second")])
    write_labels(tmp_path / "a.jsonl", [known("t", "1", "first")])
    assert [label.reason for label in read_labels(tmp_path)] == ["first"]


@pytest.mark.parametrize("line", [b"{}", b"not JSON", b'{"category": "Maybe"}', b"\xff", b" " * 70_000])
def test_a_line_that_is_no_label_is_named(tmp_path: Path, line: bytes) -> None:
    write_labels(tmp_path / "a.jsonl", [known("t", "1")])
    with (tmp_path / "a.jsonl").open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(InputError, match=r"a\.jsonl, line 2"):
        read_labels(tmp_path)


def test_an_empty_folder_holds_no_label(tmp_path: Path) -> None:
    assert read_labels(tmp_path) == []
