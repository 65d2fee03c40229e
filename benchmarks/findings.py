"""How many poisoned definitions are found, and how many honest ones raise a false alarm.

    python -m benchmarks.findings [--gold FOLDER] [--half dev|test|both] [--show]

First measures the attacks of `attacks.toml`, which are made up and were all seen while the rules were made: it tells of
a loss, not of how good the rules are on wordings that nobody saw.

Then reads `poisoned.jsonl.gz` (rows with `attack` and `visible`), `benign.jsonl.gz` and `annotated.jsonl.gz` (rows with
`group`) from a folder of gold definitions, by default the one that TOOLCENSUS_GOLD names. Definitions are other
people's text, so a clone does not have them; without the folder the benchmark says so and ends well. Rules were made on
the half of the rows whose SHA-256 of the id is even (dev). The other half (test) is only measured: --show leaves it
out.
"""

import argparse
import gzip
import hashlib
import os
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from classifier.findings import find
from classifier.label import label
from toolcensus.protocol import parse
from toolcensus.records import Finding

ALARMS = {"injection", "exfiltration", "hidden-text", "shadowing", "secret-in-definition"}
FIELDS = ("name", "title", "description", "inputSchema", "outputSchema", "annotations")


def rows(gold: Path, name: str, half: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of one file that belong to a half."""
    with gzip.open(gold / f"{name}.jsonl.gz") as file:
        for line in file:
            row = msgspec.json.decode(line)
            even = int(hashlib.sha256(row["id"].encode()).hexdigest(), 16) % 2 == 0
            if half == "both" or even == (half == "dev"):
                yield row


def alarms(row: dict[str, Any]) -> list[Finding]:
    """Return the security findings of one row's definition."""
    tool = parse({field: row[field] for field in FIELDS if row.get(field) is not None})
    return [one for one in find(tool, label(tool), row.get("server")) if one.kind in ALARMS]


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--gold", type=Path, default=os.environ.get("TOOLCENSUS_GOLD"))
    arguments.add_argument("--half", choices=("dev", "test", "both"), default="both")
    arguments.add_argument("--show", action="store_true", help="print what was missed and what was a false alarm")
    given = arguments.parse_args()
    _recall_on_made_up(show=given.show)
    if given.gold is None or not (given.gold / "poisoned.jsonl.gz").is_file():
        print("There are no gold definitions here (--gold, TOOLCENSUS_GOLD), so there is nothing to measure.")
        sys.exit(0)
    for half in ("dev", "test") if given.half == "both" else (given.half,):
        print(f"{half} half")
        show = given.show and half == "dev"
        _recall(given.gold, half, show=show)
        for name in ("benign", "annotated"):
            _false_alarms(given.gold, name, half, show=show)


def _recall_on_made_up(*, show: bool) -> None:
    families = tomllib.loads(Path(__file__).with_name("attacks.toml").read_text("utf-8"))
    found: dict[str, list[bool]] = {
        family: [bool(alarms({"name": "look_up", "description": text})) for text in attacks["texts"]]
        for family, attacks in families.items()
    }
    every = [raised for family in found.values() for raised in family]
    print(f"made-up attacks {sum(every)}/{len(every)} = {sum(every) / len(every):.2f}")
    for family, raised in sorted(found.items()):
        print(f"    {family:28} {sum(raised)}/{len(raised)}")
        for text, one in zip(families[family]["texts"] if show else (), raised, strict=False):
            if not one:
                print(f"  missed {family}: {text!r}")


def _recall(gold: Path, half: str, *, show: bool) -> None:
    found: dict[str, Counter[bool]] = defaultdict(Counter)
    for row in rows(gold, "poisoned", half):
        if row["visible"]:
            raised = bool(alarms(row))
            found[row["attack"]][raised] += 1
            if show and not raised:
                print(f"  missed {row['attack']} {row['name']}: {row.get('description')!r}")
    total = sum(found.values(), Counter[bool]())
    print(f"  recall on visible attacks {total[True]}/{total.total()} = {total[True] / total.total():.2f}")
    for attack, seen in sorted(found.items()):
        print(f"    {attack:28} {seen[True]}/{seen.total()}")


def _false_alarms(gold: Path, name: str, half: str, *, show: bool) -> None:
    groups: dict[str, Counter[bool]] = defaultdict(Counter)
    for row in rows(gold, name, half):
        raised = alarms(row)
        groups[row.get("group", row["repository"])][bool(raised)] += 1
        for one in raised if show else ():
            print(f"  false alarm {row['name']} {one.field} {one.start}-{one.end}: {one.message}")
    total = sum(groups.values(), Counter[bool]())
    mean = sum(group[True] / group.total() for group in groups.values()) / len(groups)
    rate = total[True] / total.total()
    print(f"  false alarms on {name} {total[True]}/{total.total()} = {rate:.2%}, mean over groups {mean:.2%}")


if __name__ == "__main__":
    main()
