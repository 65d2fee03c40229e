"""How well the rules alone label tools whose labels people wrote, on vendors that no rule was written against.

    python -m benchmarks.classification --gold DIR     (or TOOLCENSUS_GOLD=DIR)

`DIR` holds `labelled.jsonl.gz` and `annotated.jsonl.gz`. Vendors fall into two halves by the digest of their names: the
rules were written with the first in view, and only the second says how well they do elsewhere. The model has learnt
from all of these rows: `toolcensus evaluate` measures it, on vendors that it did not see.
"""

import argparse
import gzip
import hashlib
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from classifier.confidence import AGREEMENT
from classifier.definition import prepare
from classifier.judge import judge
from classifier.label import label_with, version_with
from toolcensus.records import CATEGORIES, EFFECTS, RISKS, Label, Tool

STRONG = (0.86, 60)
"""What an answer is drawn towards, and by the weight of how many tools: what the first verb alone gives on new vendors.
The rules were written with these rows in view, so that their own agreement here is too good to be believed."""
WEAK = (0.6, 20)
"""The same for an answer that nouns gave, or sources that quarrel."""
WEAK_SOURCES = frozenset(("nouns", "nouns of the name", "verbs differ", "rules differ", "unknown verb", "nothing"))
FOLDS = 5

Row = dict[str, Any]
Pairs = list[tuple[str, str]]
Met = dict[str, list[bool]]


def read(path: Path) -> list[Row]:
    """Read gzipped JSON Lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def tool_of(row: Row, *, annotated: bool = False) -> Tool:
    """Make the tool of a row, without the author's annotations unless they are asked for."""
    schema = row.get("inputSchema")
    return Tool(
        name=row["name"],
        title=row.get("title"),
        description=row.get("description"),
        input_schema=schema if isinstance(schema, dict) else None,
        annotations=row.get("annotations") if annotated else None,
    )


def label(tool: Tool) -> Label:
    """Label by the rules alone."""
    return label_with(None, [tool])[0]


def is_test(row: Row) -> bool:
    """Say whether a row's vendor is in the half that no rule was written against."""
    return int(hashlib.sha256(row["vendor"].encode()).hexdigest(), 16) % 2 == 1


def f1(right: int, wrong: int, missed: int) -> float:
    """Return the harmonic mean of precision and recall; 0 where nothing was right."""
    return 2 * right / (2 * right + wrong + missed) if right else 0.0


def macro_f1(pairs: Pairs, values: Iterable[str]) -> float:
    """Return the mean F1 over the values, of (gold, given) pairs."""
    scores = []
    for value in values:
        right = sum(gold == given == value for gold, given in pairs)
        wrong = sum(given == value != gold for gold, given in pairs)
        missed = sum(gold == value != given for gold, given in pairs)
        scores.append(f1(right, wrong, missed))
    return sum(scores) / len(scores)


def accuracy(pairs: Pairs) -> float:
    """Return the share of equal pairs."""
    return sum(gold == given for gold, given in pairs) / len(pairs)


def print_half(name: str, rows: list[Row], labels: list[Label]) -> None:
    """Print one half's table."""
    categories: Pairs = [(row["label"]["category"], given.category) for row, given in zip(rows, labels, strict=True)]
    risks: Pairs = [(row["label"]["risk"], given.risk) for row, given in zip(rows, labels, strict=True)]
    changing = [given for gold, given in categories if gold != "Read"]
    clear = [pair for pair, row in zip(categories, rows, strict=True) if not row["label"]["ambiguous"]]
    print(f"{name} ({len(rows)} tools)")
    print(f"  category   accuracy {accuracy(categories):.3f}  macro-F1 {macro_f1(categories, CATEGORIES):.3f}")
    print(f"             where the labellers were sure {accuracy(clear):.3f}")
    print(f"             changing tools called Read {changing.count('Read') / len(changing):.3f}")
    print(f"  risk       accuracy {accuracy(risks):.3f}  macro-F1 {macro_f1(risks, RISKS):.3f}")
    print(f"  confidence calibration error {calibration_error(hits_of(rows), AGREEMENT):.3f}")
    print_effects(rows, labels)


