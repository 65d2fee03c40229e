"""Lines of bounded length, whatever the blocks in which they come."""

import io

import pytest

from interfaces.flows.lines import OverLong, batches


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize(
    ("stream", "lines"),
    [
        (b"", []),
        (b"one", [b"one"]),
        (b"one\n", [b"one"]),
        (b"one\r\ntwo\r\n", [b"one", b"two"]),
        (b"\n\none\n\n", [b"", b"", b"one", b""]),
        (b"123456\n1234567\n12345678", [b"123456", OverLong(7), OverLong(8)]),
    ],
)
def test_lines_are_split_at_their_ends_and_long_ones_only_counted(
    stream: bytes, lines: list[bytes | OverLong], size: int
) -> None:
    source = io.BytesIO(stream)
    assert [line for batch in batches(lambda: source.read(size), limit=6) for line in batch] == lines


def test_a_block_with_two_lines_is_one_batch_and_a_half_line_waits() -> None:
    blocks = iter([b"one\ntwo\nthr", b"ee\n", b""])
    assert list(batches(lambda: next(blocks), limit=9)) == [[b"one", b"two"], [b"three"]]
