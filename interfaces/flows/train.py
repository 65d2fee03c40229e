"""The train flow: labels and definitions in, a model and its card out; the same bytes for the same input."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from classifier.contrary import contrary
from classifier.examples import Found, Prepared, prepare_all
from classifier.label import RULES_DIGEST
from classifier.model import HEADS, Model, content_of, write_model
from classifier.training import train
from interfaces.flows.learning import gather
from toolcensus.canonical import digest
from toolcensus.errors import InputError
from toolcensus.records import CATEGORIES, Record
from toolcensus.resources import CHECKOUT, in_checkout

MODEL = CHECKOUT / "data" / "model"


class Card(Record, frozen=True, omit_defaults=False):
    """What a model was made of, for whoever wants to make it again: no figure of quality, which `evaluate` prints.

    `data` is the digest of all definitions and labels that it learnt from.
    """

    version: str
    data: str
    rules: str
    labelled: int
    measured: int
    hinted: int
    families: int
    categories: dict[str, int]
    readers: dict[str, int]
    heads: int
    features: int
    bytes: int


def train_model(
    gold: Path | None = None, db: str | None = None, labels: Path | None = None, folder: Path | None = None
) -> Card:
    """Train on what `gold` and `db` hold of the labelled definitions, and write the model's folder.

    Raises InputError where there is too little to learn from, or no folder to write to.
    """
    if folder is None and not in_checkout():
        raise InputError("there is no checkout to put the model into", advice="name a folder: --out FOLDER")
    folder = folder or MODEL
    found = gather(gold, db, labels)
    prepared = prepare_all(found)
    taught = [*prepared, *contrary(prepared)]
    made = train([one.example for one in taught], version="", rules=RULES_DIGEST)
    about = msgspec.structs.replace(made.about, version=hashlib.sha256(content_of(made)).hexdigest()[:12])
    model = Model(about, made.rows, made.weights)
    write_model(model, folder)
    card = _card(model, prepared, _data_digest(found))
    size = sum((folder / name).stat().st_size for name in ("model.json", "features.json", "weights.npy"))
    card = msgspec.structs.replace(card, bytes=size)
    (folder / "card.json").write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n")
    return card


def _card(model: Model, prepared: Sequence[Prepared], data: str) -> Card:
    known = [one.found.known for one in prepared if one.found.known]
    readers = sorted({one.reader for one in known})
    return Card(
        version=model.about.version,
        data=data,
        rules=model.about.rules,
        labelled=len(known),
        measured=sum(bool(one.stratum) for one in known),
        hinted=len(prepared) - len(known),
        families=len({one.example.family for one in prepared}),
        categories={category: sum(one.category == category for one in known) for category in CATEGORIES},
        readers={reader: sum(one.reader == reader for one in known) for reader in readers},
        heads=len(HEADS),
        features=len(model.weights) - 1,
        bytes=0,
    )


def _data_digest(found: Sequence[Found]) -> str:
    """Return a digest of every definition and every label that is learnt from, in their order."""
    sha = hashlib.sha256()
    for one in found:
        sha.update(digest(one.tool).encode())
        sha.update(msgspec.json.encode(one.known) + b"\n")
    return f"sha256:{sha.hexdigest()}"