def print_effects(rows: list[Row], labels: list[Label]) -> None:
    """Print micro-F1 over all effects, and F1 with counts for each."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row, given in zip(rows, labels, strict=True):
        gold = set(row["label"]["effects"])
        for effect in EFFECTS:
            case = (effect in gold, effect in given.effects)
            counts[effect][{(True, True): "right", (False, True): "wrong", (True, False): "missed"}.get(case, "")] += 1
    total = sum((Counter(count) for count in counts.values()), Counter())
    print(f"  effects    micro-F1 {f1(total['right'], total['wrong'], total['missed']):.3f}")
    for effect in EFFECTS:
        count = counts[effect]
        right, wrong, missed = count["right"], count["wrong"], count["missed"]
        print(f"    {effect:<15} {f1(right, wrong, missed):.2f}  ({right} right, {wrong} wrong, {missed} missed)")


def agreement_of(met: Met) -> dict[str, float]:
    """Return how often each answer to which sources spoke was right, drawn towards what is known of new vendors."""
    figures = {}
    for sources, hits in met.items():
        prior, weight = WEAK if sources in WEAK_SOURCES else STRONG
        figures[sources] = (sum(hits) + prior * weight) / (len(hits) + weight)
    return figures


def hits_of(rows: list[Row]) -> Met:
    """Return for each answer to which sources spoke whether the category was right, tool by tool."""
    met: Met = defaultdict(list)
    for row in rows:
        decision = judge(prepare(tool_of(row))).decision
        met[decision.sources].append(decision.category == row["label"]["category"])
    return met


def calibration_error(met: Met, figures: dict[str, float]) -> float:
    """Return the mean distance of confidence from agreement, over the answers, weighted by how often each was met."""
    far = [abs(sum(hits) - len(hits) * figures.get(sources, WEAK[0])) for sources, hits in met.items()]
    return sum(far) / sum(map(len, met.values()))


def print_confidence(rows: list[Row]) -> None:
    """Print the table of classifier/confidence.py, and how far it is off for vendors that a fold left out."""
    met = hits_of(rows)
    for sources, figure in sorted(agreement_of(met).items()):
        print(f'    "{sources}": {figure:.2f},  # {sum(met[sources])} of {len(met[sources])}')
    errors = []
    for fold in range(FOLDS):
        left_out = [row for row in rows if fold_of(row) == fold]
        others = agreement_of(hits_of([row for row in rows if fold_of(row) != fold]))
        errors.append(calibration_error(hits_of(left_out), others))
    print(f"  confidence calibration error over {FOLDS} folds of vendors {sum(errors) / FOLDS:.3f}")


def fold_of(row: Row) -> int:
    """Return the fold of a row's vendor, apart from the half it is in."""
    return int(hashlib.sha256(b"fold " + row["vendor"].encode()).hexdigest(), 16) % FOLDS


def print_agreement(rows: list[Row]) -> None:
    """Print how often Read agrees with the authors' readOnlyHint, as a mean over groups of vendors."""
    groups: dict[str, list[bool]] = defaultdict(list)
    writers: list[bool] = []
    for row in rows:
        hint = (row.get("annotations") or {}).get("readOnlyHint")
        if isinstance(hint, bool):
            reads = label(tool_of(row)).category == "Read"
            groups[row["group"]].append(reads == hint)
            writers += [] if hint else [reads]
    mean = sum(sum(hits) / len(hits) for hits in groups.values()) / len(groups)
    print(f"readOnlyHint agreement, mean over {len(groups)} groups {mean:.3f}; writers called Read", end=" ")
    print(f"{sum(writers) / len(writers):.3f}")


def print_speed(rows: list[Row], labels: list[Label]) -> None:
    """Print labels a second in one process, and how many rationales differ among tools that differ."""
    tools = [tool_of(row) for row in rows]
    began = time.perf_counter()
    for tool in tools:
        label(tool)
    rate = len(tools) / (time.perf_counter() - began)
    different = len({(tool.name, tool.description) for tool in tools})
    print(f"speed {rate:,.0f} labels a second; distinct rationales", end=" ")
    print(f"{len({given.rationale for given in labels}) / different:.3f} of {different} different tools")


def main() -> int:
    """Print the report, or say that there is nothing to measure against."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=os.environ.get("TOOLCENSUS_GOLD"))
    parser.add_argument("--confidence", action="store_true", help="print the confidence table too")
    options = parser.parse_args()
    if options.gold is None or not (Path(options.gold) / "labelled.jsonl.gz").is_file():
        print("no gold labels here: give their folder with --gold or TOOLCENSUS_GOLD")
        return 0
    rows = read(Path(options.gold) / "labelled.jsonl.gz")
    labels = [label(tool_of(row)) for row in rows]
    print(f"classifier {version_with(None)}")
    for name, wanted in (("rules written with these in view", False), ("vendors not seen", True)):
        half = [(row, given) for row, given in zip(rows, labels, strict=True) if is_test(row) == wanted]
        print_half(name, [row for row, _ in half], [given for _, given in half])
    if options.confidence:
        print_confidence([row for row in rows if not is_test(row)])
    print_agreement(read(Path(options.gold) / "annotated.jsonl.gz"))
    print_speed(rows, labels)
    return 0


if __name__ == "__main__":
    sys.exit(main())
