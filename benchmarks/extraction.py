"""Measure static extraction against the tool names that servers really serve.

``served.json`` holds the names (see ``serve.py``). For every package with an answer, its artefact is read and the
extractors' names are compared: *recall* is the share of the served names that were found, conditional or not
(*hedged* are the conditional ones among them, which the recall *by unconditional ones alone* leaves out); *precision*
the share of the unconditional ones that are served.
Usage, from the top of a checkout::

    python -m benchmarks.extraction                           # fetched by name, as `toolcensus crawl` does
    python -m benchmarks.extraction --only sqlite --verbose   # with the names that differ
    python -m benchmarks.extraction --artefacts DIR           # files named pypi__NAME.whl, npm__@SCOPE__NAME.tgz

A launcher's dependencies are followed when packages are fetched, not when they are files of a folder.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packageurl import PackageURL

from crawler.archive import read_tree
from crawler.confined import Failure
from crawler.extraction import extract, suffixes
from crawler.listing import Means
from crawler.listings import static
from interfaces.flows.reach import Reach, open_means
from toolcensus.errors import ToolcensusError
from toolcensus.records import Tool, Unresolved

HERE = Path(__file__).parent
SUFFIXES = (".whl", ".tar.gz", ".tgz", ".zip")


@dataclass(frozen=True)
class Row:
    """One package: what it serves, what was found, and how long that took (seconds)."""

    purl: str
    served: frozenset[str]
    unconditional: frozenset[str]
    conditional: frozenset[str]
    unresolved: tuple[Unresolved, ...]
    seconds: float

    @property
    def missing(self) -> list[str]:
        """Names that are served and were not found."""
        return sorted(self.served - self.unconditional - self.conditional)

    @property
    def extra(self) -> list[str]:
        """Names that were found without a condition and are not served."""
        return sorted(self.unconditional - self.served)

    @property
    def hedged(self) -> list[str]:
        """Names that are served and were found only under a condition."""
        return sorted(self.served & self.conditional)

    @property
    def recall(self) -> float:
        """The share of the served names that were found."""
        return 1 - len(self.missing) / len(self.served)

    @property
    def recall_alone(self) -> float:
        """The share of the served names that were found without a condition."""
        return len(self.served & self.unconditional) / len(self.served)

    @property
    def precision(self) -> float:
        """The share of the unconditional names that are served; 1 where there are none."""
        return 1 - len(self.extra) / len(self.unconditional) if self.unconditional else 1.0


def main() -> None:
    """Print the table, and the names under ``--verbose``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--artefacts", type=Path, help="folder of downloaded artefacts; without it they are fetched")
    parser.add_argument("--served", type=Path, default=HERE / "served.json", help="the answers to measure against")
    parser.add_argument("--only", default="", help="packages whose purl contains this")
    parser.add_argument("--verbose", action="store_true", help="name what is missing, extra and unresolved")
    options = parser.parse_args()
    answers = json.loads(options.served.read_text(encoding="utf-8"))
    served = {
        purl: frozenset(answer["names"])
        for purl, answer in sorted(answers.items())
        if options.only in purl and answer.get("names")
    }
    if options.artefacts:
        rows = [row for purl, names in served.items() if (row := read_one(purl, names, options.artefacts))]
    else:
        rows = asyncio.run(fetch_all(served))
    report(rows, verbose=options.verbose)


async def fetch_all(served: dict[str, frozenset[str]]) -> list[Row]:
    """Fetch and read every package as the crawl does, politely and in order."""
    async with open_means(served, Reach()) as means:
        return [row for purl, names in served.items() if (row := await fetch_one(purl, names, means))]


async def fetch_one(purl: str, names: frozenset[str], means: Means) -> Row | None:
    """Fetch and read one package; say so where it cannot be had."""
    try:
        reading = await static.read_package(PackageURL.from_string(purl), means)
    except ToolcensusError as error:
        print(f"{purl} cannot be had: {error}", file=sys.stderr)
        return None
    if isinstance(reading, Failure):
        return compare(purl, names, (), (Unresolved(where=purl, reason=reading.reason),), reading.seconds)
    return compare(purl, names, reading.tools, reading.unresolved, reading.seconds)


