"""Running the extractors over one tree and merging what they find."""

import re
from dataclasses import dataclass

from crawler.extraction import extract, method, place, shelf_of_extractors, suffixes
from crawler.extractor import Extraction
from crawler.source_tree import SourceTree
from toolcensus.records import Tool, Unresolved


@dataclass
class Fake:
    """An extractor of lines such as `tool NAME` and `tool NAME if CONDITION`."""

    NAME: str
    SUFFIXES: tuple[str, ...]
    VERSION: str = "1"

    def extract(self, tree: SourceTree) -> Extraction:
        """Read every line of every file that is its own."""
        tools, unresolved = [], []
        for path in tree.paths(*self.SUFFIXES):
            for number, line in enumerate(tree.files[path].splitlines(), start=1):
                if match := re.fullmatch(r"tool (\w+)(?: if (\w+))?", line):
                    tools.append(Tool(name=match[1], conditional=match[2], where=f"{path}:{number}"))
                else:
                    unresolved.append(Unresolved(where=f"{path}:{number}", reason=line))
        return Extraction(tools=tuple(tools), unresolved=tuple(unresolved))


@dataclass
class Endless(Fake):
    """An extractor that a deeply nested file takes too deep."""

    def extract(self, tree: SourceTree) -> Extraction:
        """Recurse for ever."""
        return self.extract(tree)


PYTHON, SCRIPT = Fake("python", (".py",)), Fake("script", (".js", ".ts"))


def test_tools_come_by_file_and_line_and_one_a_name() -> None:
    lines = ["tool read"] + ["?"] * 8 + ["tool write"]
    tree = SourceTree({"b.py": "tool read\ntool delete", "a.py": "\n".join(lines), "c.js": "tool read\ntool send"})
    found = extract(tree, [PYTHON, SCRIPT])
    assert [(tool.name, tool.where) for tool in found.tools] == [
        ("read", "a.py:1"),
        ("write", "a.py:10"),
        ("delete", "b.py:2"),
        ("send", "c.js:2"),
    ]
    assert [entry.where for entry in found.unresolved] == [f"a.py:{line}" for line in range(2, 10)]


def test_of_two_tools_of_a_name_the_unconditional_one_is_kept() -> None:
    found = extract(SourceTree({"a.py": "tool run if unsafe\ntool run\ntool stop if unsafe"}), [PYTHON])
    assert [(tool.name, tool.conditional) for tool in found.tools] == [("run", None), ("stop", "unsafe")]


def test_extractor_is_not_started_where_it_has_nothing_to_read() -> None:
    assert extract(SourceTree({"a.py": "tool read"}), [Endless("script", (".js",)), PYTHON]).tools[0].name == "read"


def test_code_nested_too_deep_is_unresolved_and_stops_no_other_extractor() -> None:
    found = extract(SourceTree({"a.py": "tool read", "a.js": ""}, package="x"), [Endless("script", (".js",)), PYTHON])
    assert [tool.name for tool in found.tools] == ["read"]
    assert found.unresolved == (Unresolved(where="x", reason="nested deeper than the script extractor can follow"),)


def test_lines_sort_as_numbers() -> None:
    assert sorted(["a.py:10", "a.py:9", "a.py", "Z:1"], key=place) == ["Z:1", "a.py", "a.py:9", "a.py:10"]
    assert place(None) == ("", 0)


def test_method_names_every_extractor_of_the_shelf_with_its_version() -> None:
    names = [extractor.NAME for extractor in shelf_of_extractors()]
    assert names == sorted(names)
    assert [part.split()[0] for part in method().split(", ") if part] == names
    assert set(suffixes()) == {suffix for extractor in shelf_of_extractors() for suffix in extractor.SUFFIXES}
