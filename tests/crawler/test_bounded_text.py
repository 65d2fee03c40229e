"""What is kept of a stranger's texts."""

import pytest

from crawler.bounded_text import LONGEST, bounded, is_usable_id
from toolcensus.records import Sighting, Tool

PLAIN = Sighting(source="s", source_id="1", seen="2026-01-01T00:00:00Z", name="Ünicode 🪁", description="x")


def test_plain_text_is_kept_as_it_is() -> None:
    assert bounded(PLAIN) == (PLAIN, "")


@pytest.mark.parametrize(
    ("written", "kept", "damaged"),
    [
        ({"description": "a\0b"}, {"description": "a�b"}, "description"),
        ({"description": "a\ud800b"}, {"description": "a�b"}, "description"),
        ({"description": "x" * 300_000}, {"description": "x" * LONGEST["description"]}, "description"),
        ({"version": "1" * 900}, {"version": "1" * LONGEST["version"]}, ""),
        ({"repository": "https://a/" + "x" * 3000}, {"repository": None}, ""),
        ({"repository": "https://a/\0"}, {"repository": None}, "repository"),
        ({"remotes": ("https://a/\0", "https://b/")}, {"remotes": ("https://b/",)}, "remotes"),
        ({"tools": (Tool(name="a"), Tool(name="\0"))}, {"tools": (Tool(name="a"),)}, "tools"),
        ({"tools": (Tool(name="a", description="x" * 200_000),)}, {"tools": ()}, "tools"),
    ],
)
def test_text_is_made_safe_and_damage_is_told(
    written: dict[str, object], kept: dict[str, object], damaged: str
) -> None:
    fields = {name: getattr(PLAIN, name) for name in PLAIN.__struct_fields__}
    assert bounded(Sighting(**fields | written)) == (Sighting(**fields | kept), damaged)


@pytest.mark.parametrize(
    ("text", "usable"), [("a/b", True), ("", False), (" ", False), ("a\0", False), ("x" * 2000, False)]
)
def test_id_must_be_something_that_can_be_called(text: str, usable: bool) -> None:
    assert is_usable_id(text) is usable
