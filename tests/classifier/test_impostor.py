"""Names that belong to another server's well-known tool."""

from classifier.impostor import find
from toolcensus.records import Tool


def test_a_well_known_name_on_another_server_is_shadowing() -> None:
    (finding,) = find(Tool(name="brave_web_search"), "pkg:npm/free-search")
    assert (finding.kind, finding.field, finding.start, finding.end) == ("shadowing", "name", 0, 16)


def test_its_own_server_an_unknown_server_and_an_ordinary_name_are_no_finding() -> None:
    assert list(find(Tool(name="brave_web_search"), "pkg:npm/%40brave/brave-search-mcp-server")) == []
    assert list(find(Tool(name="brave_web_search"), None)) == []
    assert list(find(Tool(name="web_search"), "pkg:npm/free-search")) == []
