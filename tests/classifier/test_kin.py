"""Kin never stand on both sides of a split."""

import pytest

from classifier.kin import Origin, folds_of, kin_of, owner_of
from toolcensus.records import Tool

LONG = "Reads the weather of a city and says how it will be tomorrow"


def origin(vendor: str, server: str, description: str | None = None) -> Origin:
    return Origin(vendor, server, Tool(name="x", description=description))


def test_one_vendor_one_owner_or_one_opening_makes_kin() -> None:
    families = kin_of(
        [
            origin("Acme", "@acme-labs/one"),
            origin("acme", "github.com/other/two"),
            origin("third", "github.com/other/three", LONG),
            origin("fourth", "@fourth/mcp", f"{LONG}!"),
            origin("fifth", "@fifth/mcp", "Short."),
            origin("sixth", "@sixth/mcp", "Short."),
        ]
    )
    assert len(set(families[:4])) == 1, "vendor, owner, and the same words lead from one to the next"
    assert len(set(families)) == 3, "a few words in common are no kinship"


@pytest.mark.parametrize(
    ("server", "owner"),
    [
        ("@acme/files", "acme"),
        ("github.com/Acme/files/sub", "acme"),
        ("pkg:npm/%40acme/files", "acme"),
        ("pkg:pypi/mcp-files", "mcp-files"),
        ("22.@acme/files", "acme"),
        ("", ""),
    ],
)
def test_the_owner_is_what_a_key_begins_with(server: str, owner: str) -> None:
    assert owner_of(server) == owner


def test_folds_hold_whole_families_and_are_about_equal() -> None:
    families = ["big"] * 6 + ["a", "a", "b", "b", "c", "d", "e", "f"]
    folds = folds_of(families, 2)
    assert len(set(folds[:6])) == 1
    assert sorted((folds.count(0), folds.count(1))) == [7, 7]
    assert folds == folds_of(families, 2)
