"""Notebooks run from top to bottom on an index, and draw what they promise."""

from pathlib import Path

import nbclient
import nbformat
import pytest

from toolcensus import labels, listings, store
from toolcensus.canonical import digest
from toolcensus.database import open_index
from toolcensus.records import Evidence, Label, Listing, Server, Tool

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
NOW = "2026-11-24T12:00:00Z"
KEY = "pkg:npm/orders"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Make an index of one server with one labelled tool."""
    path = tmp_path / "index.db"
    tool = Tool(name="delete_order", description="Deletes an order.")
    words = Evidence(field="name", start=0, end=6, shows="deletes")
    judged = Label(
        category="Write", effects=("destructive",), bounds=(), risk="high", confidence=0.9,
        rationale="It deletes an order.", evidence=(words,),
    )  # fmt: skip
    with open_index(str(path)).begin() as connection:
        store.save_server(connection, Server(key=KEY, slug="orders", name="Orders"), evidence={})
        listings.save_listing(connection, Listing(server=KEY, way="static", at=NOW, outcome="listed", tools=(tool,)))
        labels.save_labels(connection, "1", [(digest(tool), judged)], at=NOW)
    return path


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
@pytest.mark.filterwarnings("default")  # the kernel warns about its own transport
def test_a_notebook_runs_and_plots(path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLCENSUS_DB", str(index))
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=100, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert any("image/png" in output.get("data", {}) for output in outputs)
