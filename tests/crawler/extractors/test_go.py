"""The Go extractor reads a saved module as its author meant it; `tools.json` beside it says what that is."""

from pathlib import Path

import msgspec
import pytest

from crawler.archive import read_tree
from crawler.extractor import Extraction
from crawler.extractors import go
from crawler.source_tree import SourceTree

SAMPLES = Path(__file__).parents[2] / "extractors" / "go"


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.iterdir()))
def test_a_saved_module_is_read_as_it_is_meant(sample: str) -> None:
    tree, _ = read_tree(SAMPLES / sample, go.SUFFIXES)
    found = msgspec.json.decode(msgspec.json.encode(go.extract(tree)))
    expected = msgspec.json.decode((SAMPLES / sample / "tools.json").read_bytes())
    assert found == expected


def test_a_tree_without_go_is_nothing_to_it() -> None:
    assert go.extract(SourceTree({"server.py": "mcp.tool(add)", "a.json": "{}"})) == Extraction()
