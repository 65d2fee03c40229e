"""A tiny made-up set to learn from: sixteen vendors, each with tools that read, change and run things."""

import pytest

from classifier.examples import Found, Prepared, prepare_all
from classifier.label import RULES_DIGEST
from classifier.model import Model
from classifier.training import train
from toolcensus.canonical import digest
from toolcensus.label_list import Known
from toolcensus.records import Tool

KINDS = (
    ("get_{}", "Get one {} by its id", "Read", (), (), "low"),
    ("list_{}s", "List every {}", "Read", (), (), "low"),
    ("zap_{}", "Zap a {} for good", "Write", ("destructive",), (), "high"),
    ("add_{}", "Add a {} to the collection", "Write", (), ("element",), "medium"),
    ("run_{}", "Run the code of a {}", "Execute", ("code",), ("unlimited",), "critical"),
)
THINGS = ("plant", "stone", "river", "cloud", "lamp", "chair", "boat", "tower")


def found_in(vendor: str, thing: str) -> list[Found]:
    """Return one vendor's tools, labelled, and one with nothing but its author's annotation."""
    rows = []
    for name, text, category, effects, bounds, risk in KINDS:
        schema = {"properties": {"id": {"type": "string"}}}
        tool = Tool(name=name.format(thing), description=text.format(thing), input_schema=schema)
        known = Known(
            server=f"github.com/{vendor}/server", tool=tool.name, digest=digest(tool), category=category,
            effects=effects, bounds=bounds, risk=risk, reason="made up", vendor=vendor, reader="the tests",
            stratum="random" if vendor in {"va", "vb"} else "",
        )  # fmt: skip
        rows.append(Found(tool, vendor, known.server, known))
    hinted = Tool(name=f"view_{thing}", description=f"View a {thing}", annotations={"readOnlyHint": True})
    return [*rows, Found(hinted, vendor, f"github.com/{vendor}/server")]


VENDORS = tuple(f"v{letter}" for letter in "abcdefghijklmnop")


@pytest.fixture(scope="session")
def taught() -> list[Prepared]:
    """Return the made-up set, prepared."""
    pairs = [(vendor, THINGS[place % len(THINGS)]) for place, vendor in enumerate(VENDORS)]
    return prepare_all([one for vendor, thing in pairs for one in found_in(vendor, f"{vendor}{thing}")])


@pytest.fixture(scope="session")
def small(taught: list[Prepared]) -> Model:
    """Return a model that was trained on the made-up set."""
    return train([one.example for one in taught], version="small", rules=RULES_DIGEST)