def find_artefact(package: PackageURL, folder: Path) -> Path | None:
    """Return the package's file in the folder, or None."""
    name = f"{package.namespace}__{package.name}" if package.namespace else package.name
    candidates = (folder / f"{package.type}__{name}{suffix}" for suffix in SUFFIXES)
    return next((path for path in candidates if path.exists()), None)


def read_one(purl: str, names: frozenset[str], folder: Path) -> Row | None:
    """Extract the package's file in the folder; say so where there is none."""
    artefact = find_artefact(PackageURL.from_string(purl), folder)
    if artefact is None:
        print(f"no artefact for {purl}", file=sys.stderr)
        return None
    tree, _ = read_tree(artefact, suffixes())
    started = time.perf_counter()
    extraction = extract(tree)
    return compare(purl, names, extraction.tools, extraction.unresolved, time.perf_counter() - started)


def compare(
    purl: str, served: frozenset[str], tools: Sequence[Tool], unresolved: Sequence[Unresolved], seconds: float
) -> Row:
    """Put what was found beside what is served."""
    unconditional = frozenset(tool.name for tool in tools if tool.conditional is None)
    conditional = frozenset(tool.name for tool in tools) - unconditional
    return Row(purl, served, unconditional, conditional, tuple(unresolved), seconds)


def report(rows: list[Row], *, verbose: bool) -> None:
    """Print each package, then each ecosystem, then all."""
    print(f"{'package':52} served found missing extra  cond hedged unres recall precis. seconds")
    for row in rows:
        found = len(row.served) - len(row.missing)
        print(
            f"{row.purl.removeprefix('pkg:')[:52]:52} {len(row.served):6} {found:5} {len(row.missing):7} "
            f"{len(row.extra):5} {len(row.conditional):5} {len(row.hedged):6} {len(row.unresolved):5} "
            f"{row.recall:6.2f} {row.precision:7.2f} {row.seconds:7.2f}"
        )
        if verbose:
            explain(row)
    for ecosystem in sorted({row.purl.split("/")[0] for row in rows}):
        summarise(ecosystem, [row for row in rows if row.purl.startswith(ecosystem + "/")])
    summarise("all", rows)


def explain(row: Row) -> None:
    """Print the names that differ and the reasons for what could not be resolved."""
    for title, names in (("missing", row.missing), ("extra", row.extra), ("conditional", sorted(row.conditional))):
        if names:
            print(f"    {title}: {', '.join(names)}")
    for reason, count in Counter(f"{item.where}: {item.reason}" for item in row.unresolved).most_common(20):
        print(f"    unresolved: {reason}" + (f" ({count} times)" if count > 1 else ""))


def summarise(title: str, rows: list[Row]) -> None:
    """Print recall and precision, pooled and as a mean over packages."""
    if not rows:
        return
    served = sum(len(row.served) for row in rows)
    missing = sum(len(row.missing) for row in rows)
    unconditional = sum(len(row.unconditional) for row in rows)
    extra = sum(len(row.extra) for row in rows)
    recall = sum(row.recall for row in rows) / len(rows)
    alone = 1 - (missing + sum(len(row.hedged) for row in rows)) / served
    alone_mean = sum(row.recall_alone for row in rows) / len(rows)
    precision = sum(row.precision for row in rows) / len(rows)
    print(
        f"{title}: {len(rows)} packages, {served} tools served; "
        f"recall {1 - missing / served:.3f} pooled, {recall:.3f} mean; "
        f"by unconditional ones alone {alone:.3f} pooled, {alone_mean:.3f} mean; "
        f"precision {1 - extra / max(unconditional, 1):.3f} pooled, {precision:.3f} mean; "
        f"{sum(len(row.hedged) for row in rows)} found under a condition; "
        f"{sum(len(row.unresolved) for row in rows)} unresolved; {sum(row.seconds for row in rows):.1f} s"
    )


if __name__ == "__main__":
    main()
