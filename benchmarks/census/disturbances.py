"""What is measured of a disturbed crawl: one through faults, one that is killed; both must come to the clean index."""

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

from benchmarks.census.comparison import Difference, Index, compare_rows, compare_sightings, load
from benchmarks.census.crawling import Target, crawl, crawl_and_kill
from benchmarks.census.made_up_server import WELL, Wanted, served
from benchmarks.census.measures import Crawled
from crawler.endpoints import read_endpoints

KILLS = 20
MOST_RUNS = 60
START = 0.8
"""Seconds before which a crawl has hardly begun."""
SHORTEST = 3.0
"""Seconds that the moments of kills are spread over at least."""
SHOWN = 5


def faults(target: Target, crawled: Crawled, faulty: Path, folder: Path) -> bool:
    """Crawl through faults, then without: nothing wrong enters, every loss is told, and the second crawl heals it."""
    db, clean = folder / "faults.db", load(crawled.db)
    run = crawl(replace(target, endpoints=faulty), db)
    print(f"it ended after {run.wall:.0f} s (undisturbed: {crawled.run.wall:.0f} s), exit code {run.code}")
    found = load(db)
    good = _judge_faulty(found, clean)
    if target.is_made_up:
        _make_well(faulty)
    crawl(replace(target, endpoints=faulty) if target.is_made_up else target, db)
    return _same("after a clean crawl", load(db), clean) and good


def made_up_faults(target: Target, crawled: Crawled, count: int, seed: int, folder: Path) -> bool:
    """Do it with the faults that the made-up registry knows."""
    with served(Wanted(count, faults=seed), folder) as faulty:
        return faults(target, crawled, faulty, folder)


def kills(target: Target, crawled: Crawled, seed: int, folder: Path) -> bool:
    """Kill crawls at random moments, go on each time, and compare with the crawl that nothing disturbed."""
    choose = random.Random(seed)  # noqa: S311  # moments, no secrets
    db, longest = folder / "killed.db", max(SHORTEST, 2 * crawled.run.wall / KILLS)
    killed, ended, moments = 0, 0, []
    while killed < KILLS and killed + ended < MOST_RUNS:
        seconds = START + choose.uniform(0, longest)
        # Where all is read, the next crawl begins a new reading, so that there is something to kill.
        if crawl_and_kill(target, db, seconds, again=ended > 0):
            killed += 1
            moments.append(f"{seconds:.1f}")
        else:
            ended += 1
    run = crawl(target, db, again=ended > 0)
    print(
        f"killed {killed} times, after {' '.join(moments)} s; {ended} came to their end before;"
        f" the last took {run.wall:.0f} s"
    )
    return _same("after the last crawl", load(db), load(crawled.db)) and killed >= KILLS


def _judge_faulty(found: Index, clean: Index) -> bool:
    difference = compare_sightings(found, clean)
    short = Counter(key[0] for key in (*difference.missing, *difference.unfinished))
    print(
        f"of {len(clean.sightings):,} sightings {len(difference.missing):,} are missing,"
        f" {len(difference.unfinished):,} wait for their details, {len(difference.added):,} are none of the clean ones,"
        f" {len(difference.altered):,} are told otherwise"
    )
    for source in sorted(short.keys() | found.failures.keys()):
        print(
            f"{source:<12} {short[source]:>6,} missing or unfinished, {found.failures.get(source, 0):>5,} in failures"
        )
    _show(difference)
    untold = [source for source in short if not found.failures.get(source)]
    if untold:
        print(f"nothing is in failures of {', '.join(untold)}")
    return not (difference.added or difference.altered or untold)


def _same(when: str, found: Index, clean: Index) -> bool:
    """Print and say whether two indexes are the same."""
    differences = {
        "sightings": (compare_sightings(found, clean), found.sightings),
        "servers and candidates": (compare_rows(found.servers, clean.servers), found.servers),
        "tools": (compare_rows(found.tools, clean.tools), found.tools),
    }
    for name, (one, rows) in differences.items():
        told = "as undisturbed" if one.is_none else "DIFFERENT from the undisturbed"
        print(f"{when}: {len(rows):,} {name}, {told}; failures left: {sum(found.failures.values()):,}")
        _show(one)
    return all(one.is_none for one, _ in differences.values())


def _show(difference: Difference) -> None:
    for name in ("missing", "added", "altered"):
        for key in getattr(difference, name)[:SHOWN]:
            print(f"    {name}: {' '.join(map(str, key))[:200]}")


def _make_well(endpoints: Path) -> None:
    base = next(iter(read_endpoints(endpoints.read_bytes()).values())).rpartition("/")[0]
    with urlopen(base + WELL) as answer:  # noqa: S310  # the loopback server that was started a moment ago
        answer.read()
