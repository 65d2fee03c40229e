"""The census as a whole: how much it finds, how fast, and what stands when things go wrong.

    python -m benchmarks.census [--only table,speed,again,memory,faults,kills]
    python -m benchmarks.census --endpoints FILE --pairs FILE [--faulty-endpoints FILE]

Without endpoints a small registry is made up, the same in every run, and served on this machine: eight sources in
their own interfaces, in about a minute. With them every source is crawled at those services, whose server is running
already; `faults` then needs services that are disturbed. Pacing is off. Exit code 1 where a section misses its target:

    table   precision of merging at least 0.995, recall at least 0.97, over 43,000 servers (not of the made-up registry)
    speed   at least 0.60 of the pages a second of a bare httpx loop over the same URLs
    again   a second crawl receives under 5 % from sources with validators or changed-since, and asks no detail again
    memory  at most twice as much for 200,000 sightings as for 10,000, so that the index itself is not in it
    faults  nothing wrong enters the index, every loss is in `failures`, a later clean crawl heals it
    kills   after twenty `kill -9` at random moments the index is that of an undisturbed crawl
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.census import disturbances, measures
from benchmarks.census.crawling import Target
from benchmarks.census.made_up_pages import SOURCES, served_pairs
from benchmarks.census.made_up_server import Wanted, served
from benchmarks.identity import labelled

SECTIONS = ("table", "speed", "again", "memory", "faults", "kills")
MADE_UP = 6_000


def main() -> int:
    """Measure and print; return the exit code."""
    options = _options()
    with tempfile.TemporaryDirectory() as name, _target(options, Path(name)) as target:
        folder = Path(name)
        crawled = measures.crawl_once(target, folder)
        pairs = labelled(options.pairs) if options.pairs else () if options.endpoints else served_pairs(MADE_UP)
        sections: dict[str, Callable[[], bool]] = {
            "table": lambda: measures.table(target, crawled, pairs),
            "speed": lambda: measures.speed(crawled),
            "again": lambda: measures.again(target, crawled, folder),
            "memory": measures.memory,
            "faults": lambda: _faults(options, target, crawled, folder),
            "kills": lambda: disturbances.kills(target, crawled, options.seed, folder),
        }
        missed = [section for section in options.only if not _run(section, sections[section])]
    print(f"\nmissed: {', '.join(missed)}" if missed else "\nevery target is met")
    return 1 if missed else 0


def _run(section: str, measure: Callable[[], bool]) -> bool:
    load = os.getloadavg()[0]
    print(f"\n-- {section} (load of the machine: {load:.1f} on {os.cpu_count()} processors)", flush=True)
    return measure()


def _faults(options: argparse.Namespace, target: Target, crawled: measures.Crawled, folder: Path) -> bool:
    if options.faulty_endpoints:
        return disturbances.faults(target, crawled, options.faulty_endpoints, folder)
    if target.is_made_up:
        return disturbances.made_up_faults(target, crawled, MADE_UP, options.seed, folder)
    print("not measured: name services that are disturbed with --faulty-endpoints")
    return True


@contextmanager
def _target(options: argparse.Namespace, folder: Path) -> Iterator[Target]:
    if options.endpoints:
        yield Target(options.endpoints, options.sources)
        return
    with served(Wanted(MADE_UP), folder) as endpoints:
        yield Target(endpoints, SOURCES, is_made_up=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--endpoints", type=Path, help="services to crawl, as for toolcensus crawl")
    parser.add_argument("--faulty-endpoints", type=Path, help="the same services, disturbed")
    parser.add_argument("--sources", type=_names, default=(), help="only these, with commas between; faults too")
    parser.add_argument("--pairs", type=Path, help="labelled pairs, as for benchmarks.identity")
    parser.add_argument("--seed", type=int, default=7, help="of the moments of kills and of the made-up faults")
    parser.add_argument("--only", type=_sections, default=SECTIONS, help="sections, with commas between")
    return parser.parse_args()


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _sections(text: str) -> tuple[str, ...]:
    asked = _names(text)
    if unknown := set(asked) - set(SECTIONS):
        raise argparse.ArgumentTypeError(f"there is no section {' '.join(unknown)}; there are {' '.join(SECTIONS)}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
