"""How well sightings are merged into servers: precision and recall on labelled pairs; how fast, in how much memory.

    python -m benchmarks.identity [--db FILE | --endpoints FILE] [--pairs FILE] [--sizes 10000 200000]

A pair is a line of JSON: {"a": {"service", "id"}, "b": {"service", "id"}, "same": bool, "kind": str}. Two sightings
count as merged where the view `sightings` gives both the same server. Without a file the registry and its pairs are
made up, the same in every run; with --endpoints everything behind those services is crawled first. Exit code 1 where
precision is under 0.995 or recall under 0.97.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.made_up_registry import Pair, pairs, sightings
from interfaces.flows.resolve import Resolved, resolve
from toolcensus import database, store

AT = "2026-01-01T00:00:00Z"
PRECISION, RECALL = 0.995, 0.97
MADE_UP = 20_000
MEGABYTE = 1024
"""The kernel counts resident memory in kilobytes."""


@dataclass
class Score:
    """How many pairs of one kind were merged, rightly or not, and how many were named by no sighting."""

    right: int = 0
    wrong: int = 0
    absent: int = 0


def main() -> int:
    """Measure and print; return the exit code."""
    options = _options()
    if options.grow:
        print(json.dumps(_grow(options.grow)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        db = options.db or f"{folder}/index.db"
        if options.endpoints:
            _crawl(options.endpoints, db)
        elif not options.db:
            print(_told(_fill(db, MADE_UP)))
        good = judge(db, labelled(options.pairs) if options.pairs else pairs(MADE_UP))
    for size in options.sizes:
        command = [sys.executable, "-m", "benchmarks.identity", "--grow", str(size)]
        grown = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        print(
            "{size:>9,} sightings: {rate:,.0f} a second, {before:.0f} MB before, {peak:.0f} MB at the peak".format(
                **grown
            )
        )
    return 0 if good else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", help="an index that is there already")
    parser.add_argument("--endpoints", type=Path, help="services to crawl first, as for toolcensus crawl")
    parser.add_argument("--pairs", type=Path, help="labelled pairs, a line of JSON each")
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[10_000, 200_000], help="sightings to resolve for speed"
    )
    parser.add_argument("--grow", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _crawl(endpoints: Path, db: str) -> None:
    """Crawl every source at those endpoints; a source that fails is the crawl's own business."""
    command = [sys.executable, "-c", "from interfaces.main import main; main()", "crawl", "--all", "--pace", "none"]
    subprocess.run([*command, "--endpoints", str(endpoints), "--db", db], check=False)


def _fill(db: str, count: int) -> Resolved:
    engine = database.open_index(db)
    with engine.begin() as connection:
        store.save_sightings(connection, sightings(count))
        return resolve(connection, AT)


def _grow(count: int) -> dict[str, float]:
    """Resolve `count` made-up sightings in this process; return the rate, and the memory before and at the peak."""
    with tempfile.TemporaryDirectory() as folder:
        engine = database.open_index(f"{folder}/index.db")
        with engine.begin() as connection:
            store.save_sightings(connection, sightings(count))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
        began = time.perf_counter()
        with engine.begin() as connection:
            resolve(connection, AT)
        rate = count / (time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    return {"size": count, "rate": rate, "before": before, "peak": peak}


def labelled(path: Path) -> Iterator[Pair]:
    """Read labelled pairs from a file."""
    for line in path.read_text().splitlines():
        row = json.loads(line)
        ends = [(row[end]["service"], row[end]["id"]) for end in "ab"]
        yield Pair(ends[0], ends[1], row["same"], row["kind"])


def judge(db: str, labelled: Iterable[Pair]) -> bool:
    """Print a row a kind, then precision and recall; say whether both are good enough."""
    with database.reading(db) as connection:
        rows = connection.exec_driver_sql("SELECT source, source_id, server FROM sightings")
        server = {(source, source_id): key for source, source_id, key in rows}
    scores: dict[tuple[bool, str], Score] = {}
    for pair in labelled:
        score = scores.setdefault((pair.same, pair.kind), Score())
        one, other = (server.get(end) for end in (pair.a, pair.b))
        score.absent += one is None or other is None
        merged = one is not None and one == other
        score.right += merged is pair.same
        score.wrong += merged is not pair.same
    total: Counter[str] = Counter()
    for (same, kind), score in sorted(scores.items()):
        print(
            f"{'merge' if same else 'apart':>6} {kind:<14}"
            f" {score.right:>6} right {score.wrong:>4} wrong {score.absent:>4} absent"
        )
        total["merged rightly"] += score.right if same else 0
        total["missed"] += score.wrong if same else 0
        total["merged wrongly"] += 0 if same else score.wrong
    precision = total["merged rightly"] / max(1, total["merged rightly"] + total["merged wrongly"])
    recall = total["merged rightly"] / max(1, total["merged rightly"] + total["missed"])
    print(f"precision {precision:.4f} (at least {PRECISION}), recall {recall:.4f} (at least {RECALL})")
    return precision >= PRECISION and recall >= RECALL


def _told(resolved: Resolved) -> str:
    return f"{resolved.sightings:,} sightings: {resolved.servers:,} servers, {resolved.candidates:,} candidates"


if __name__ == "__main__":
    sys.exit(main())
