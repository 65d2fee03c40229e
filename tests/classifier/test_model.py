"""A model is three files of numbers and words; whatever does not fit together is refused, and sums are exact."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from classifier.definition import prepare
from classifier.features import Features, features_of
from classifier.judge import judge
from classifier.model import (
    COLUMN,
    HEADS,
    PROBABILITIES,
    Model,
    content_of,
    read_model,
    rows_of,
    share_of,
    write_model,
)
from toolcensus.errors import InputError
from toolcensus.records import Tool


def features(name: str, description: str = "") -> Features:
    definition = prepare(Tool(name=name, description=description))
    return features_of(definition, judge(definition))


@pytest.fixture
def folder(small: Model, tmp_path: Path) -> Path:
    write_model(small, tmp_path / "model")
    return tmp_path / "model"


def test_what_was_written_is_read_again(small: Model, folder: Path) -> None:
    with pytest.raises(InputError, match="do not belong together"):
        read_model(folder)
    named = (folder / "model.json").read_text().replace('"small"', f'"{version_of(small)}"')
    (folder / "model.json").write_text(named)
    read = read_model(folder)
    batch = [features("zap_plant", "Zap a plant for good"), features("")]
    assert (read.probabilities(batch) == small.probabilities(batch)).all()


def version_of(made: Model) -> str:
    return hashlib.sha256(content_of(made)).hexdigest()[:12]


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("model.json", b"{}", "missing required field"),
        ("model.json", b"not JSON", "malformed"),
        ("features.json", b'{"name": ["one"]}', "does not fit features.json"),
        ("weights.npy", b"\x93NUMPY", "cannot be used"),
        ("weights.npy", b"", "cannot be used"),
    ],
)
def test_a_broken_folder_is_refused_with_the_next_step(folder: Path, file: str, content: bytes, why: str) -> None:
    (folder / file).write_bytes(content)
    with pytest.raises(InputError, match=why) as error:
        read_model(folder)
    assert error.value.advice == "train it again: toolcensus train"


def test_a_pickle_is_never_opened(folder: Path) -> None:
    np.save(folder / "weights.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match="allow_pickle=False"):
        read_model(folder)


def test_a_missing_file_is_refused(folder: Path) -> None:
    (folder / "features.json").unlink()
    with pytest.raises(InputError, match=r"features\.json"):
        read_model(folder)


def test_a_definition_weighs_the_same_alone_and_among_others(small: Model) -> None:
    batch = [features("get_plant", "Get a plant"), features("x"), features("run_lamp", "Run the code of a lamp")]
    together = small.probabilities(batch)
    assert together.shape == (3, len(HEADS))
    for place, one in enumerate(batch):
        assert (small.probabilities([one])[0] == together[place]).all()


def test_no_definition_gives_no_row(small: Model) -> None:
    assert small.probabilities([]).shape == (0, len(HEADS))


def test_it_has_learnt_what_the_examples_show(small: Model) -> None:
    zap, get = small.probabilities([features("zap_tree", "Zap a tree for good"), features("get_tree", "Get one tree")])
    assert zap[COLUMN["writes"]] > 0.5 > get[COLUMN["writes"]]
    assert zap[COLUMN["destructive"]] > get[COLUMN["destructive"]]
    assert small.weight("name", "zap", "destructive") > 0 == small.weight("name", "unheard of", "destructive")


def test_rows_follow_each_other_after_the_first() -> None:
    assert rows_of({"a": ["x", "y"], "b": ["x"]}) == {"a": {"x": 1, "y": 2}, "b": {"x": 3}}


def test_a_block_of_many_features_weighs_like_one_of_few() -> None:
    assert [share_of(number) for number in (0, 1, 4, 16)] == [0, 4096, 2048, 1024]
    assert share_of(10**6) == share_of(1023)


def test_probabilities_rise_from_nearly_none_to_nearly_all() -> None:
    assert (np.diff(PROBABILITIES) >= 0).all()
    assert PROBABILITIES[len(PROBABILITIES) // 2] == 0.5
    assert 0 < PROBABILITIES[0] < 0.0001
    assert PROBABILITIES[0] + PROBABILITIES[-1] == pytest.approx(1)
