"""The census of remote endpoints."""

from pathlib import Path

import pytest

from crawler.sources import census
from toolcensus.errors import InputError

SAVED = Path(__file__).parents[2] / "sources" / "census"
SEEN = "2026-11-24T00:00:00Z"
TABLE = (SAVED / "remote_mcp_servers.csv").read_bytes()
(REQUEST,) = census.start(None, has_key=False)


def test_endpoint_is_a_server_where_it_was_verified_and_a_mention_where_it_only_looks_like_one() -> None:
    kite, tea = census.read(REQUEST, TABLE, SEEN).sightings
    assert (kite.source_id, kite.remotes, kite.name) == (
        "https://kite.example.org/mcp",
        ("https://kite.example.org/mcp",),
        "Kite",
    )
    assert (kite.version, kite.website, kite.mentions) == ("1.2.0", "https://kite.example.org/docs", False)
    assert (tea.name, tea.version, tea.website, tea.mentions) == ("tea.example.org", None, None, True)


@pytest.mark.parametrize("row", [b"a,b\n", b"a,ftp://b,c,d,e,f,g,h\n", b"a,https://b,c,d,e,f,g,h,i\n"])
def test_row_that_is_no_endpoint_is_a_flaw(row: bytes) -> None:
    found = census.read(REQUEST, TABLE + row, SEEN)
    assert [flaw.where for flaw in found.flaws] == ["/line 4"]
    assert len(found.sightings) == 2


@pytest.mark.parametrize(("body", "why"), [(b"<html>", "no column"), (b"", "no column"), (b"\xff", "no UTF-8")])
def test_what_is_no_such_table_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        census.read(REQUEST, body, SEEN)
