"""`toolcensus train` and `toolcensus evaluate`: from labels and an index to a model, and how well it holds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from classifier.label import label_with
from classifier.model import read_model
from toolcensus import database, listings, store
from toolcensus.canonical import digest
from toolcensus.label_list import Known, write_labels
from toolcensus.records import Listing, Server, Sighting, Tool

AT = "2026-01-01T00:00:00Z"
KINDS = (
    ("get_{}", "Get one {}", "Read", (), "low"),
    ("list_{}s", "List every {}", "Read", (), "low"),
    ("zap_{}", "Zap a {} for good", "Write", ("destructive",), "high"),
    ("run_{}", "Run the code of a {}", "Execute", ("code",), "critical"),
)
"""What each made-up vendor's server offers: name, text, and the label."""


@pytest.fixture
def taught(tmp_path: Path) -> tuple[str, Path]:
    """Make an index of twenty servers and the labels of their tools."""
    index, labels = str(tmp_path / "index.db"), tmp_path / "labels"
    labels.mkdir()
    known: list[Known] = []
    engine = database.open_index(index)
    with engine.begin() as connection:
        for letter in "abcdefghijklmnopqrst":
            key = f"github.com/v{letter}/server"
            tools = [
                Tool(name=name.format(f"t{letter}"), description=text.format(f"t{letter}")) for name, text, *_ in KINDS
            ]
            hinted = Tool(name=f"view_t{letter}", annotations={"readOnlyHint": True})
            store.save_sightings(connection, [Sighting(source="starter", source_id=letter, seen=AT, name=letter)])
            server = Server(key=key, slug=letter, name=letter)
            store.save_server(connection, server, evidence={("starter", letter): "package"})
            listing = Listing(server=key, way="static", at=AT, outcome="listed", tools=(*tools, hinted))
            listings.save_listings(connection, [listing])
            for tool, (_, _, category, effects, risk) in zip(tools, KINDS, strict=True):
                known.append(
                    Known(
                        server=key, tool=tool.name, digest=digest(tool), category=category, effects=effects, bounds=(),
                        risk=risk, reason="", vendor=f"v{letter}", reader="the tests", stratum="random",
                    )
                )  # fmt: skip
    engine.dispose()
    write_labels(labels / "made-up.jsonl", known)
    return index, labels


def test_a_model_is_made_and_labels_with_it(run: Callable[..., Any], taught: tuple[str, Path], tmp_path: Path) -> None:
    index, labels = taught
    out = tmp_path / "model"
    answer = run("train", "--db", index, "--labels", str(labels), "--out", str(out))
    assert answer.code == 0
    assert "80 labelled and 20 annotated definitions of 20 families" in answer.out
    assert answer.err == "Next: toolcensus evaluate\n"
    (given,) = label_with(read_model(out), [Tool(name="zap_tree", description="Zap a tree for good")])
    assert (given.category, given.effects) == ("Write", ("destructive",))
    card = json.loads((out / "card.json").read_text())
    assert (card["labelled"], card["measured"], card["readers"]) == (80, 80, {"the tests": 80})


def test_the_same_index_gives_the_same_files(run: Callable[..., Any], taught: tuple[str, Path], tmp_path: Path) -> None:
    index, labels = taught
    for name in ("one", "two"):
        run("train", "--db", index, "--labels", str(labels), "--out", str(tmp_path / name), "--json")
    for name in ("model.json", "features.json", "weights.npy", "card.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_evaluate_prints_every_figure_and_says_whether_targets_were_reached(
    run: Callable[..., Any], taught: tuple[str, Path]
) -> None:
    index, labels = taught
    answer = run("evaluate", "--db", index, "--labels", str(labels), "-q")
    assert "80 tools of 20 families" in answer.out
    for name in (
        "category, accuracy",
        "Write or Execute called Read",
        "calibration error",
        "first verb alone",
        "TF-IDF",
    ):
        assert name in answer.out
    targets = [line.rstrip() for line in answer.out.splitlines() if "≥" in line or "≤" in line]
    assert len(targets) == 12
    assert answer.code == any(line.endswith("missed") for line in targets)


def test_a_missed_target_is_exit_code_1(run: Callable[..., Any], taught: tuple[str, Path]) -> None:
    index, labels = taught
    path = labels / "made-up.jsonl"
    path.write_text(path.read_text().replace('"risk":"high"', '"risk":"low"'))
    answer = run("evaluate", "--db", index, "--labels", str(labels), "--json")
    assert answer.code == 1
    result = json.loads(answer.out)
    lines = {line["name"]: line for line in result["lines"]}
    assert lines["category, accuracy"]["figure"] == 1.0
    assert not lines["risk, accuracy"]["reached"]
    assert len(result["off_table"]) == 20, "the labelled risk is not what the table says"


def test_nothing_to_learn_from_is_misuse(run: Callable[..., Any], empty: str, tmp_path: Path) -> None:
    answer = run("train", "--db", empty, "--labels", str(tmp_path))
    assert answer.code == 2
    assert "none of the definitions that labels are of was found" in answer.err
