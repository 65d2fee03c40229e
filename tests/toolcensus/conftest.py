"""A fresh index for each test, and the shortest way to put a server and its tools into it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy

from toolcensus import database, listings, store
from toolcensus.records import Change, Listing, Outcome, Server, Sighting, Tool, Way

DAY = "2026-01-0{}T00:00:00Z"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where this test's index is."""
    return tmp_path / "index.db"


@pytest.fixture
def index(path: Path) -> Iterator[sqlalchemy.Connection]:
    """Open a fresh index for writing."""
    engine = database.open_index(str(path))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


Save = Callable[..., tuple[Change, ...]]


@pytest.fixture
def save(index: sqlalchemy.Connection) -> Save:
    """Save the server `pkg:npm/<name>`, seen by the starter list, and what one way answers on a day of January."""

    def save(
        name: str,
        *tools: Tool | str,
        day: int = 1,
        way: Way = "static",
        outcome: Outcome = "listed",
        reason: str = "",
        subject_digest: str = "",
        method: str = "",
    ) -> tuple[Change, ...]:
        key, at = f"pkg:npm/{name}", DAY.format(day)
        store.save_sightings(index, [Sighting(source="starter", source_id=name, seen=at, name=name)])
        server = Server(key=key, slug=name, name=name, packages=(f"{key}@1.0.0",))
        store.save_server(index, server, evidence={("starter", name): "package"})
        served = tuple(Tool(name=tool) if isinstance(tool, str) else tool for tool in tools)
        listing = Listing(
            server=key,
            way=way,
            at=at,
            outcome=outcome,
            reason=reason,
            tools=served,
            subject_digest=subject_digest,
            method=method,
        )
        changes = listings.save_listing(index, listing)
        index.commit()
        return changes

    return save
