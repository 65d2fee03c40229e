"""The starter list: what travels with the program, and what a wrong list is told."""

from pathlib import Path

import msgspec
import pytest

from crawler.sources import starter
from toolcensus.errors import InputError
from toolcensus.records import Sighting
from toolcensus.resources import data_file

SAVED = Path(__file__).parents[2] / "sources" / "starter"
SEEN = "2026-11-24T00:00:00Z"


def test_list_that_travels_with_the_program_names_ninety_servers_or_more_each_pinned() -> None:
    found = list(starter.sightings(data_file("starter.toml").read_bytes(), SEEN))
    least, most = starter.EXPECTED
    assert least <= len({sighting.source_id for sighting in found}) == len(found) <= most
    assert all(sighting.version and sighting.packages[0].endswith(f"@{sighting.version}") for sighting in found)


def test_saved_list_becomes_the_saved_sightings() -> None:
    found = starter.sightings((SAVED / "list.toml").read_bytes(), SEEN)
    saved = msgspec.json.decode((SAVED / "sightings.json").read_bytes(), type=list[Sighting])
    assert list(found) == saved


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"[[server]\n", "is no TOML"),
        (b"\xff\xfe", "is no TOML"),
        (b"server = 7", r"at `\$\.server`"),
        (b"", "missing required field `server`"),
        (b'[[server]]\npackage = "pkg:pypi/a@1"', r"missing required field `name` - at `\$\.server\[0\]`"),
        (b'[[server]]\npackage = "pkg:pypi/a@1"\nname = "A"\nstars = 7', "unknown field `stars`"),
        (b'[[server]]\npackage = "pypi/a"\nname = "A"', r"at `\$\.server\[0\]`: 'pypi/a' is no package URL"),
        (b'[[server]]\npackage = "pkg:pypi/a"\nname = "A"', r"at `\$\.server\[0\]`: pkg:pypi/a pins no version"),
    ],
)
def test_wrong_list_is_told_the_table_and_the_field(document: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        list(starter.sightings(document, SEEN))
