import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def test_without_a_file_the_catalogue_goes_to_standard_output(run: Run, census: str) -> None:
    document = json.loads(run("export", "--db", census).out)
    assert [server["slug"] for server in document["servers"]] == ["org-server-files", "mail"]
    lines = run("export", "--format", "jsonl", "--db", census).out.splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["deleteFile", "list_files", "run_command"]


def test_a_file_is_written_whole_and_the_same_every_time(run: Run, census: str, tmp_path: Path) -> None:
    written = []
    for name in ("a.json", "b.json"):
        answer = run("export", "--out", str(tmp_path / name), "--db", census)
        assert (answer.code, answer.out) == (0, "")
        assert f"3 tools in {tmp_path / name}" in answer.err
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    assert written[0].decode() == run("export", "--db", census).out


def test_json_says_what_was_written(run: Run, census: str, tmp_path: Path) -> None:
    out = str(tmp_path / "c.jsonl")
    assert json.loads(run("export", "--format", "jsonl", "--out", out, "--json", "--db", census).out) == {
        "out": out,
        "format": "jsonl",
        "tools": 3,
        "generated": "2026-01-01T00:00:00Z",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "xml"], "--format does not know xml"),
        (["--out", "/nowhere/at/all.json"], "cannot be written: No such file or directory"),
    ],
)
def test_a_mistake_is_one_line(run: Run, census: str, arguments: list[str], message: str) -> None:
    answer = run("export", *arguments, "--db", census)
    assert answer.code == 2
    assert message in answer.err
