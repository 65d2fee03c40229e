"""How many poisoned definitions are found, and how many honest ones raise a false alarm.

    python -m benchmarks.findings [--gold FOLDER] [--half dev|test|both] [--show] [--scanner [PYTHON]]

First measures wordings that are made up: those of `attacks.toml`, all seen while the rules were made, and the rounds of
`wordings.toml`, each of them written before anyone looked at what the rules make of it, with the figures of that first
look. What they give today tells of a loss, not of how good the rules are on wordings that nobody saw.

Then reads `poisoned.jsonl.gz` (rows with `attack` and `visible`), `benign.jsonl.gz` and `annotated.jsonl.gz` (rows with
`group`) from a folder of gold definitions, by default the one that TOOLCENSUS_GOLD names. Definitions are other
people's text, so a clone does not have them; without the folder the benchmark says so and ends well. Rules were made on
the half of the rows whose SHA-256 of the id is even (dev). The other half (test) is only measured: --show leaves it
out.

--scanner measures another scanner (`benchmarks.scanner`) on the same definitions in the same run. PYTHON is one that
has it already; without it the scanner is installed for the while, which needs a package index.
"""

import argparse
import gzip
import hashlib
import os
import subprocess
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from benchmarks import scanner
from classifier.findings import find
from classifier.label import label
from toolcensus.protocol import parse
from toolcensus.records import Finding

ALARMS = {"injection", "exfiltration", "hidden-text", "shadowing", "secret-in-definition"}
FIELDS = ("name", "title", "description", "inputSchema", "outputSchema", "annotations")
HERE = Path(__file__).parent

Row = dict[str, Any]
Scan = Callable[[Sequence[Row]], list[bool]] | None


def rows(gold: Path, name: str, half: str) -> Iterator[Row]:
    """Yield the rows of one file that belong to a half."""
    with gzip.open(gold / f"{name}.jsonl.gz") as file:
        for line in file:
            row = msgspec.json.decode(line)
            even = int(hashlib.sha256(row["id"].encode()).hexdigest(), 16) % 2 == 0
            if half == "both" or even == (half == "dev"):
                yield row


def definition(row: Row) -> Row:
    """Return what a server says of the tool, without what a row says besides."""
    return {field: row[field] for field in FIELDS if row.get(field) is not None}


def alarms(row: Row) -> list[Finding]:
    """Return the security findings of one row's definition."""
    tool = parse(definition(row))
    return [one for one in find(tool, label(tool), row.get("server")) if one.kind in ALARMS]


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--gold", type=Path, default=os.environ.get("TOOLCENSUS_GOLD"))
    arguments.add_argument("--half", choices=("dev", "test", "both"), default="both")
    arguments.add_argument("--show", action="store_true", help="print what was missed and what was a false alarm")
    arguments.add_argument("--scanner", nargs="?", type=Path, const="", metavar="PYTHON")
    given = arguments.parse_args()
    if given.scanner is None:
        _measure(given, None)
        return
    try:
        with scanner.installed(given.scanner if given.scanner != Path() else None) as python:
            print(f"beside it: {scanner.PACKAGE} {scanner.version(python)}, its YARA rules alone")
            _measure(given, lambda some: scanner.scan(python, [definition(row) for row in some]))
    except subprocess.SubprocessError as error:
        why = getattr(error, "stderr", None) or error
        print(f"{scanner.PACKAGE} could not be installed or run here, so there is nothing to compare with: {why}")
        _measure(given, None)


def _measure(given: argparse.Namespace, scan: Scan) -> None:
    _made_up(scan, show=given.show)
    if given.gold is None or not (given.gold / "poisoned.jsonl.gz").is_file():
        print("There are no gold definitions here (--gold, TOOLCENSUS_GOLD), so there is nothing more to measure.")
        return
    for half in ("dev", "test") if given.half == "both" else (given.half,):
        print(f"{half} half")
        show = given.show and half == "dev"
        poisoned = [row for row in rows(given.gold, "poisoned", half) if row["visible"]]
        found = _found("  recall on visible attacks", poisoned, scan, show=show)
        _by_family([row["attack"] for row in poisoned], found)
        for name in ("benign", "annotated"):
            honest = list(rows(given.gold, name, half))
            raised = _raised(f"  false alarms on {name}", honest, scan, show=show)
            print(f"    mean over groups {_mean_over_groups(honest, raised):.2%}")


def _made_up(scan: Scan, *, show: bool) -> None:
    families = tomllib.loads((HERE / "attacks.toml").read_text("utf-8"))
    named = [(family, text) for family, attacks in families.items() for text in attacks["texts"]]
    attacks = [{"name": "look_up", "description": text} for _, text in named]
    _by_family([family for family, _ in named], _found("made-up attacks", attacks, scan, show=show))
    for number, one in enumerate(tomllib.loads((HERE / "wordings.toml").read_text("utf-8"))["round"], 1):
        print(f"round {number} of wordings, at first sight {one['recall']}, false alarms {one['false_alarms']}")
        _found("  recall today", [msgspec.json.decode(text) for text in one["attacks"]], scan, show=show)
        _raised("  false alarms today", [msgspec.json.decode(text) for text in one["honest"]], scan, show=show)


def _found(what: str, attacks: Sequence[Row], scan: Scan, *, show: bool) -> list[bool]:
    found = [bool(alarms(row)) for row in attacks]
    print(f"{what} {_share(found)}{_beside(attacks, scan)}")
    for row, one in zip(attacks, found, strict=True):
        if show and not one:
            print(f"  missed {row['name']}: {row.get('description')!r}")
    return found


def _raised(what: str, honest: Sequence[Row], scan: Scan, *, show: bool) -> list[bool]:
    raised = [alarms(row) for row in honest]
    print(f"{what} {_share([bool(one) for one in raised])}{_beside(honest, scan)}")
    for row, found in zip(honest, raised, strict=True):
        for one in found if show else ():
            print(f"  false alarm {row['name']} {one.field} {one.start}-{one.end}: {one.message}")
    return [bool(one) for one in raised]


def _beside(some: Sequence[Row], scan: Scan) -> str:
    return "" if scan is None else f"; the other scanner {_share(scan(some))}"


def _share(verdicts: Sequence[bool]) -> str:
    return f"{sum(verdicts)}/{len(verdicts)} = {sum(verdicts) / len(verdicts):.2%}"


def _by_family(families: Sequence[str], found: Sequence[bool]) -> None:
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for family, one in zip(families, found, strict=True):
        counts[family][one] += 1
    for family, count in sorted(counts.items()):
        print(f"    {family:28} {count[True]}/{count.total()}")


def _mean_over_groups(honest: Sequence[Row], raised: Sequence[bool]) -> float:
    groups: dict[str, list[bool]] = defaultdict(list)
    for row, one in zip(honest, raised, strict=True):
        groups[str(row.get("group", row["repository"]))].append(one)
    return sum(sum(group) / len(group) for group in groups.values()) / len(groups)


if __name__ == "__main__":
    main()
