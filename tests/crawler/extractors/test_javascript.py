"""The JavaScript extractor reads a saved package as its author meant it; `tools.json` beside it says what that is."""

from pathlib import Path

import msgspec
import pytest

from crawler.archive import read_tree
from crawler.extractor import Extraction
from crawler.extractors import javascript
from crawler.source_tree import SourceTree

SAMPLES = Path(__file__).parents[2] / "extractors" / "javascript"


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.iterdir()))
def test_a_saved_package_is_read_as_it_is_meant(sample: str) -> None:
    tree, _ = read_tree(SAMPLES / sample, javascript.SUFFIXES)
    found = msgspec.json.decode(msgspec.json.encode(javascript.extract(tree)))
    expected = msgspec.json.decode((SAMPLES / sample / "tools.json").read_bytes())
    assert found == expected


def test_a_tree_without_javascript_is_nothing_to_it() -> None:
    assert javascript.extract(SourceTree({"server.py": "mcp.tool(add)", "a.json": "{}"})) == Extraction()
