"""How fast the index is: writing and labelling tools beside raw SQLite, and what a query costs.

`python -m benchmarks.index [TOOLS]`; the tools are made up, the same in every run.
"""

import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy

from toolcensus import catalogue, database, labels, listings, lookup, search, selection, store, tally
from toolcensus.canonical import digest
from toolcensus.exporters import jsonl
from toolcensus.records import CATEGORIES, RISKS, Evidence, Label, Listing, Server, Tool
from toolcensus.words import indexed_name

TOOLS = 100_000
TOOLS_A_SERVER = 10
SERVERS_A_COMMIT = 200
ASKED = 30
AT = "2026-01-01T00:00:00Z"
RAW_TABLES = (
    "server (id, key, slug, name, packages_json, remotes_json, candidate)",
    "definition (id, digest, name, description, input_schema_json)",
    "tool (id, server_id, way, foundation, name, definition_id, first_seen, since, last_seen)",
    "tool_words (rowid, name, description)",
)
VERBS = ("get", "list", "create", "delete", "update", "run", "search", "send", "read", "write")
BEGINNINGS = ("ab", "de", "fi", "me", "or", "ta", "us", "zo")
MIDDLES = ("l", "m", "nt", "r", "ss", "v")
ENDS = ("age", "der", "e", "ice", "on", "us")
NOUNS = tuple(f"{first}{middle}{last}" for first in BEGINNINGS for middle in MIDDLES for last in ENDS)
COMMON = tuple(1 / rank for rank in range(1, len(NOUNS) + 1))
"""How often each noun is used: as in any language, a few everywhere, most hardly ever."""


