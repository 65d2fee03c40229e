"""The model: a weight for every feature and every claim, as whole numbers, so that sums are the same on any machine.

A model is a folder: `model.json` says what it knows and how, `features.json` lists the features of each block in the
order of the rows of `weights.npy` (one row a feature, one column a head, the first row for what is there always).
A head is one claim that is more or less probable: `writes` (at least Write), `executes`, each effect, each bound.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from classifier.features import Features
from toolcensus.errors import InputError
from toolcensus.records import BOUNDS, EFFECTS
from toolcensus.resources import data_file

FORM = 1
"""The version of the folder's form; a model of another form is refused."""

HEADS: tuple[str, ...] = ("writes", "executes", *EFFECTS, *(f"bound {bound}" for bound in BOUNDS))
"""The heads, in the order of the columns."""

COLUMN: dict[str, int] = {head: column for column, head in enumerate(HEADS)}
UNWEIGHED = frozenset(("rule", "verdict"))
"""Blocks in which each feature counts by itself, however many stand beside it."""

UNIT = 1 << 11
"""What a weight of 1 is written as; a sixteen-bit number reaches weights of 16."""

_SHARE = 1 << 12
_MOST_SHARED = 1024
_STEPS = 128
_FARTHEST = 10
_NONE: Mapping[str, int] = {}
SHARES = [0, *(round(_SHARE / math.sqrt(number)) for number in range(1, _MOST_SHARED))]
"""What one of so many features of a block counts."""

PROBABILITIES: NDArray[np.float64] = np.array(
    [round(1 / (1 + math.exp(-step / _STEPS)), 5) for step in range(-_FARTHEST * _STEPS, _FARTHEST * _STEPS + 1)]
)


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `model.json` says: `version` is of the other two files' content, `rules` of what it was trained beside."""

    form: int
    version: str
    rules: str
    heads: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A model that was read or has just been trained: `rows` gives the row of each feature of each block."""

    about: About
    rows: Mapping[str, Mapping[str, int]]
    weights: NDArray[np.int16]
    _wide: NDArray[np.int64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep the weights as wide as their sums, so that they are not widened again for every batch."""
        object.__setattr__(self, "_wide", self.weights.astype(np.int64))

    def probabilities(self, batch: Sequence[Features]) -> NDArray[np.float64]:
        """Return one row for each definition and one column for each head; the same whatever else is in the batch."""
        rows: list[int] = []
        blocks: list[int] = []  # where in `rows` each block starts
        shares: list[int] = []
        starts: list[int] = []  # where in `blocks` each definition starts
        for features in batch:
            starts.append(len(blocks))
            blocks.append(len(rows))
            rows.append(0)
            shares.append(_SHARE)
            for block, given in features.items():
                found = set(map(self.rows.get(block, _NONE).get, given))
                found.discard(None)
                if found:
                    blocks.append(len(rows))
                    rows += cast("set[int]", found)
                    shares.append(_SHARE if block in UNWEIGHED else share_of(len(found)))
        if not batch:
            return PROBABILITIES[_steps(np.zeros((0, len(HEADS)), dtype=np.int64))]
        by_block = np.add.reduceat(self._wide.take(rows, axis=0), blocks, axis=0)
        by_block *= np.array(shares, dtype=np.int64)[:, None]
        return PROBABILITIES[_steps(np.add.reduceat(by_block, starts, axis=0))]

    def weight(self, block: str, feature: str, head: str) -> int:
        """Return what a feature says for a claim; 0 where the model does not know it."""
        row = self.rows.get(block, {}).get(feature)
        return 0 if row is None else int(self.weights[row, COLUMN[head]])


def share_of(number: int) -> int:
    """Return what each of so many features of one block counts, as a whole number."""
    return SHARES[min(number, _MOST_SHARED - 1)]


def _steps(sums: NDArray[np.int64]) -> NDArray[np.int64]:
    """Turn sums into places of the table of probabilities."""
    steps: NDArray[np.int64] = (sums * _STEPS) // (UNIT * _SHARE)
    return np.clip(steps, -_FARTHEST * _STEPS, _FARTHEST * _STEPS) + _FARTHEST * _STEPS


@cache
def model() -> Model | None:
    """Return the model that travels with the program, read once a process; None where there is none."""
    try:
        folder = data_file("model/model.json").parent
    except FileNotFoundError:
        return None
    return read_model(folder)


def read_model(folder: Path) -> Model:
    """Read a model; InputError says what of which file cannot be used."""
    try:
        about = msgspec.json.decode((folder / "model.json").read_bytes(), type=About)
        lists = msgspec.json.decode((folder / "features.json").read_bytes(), type=dict[str, list[str]])
        weights = np.load(folder / "weights.npy", allow_pickle=False)
    except (OSError, ValueError, EOFError, msgspec.MsgspecError) as error:
        raise _unusable(folder, str(error)) from error
    rows = rows_of(lists)
    if about.form != FORM or about.heads != HEADS:
        raise _unusable(folder, "it was made for another version of the program")
    if weights.dtype != np.int16 or weights.shape != (1 + sum(map(len, rows.values())), len(HEADS)):
        raise _unusable(folder, f"weights.npy holds {weights.dtype} {weights.shape}, which does not fit features.json")
    read = Model(about, rows, weights)
    if hashlib.sha256(content_of(read)).hexdigest()[:12] != about.version:
        raise _unusable(folder, "its files do not belong together")
    return read


def _unusable(folder: Path, why: str) -> InputError:
    return InputError(f"the model in {folder} cannot be used: {why}", advice="train it again: toolcensus train")


def rows_of(lists: Mapping[str, Iterable[str]]) -> dict[str, dict[str, int]]:
    """Return the row of each feature of each block, the blocks one after the other."""
    rows: dict[str, dict[str, int]] = {}
    row = 1
    for block, features in lists.items():
        rows[block] = {feature: row + place for place, feature in enumerate(features)}
        row += len(rows[block])
    return rows


def write_model(made: Model, folder: Path) -> None:
    """Write the three files of a model."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.json").write_text(_document(msgspec.to_builtins(made.about), indent=2), encoding="utf-8")
    (folder / "features.json").write_text(_lists(made), encoding="utf-8")
    np.save(folder / "weights.npy", made.weights, allow_pickle=False)


def content_of(made: Model) -> bytes:
    """Return what makes a model the one that it is: its features and weights."""
    return _lists(made).encode() + made.weights.astype("<i2").tobytes()


def _lists(made: Model) -> str:
    return _document({block: list(rows) for block, rows in made.rows.items()}, indent=0)


def _document(value: Any, indent: int) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent) + "\n"
