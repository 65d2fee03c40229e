"""What is measured of an undisturbed crawl: its table, its speed, what it asks the second time, and its memory."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.census.crawling import KILOBYTE, Run, Target, crawl
from benchmarks.census.made_up_server import Wanted, served
from benchmarks.identity import judge
from benchmarks.made_up_registry import Pair
from interfaces.flows import places
from toolcensus import database

SPEED, AGAIN = 0.60, 0.05
SIZES = (10_000, 200_000)
GROWTH = 2.0
"""How much more memory twenty times the sightings may take."""
MANY_SERVERS = 43_000
SHARED = """WITH one AS (SELECT source, server FROM sightings WHERE server IS NOT NULL),
many AS (SELECT server FROM one GROUP BY server HAVING count(DISTINCT source) > 1)
SELECT source, count(*), count(DISTINCT server), count(DISTINCT CASE WHEN server IN many THEN server END)
FROM one GROUP BY source"""
TABLE = "{:<12} {:<11} {:>7} {:>9} {:>9} {:>9} {:>9} {:>8} {:>8} {:>6}"


@dataclass
class Crawled:
    """The crawl that the sections share: its index, the record of what it asked, and how it went."""

    db: Path
    record: Path
    run: Run


def crawl_once(target: Target, folder: Path) -> Crawled:
    """Crawl into a new index, and record what is asked."""
    db, record = folder / "clean.db", folder / "asked.json"
    return Crawled(db, record, crawl(target, db, record=record))


def table(target: Target, crawled: Crawled, pairs: Iterable[Pair]) -> bool:
    """Print what each source showed and what became of it; say whether pairs and numbers are good enough."""
    print(TABLE.format("source", "outcome", "pages", "sightings", "servers", "merged", "apart", "requests", "MB", "s"))
    with database.reading(str(crawled.db)) as connection:
        counted = {row[0]: tuple(row[1:]) for row in connection.exec_driver_sql(SHARED)}
    for name, one in crawled.run.sources.items():
        sightings, servers, merged = counted.get(name, (0, 0, 0))
        numbers = (one["pages"], sightings, servers, merged, servers - merged, one["requests"])
        told = [f"{number:,}" for number in numbers]
        print(TABLE.format(name, one["outcome"], *told, f"{one['bytes'] / 1e6:.1f}", f"{one['seconds']:.0f}"))
    print(
        "merged: servers that another source shows too; apart: those that only this one shows; candidates are in both"
    )
    resolved = crawled.run.report["resolved"]
    print(
        "{sightings:,} sightings are {servers:,} distinct servers and {candidates:,} candidates apart".format(
            **resolved
        )
    )
    good = judge(str(crawled.db), pairs)
    return good and (target.is_made_up or resolved["servers"] > MANY_SERVERS)


def speed(crawled: Crawled) -> bool:
    """Measure the crawl against the bare loop over the URLs that it asked for."""
    command = [sys.executable, "-m", "benchmarks.census.bare_loop", str(crawled.record)]
    bare = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    urls, run = bare["urls"], crawled.run
    reading = json.loads(crawled.record.read_text())["processor"]
    rates = {
        "bare httpx loop": (urls / bare["wall"], bare["processor"]),
        "crawl, until all was read and written": (urls / run.reading, reading),
        "crawl, with start, resolution and tool lists": (urls / run.wall, run.processor),
    }
    print(
        f"{urls:,} URLs (robots.txt included; attempts again are not counted), 8 at once a source, all sources at once"
    )
    for name, (rate, processor) in rates.items():
        print(f"{name:<46} {rate:>7,.0f} pages/s {rate * bare['wall'] / urls:>6.2f} {processor:>7.1f} s of processor")
    return bool(bare["wall"] / run.reading >= SPEED)


def again(target: Target, crawled: Crawled, folder: Path) -> bool:
    """Crawl a second time, trusting nothing: what is received, and which details are asked again."""
    db, record = folder / "again.db", folder / "again.json"
    shutil.copy(crawled.db, db)
    run = crawl(target, db, record=record)
    with database.reading(str(db)) as connection:
        validated = {row[0] for row in connection.exec_driver_sql("SELECT DISTINCT source FROM document")}
    changing = {name for name, source in places.all_sources().items() if getattr(source, "CHANGES", False)}
    details = set(json.loads(record.read_text())["details"])
    doubted = details & set(json.loads(crawled.record.read_text())["absent"])
    received: dict[bool, list[int]] = {True: [0, 0], False: [0, 0]}
    print(f"{'source':<12} {'first bytes':>12} {'second':>12}  {'':>6} {'requests':>9}")
    for name, one in run.sources.items():
        before, after = crawled.run.sources[name]["bytes"], one["bytes"]
        spares = name in validated | changing
        received[spares][0] += before
        received[spares][1] += after
        how = "validators" if name in validated else "changed since" if name in changing else "whole list"
        print(f"{name:<12} {before:>12,} {after:>12,} {after / max(1, before):>6.1%} {one['requests']:>9,}  {how}")
    for spares, (before, after) in received.items():
        told = "with validators or changed-since" if spares else "others"
        print(f"{told}: {after:,} of {before:,} bytes, {after / max(1, before):.2%}")
    print(f"{len(details - doubted):,} details were asked again though no row had changed,", end=" ")
    print(f"and {len(doubted):,} because they were absent and only one reading had been told so")
    return received[True][1] <= AGAIN * received[True][0] and details == doubted


def memory() -> bool:
    """Crawl registries of list pages that differ in size alone, and weigh the process."""
    peaks = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name, served(Wanted(size, numbered=True), Path(name)) as endpoints:
            record = Path(name) / "asked.json"
            run = crawl(
                Target(endpoints, ("official", "glama"), is_made_up=True), Path(name) / "index.db", record=record
            )
            read = json.loads(record.read_text())["peak"] / KILOBYTE
        resolved = run.report["resolved"]
        peaks.append(run.peak)
        print(
            f"{resolved['sightings']:>9,} sightings, {resolved['servers']:>9,} servers: {read:.0f} MB at the peak"
            f" when all was read, {run.peak:.0f} MB with resolution, {run.wall:.0f} s"
        )
    print(f"{peaks[1] / peaks[0]:.2f} times the memory for {SIZES[1] // SIZES[0]} times the sightings")
    return peaks[1] <= GROWTH * peaks[0]