def main() -> None:
    """Measure everything and print it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TOOLS
    made = list(_listings(count))
    with tempfile.TemporaryDirectory() as folder:
        rows = _raw_rows(made)
        raw = _rate("raw sqlite3 executemany of the same rows, same indexes", count, lambda: _write_raw(folder, rows))
        rows.clear()
        engine = database.open_index(f"{folder}/index.db")
        _rate("save_server", len(made), lambda: _write_servers(engine, made))
        written = _rate("save_listings", count, lambda: _write(engine, made))
        print(f"  save_listings takes {raw / written:.2f} times as long as raw executemany")
        _rate("save_listings again, nothing changed", count, lambda: _write(engine, made))
        _rate("pending, save_labels, save_findings, save_policies", count, lambda: _label(engine))
        with database.reading(f"{folder}/index.db") as connection:
            _rate("export to JSON Lines", count, lambda: _export(connection, Path(folder)))
            _ask(connection)
        engine.dispose()
        print(f"file: {Path(folder, 'index.db').stat().st_size / 1e6:,.0f} MB")


def _rate(what: str, count: int, work: Callable[[], None]) -> float:
    """Run `work` once; print and return how many a second."""
    begun = time.perf_counter()
    work()
    rate = count / (time.perf_counter() - begun)
    print(f"{rate:12,.0f}/s  {what}")
    return rate


def _listings(count: int) -> Iterator[Listing]:
    chance = random.Random(7)  # noqa: S311  # the same tools in every run
    for number in range(count // TOOLS_A_SERVER):
        tools = tuple(_tool(chance, number * TOOLS_A_SERVER + place) for place in range(TOOLS_A_SERVER))
        yield Listing(server=f"pkg:npm/server-{number}", way="static", at=AT, outcome="listed", tools=tools)


def _tool(chance: random.Random, number: int) -> Tool:
    parameter = {"type": "string", "description": "What it is called, as the service itself writes it"}
    return Tool(
        name=f"{chance.choice(VERBS)}_{chance.choices(NOUNS, COMMON)[0]}_{number}",
        description=" ".join(chance.choices(NOUNS, COMMON, k=30)),
        input_schema={
            "type": "object",
            "properties": dict.fromkeys(chance.sample(NOUNS, 4), parameter),
            "required": ["name"],
        },
    )


Rows = dict[str, list[tuple[object, ...]]]


def _raw_rows(made: list[Listing]) -> list[Rows]:
    """Return the rows that the listings come to, by table, a dictionary a commit."""
    commits: list[Rows] = []
    identity = 0
    for first in range(0, len(made), SERVERS_A_COMMIT):
        rows: Rows = {table: [] for table in RAW_TABLES}
        servers, definitions, tools, words = rows.values()
        for number, listing in enumerate(made[first : first + SERVERS_A_COMMIT], first + 1):
            servers.append((number, listing.server, f"s{number}", "s", "[]", "[]", False))
            for tool in listing.tools:
                identity += 1
                definitions.append((identity, digest(tool), tool.name, tool.description, json.dumps(tool.input_schema)))
                tools.append((identity, number, "static", 2, tool.name, identity, AT, AT, AT))
                words.append((identity, indexed_name(tool.name), tool.description))
        commits.append(rows)
    return commits


def _write_raw(folder: str, commits: list[Rows]) -> None:
    """Write the same rows with the driver alone, in the same commits, into the same tables with the same indexes."""
    path = f"{folder}/raw.db"
    database.open_index(path).dispose()
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA synchronous = NORMAL")
    for rows in commits:
        for table, values in rows.items():
            marks = ", ".join("?" * len(values[0]))
            raw.executemany(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608  # constants
        raw.commit()
    raw.close()


def _write_servers(engine: sqlalchemy.Engine, made: list[Listing]) -> None:
    for first in range(0, len(made), SERVERS_A_COMMIT):
        with engine.begin() as connection:
            for listing in made[first : first + SERVERS_A_COMMIT]:
                slug = listing.server.rpartition("/")[2]
                server = Server(key=listing.server, slug=slug, name=slug, packages=(f"{listing.server}@1.0.0",))
                store.save_server(connection, server, evidence={})


def _write(engine: sqlalchemy.Engine, made: list[Listing]) -> None:
    for first in range(0, len(made), SERVERS_A_COMMIT):
        with engine.begin() as connection:
            listings.save_listings(connection, made[first : first + SERVERS_A_COMMIT])


def _label(engine: sqlalchemy.Engine) -> None:
    made = [
        Label(
            category=category, effects=("destructive",) if risk == "critical" else (), bounds=(), risk=risk,
            confidence=0.9, rationale="It changes what the caller names.",
            evidence=(Evidence(field="name", start=0, end=3, shows="changes"),),
        )
        for category in CATEGORIES
        for risk in RISKS
    ]  # fmt: skip
    with engine.connect() as connection:
        for batch in labels.pending(connection, "v1"):
            by_digest = [(entry.digest, made[int(entry.digest[-4:], 16) % len(made)]) for entry in batch]
            labels.save_labels(connection, "v1", by_digest, at=AT)
            labels.save_findings(connection, "v1", [(entry.server, entry.digest, ()) for entry in batch])
            labels.save_policies(connection, [(entry.server, entry.digest, {}) for entry in batch])
            connection.commit()


def _export(connection: sqlalchemy.Connection, folder: Path) -> None:
    with (folder / "catalogue.jsonl").open("wb") as out:
        for _ in jsonl.export(connection, out, generated=catalogue.newest(connection)):
            pass


def _ask(connection: sqlalchemy.Connection) -> None:
    asked: dict[str, Callable[[int], object]] = {
        "the tools of a server": lambda n: listings.load_tools(connection, f"pkg:npm/server-{n}"),
        "the facts of a server": lambda n: lookup.server_facts(connection, f"pkg:npm/server-{n}"),
        "one word": lambda n: _search(connection, words=NOUNS[n * 9]),
        "two words": lambda n: _search(connection, words=f"{VERBS[n % 10]} {NOUNS[n * 9]}"),
        "three letters and *": lambda n: _search(connection, words=f"{NOUNS[n * 9][:3]}*"),
        "critical and destructive": lambda _: _search(
            connection, risk=frozenset({"critical"}), effect=frozenset({"destructive"})
        ),
        "the worst of all": lambda _: _search(connection),
        "--sql, counting the catalogue": lambda _: selection.select(connection, "SELECT count(*) FROM catalogue"),
        "stats": lambda _: tally.count(connection),
    }
    for what, ask in asked.items():
        spent = []
        for number in range(ASKED):
            begun = time.perf_counter()
            ask(number)
            spent.append((time.perf_counter() - begun) * 1000)
        print(f"{statistics.median(spent):9.1f} ms in the median, {max(spent):8.1f} ms at most: {what}")


def _search(connection: sqlalchemy.Connection, **asked: object) -> search.Found:
    return search.search(connection, search.Query(**asked))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
