"""Measure how many packages have a tool list at all, by way and reason: of any packages, not of those known to work.

Packages are drawn at random from the npm and PyPI packages that the official registry names, as an index holds its
sightings, and each is listed by the ways `static` and `sandbox`. Packages are installed and started, so this takes
minutes and network. Usage, from the top of a checkout::

    python -m benchmarks.coverage --db data/index.db --seed 7             # an index that has read the official registry
    python -m benchmarks.coverage --endpoints endpoints.toml --seed 7     # or read it now, from where the file says
"""

import argparse
import asyncio
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from crawler.listing import ListingWay, Means
from crawler.purl import parse_purl, without_version
from interfaces.clock import now
from interfaces.flows.reach import Reach, open_means
from interfaces.flows.schedule import all_ways
from toolcensus import database, store
from toolcensus.errors import InputError, ToolcensusError
from toolcensus.records import Listing, Server

WAYS = ("static", "sandbox")
SOURCE = "official"
LONGEST_REASON = 110
GONE = "not in the registry"


def named_packages(index: Path) -> list[str]:
    """Return the npm and PyPI packages that the official registry names, without their versions, sorted."""
    with tempfile.TemporaryDirectory(prefix="coverage-") as folder:
        copy = Path(folder) / "index.db"
        # The index itself is left as it is: opening one brings it up to this program's revision.
        shutil.copy(index, copy)
        engine = database.open_index(f"sqlite:///{copy}")
        with engine.connect() as connection:
            purls = {purl for sighting in store.load_sightings(connection, source=SOURCE) for purl in sighting.packages}
        engine.dispose()
    return sorted(set(filter(None, map(_package, purls))))


def _package(purl: str) -> str:
    try:
        return without_version(parse_purl(purl))
    except InputError:
        return ""


def read_official(endpoints: Path, index: Path) -> None:
    """Read the official registry from where an endpoints file says, into a new index."""
    crawl = [
        "crawl",
        "--source",
        SOURCE,
        "--endpoints",
        str(endpoints),
        "--pace",
        "none",
        "--quiet",
        "--db",
        str(index),
    ]
    subprocess.run([sys.executable, "-m", "interfaces.main", *crawl], check=True)


async def list_package(purl: str, way: ListingWay, means: Means) -> Listing:
    """List one package by one way; whatever stops it is an outcome."""
    server = Server(key=purl, slug="package", name=purl, packages=(purl,))
    try:
        answer = await way.list_tools(server, now(), means)
    except ToolcensusError as error:
        return Listing(server=purl, way=way.WAY, at=now(), outcome="unreachable", reason=error.message)
    assert answer.listing  # nothing is known of it, so nothing is unchanged
    return answer.listing


async def list_all(purls: Sequence[str], jobs: int) -> dict[str, list[Listing]]:
    """List every package by every way, and print a line for each package."""
    ways = all_ways()
    slots = asyncio.Semaphore(jobs)
    found: dict[str, list[Listing]] = {}

    async def one(purl: str, means: Means) -> None:
        async with slots:
            found[purl] = [await list_package(purl, ways[name], means) for name in WAYS]
        words = [
            f"{it.way} {len(it.tools) if it.outcome == 'listed' else f'{it.outcome}: {_short(it)}'}"
            for it in found[purl]
        ]
        print(f"{purl}: {'; '.join(words)}", flush=True)

    async with open_means(purls, Reach()) as means, asyncio.TaskGroup() as group:
        for purl in purls:
            group.create_task(one(purl, means))
    return {purl: found[purl] for purl in purls}


def _short(listing: Listing) -> str:
    return " ".join(listing.reason.split())[:LONGEST_REASON]


def report(found: dict[str, list[Listing]]) -> None:
    """Print the share with a tool list, by way, and the outcomes of the others."""
    total = len(found)
    has = {name: {purl for purl, its in found.items() for it in its if it.way == name and it.tools} for name in WAYS}
    either = set.union(*has.values())
    print(f"\n{len(either)} of {total} packages ({len(either) / total:.0%}) have a tool list by one way or the other")
    there = [purl for purl, its in found.items() if not all(it.reason.startswith(GONE) for it in its)]
    share = len(either) / max(1, len(there))
    print(f"  {len(there)} of them are in the registries that were asked: {share:.0%} of these")
    for name, purls in has.items():
        alone = purls - set.union(*(others for other, others in has.items() if other != name))
        print(f"  {name}: {len(purls)} ({len(purls) / total:.0%}), {len(alone)} of them by no other way")
        outcomes = Counter(it.outcome for its in found.values() for it in its if it.way == name and not it.tools)
        for outcome, count in outcomes.most_common():
            print(f"    {outcome}: {count}")
    for kind in ("npm", "pypi"):
        drawn = [purl for purl in found if purl.startswith(f"pkg:{kind}/")]
        print(f"  {kind}: {sum(purl in either for purl in drawn)} of {len(drawn)}")
    print("without any list:")
    for purl in (purl for purl in found if purl not in either):
        print(f"  {purl}")
        for it in found[purl]:
            print(f"    {it.way}: {it.outcome}: {_short(it)}")


def main() -> None:
    """Draw, list and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--db", type=Path, help="an index that has read the official registry; it is not changed")
    where.add_argument("--endpoints", type=Path, help="read the official registry from where this file says")
    parser.add_argument("--seed", type=int, required=True, help="of the draw")
    parser.add_argument("--packages", type=int, default=60, help="how many are drawn")
    parser.add_argument("--jobs", type=int, default=2, help="packages at a time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coverage-") as folder:
        index = options.db or Path(folder) / "index.db"
        if options.endpoints:
            read_official(options.endpoints, index)
        named = named_packages(index)
    draw = random.Random(options.seed)  # noqa: S311  # a sample, no secret
    drawn = sorted(draw.sample(named, min(options.packages, len(named))))
    print(f"{len(drawn)} drawn with seed {options.seed} from {len(named)} packages that the official registry names\n")
    report(asyncio.run(list_all(drawn, options.jobs)))


if __name__ == "__main__":
    main()
