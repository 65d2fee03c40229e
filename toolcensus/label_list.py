"""The labels that people and programs wrote down: JSON Lines without any text of the definitions that they are of.

A line names a definition by server, tool and digest; whoever holds the definition can put the two together.
"""

from pathlib import Path

import msgspec

from toolcensus.errors import InputError
from toolcensus.records import Bound, Category, Effect, Record, Risk

LONGEST_LINE = 64 * 1024


class Known(Record, frozen=True, forbid_unknown_fields=True):
    """What a reader said of one definition.

    `vendor` says whose it is, so that no vendor is on both sides of a split; `doubtful` that two careful readers could
    differ in category; `stratum` how a row of a measured set was drawn (`random` is a fair draw over servers), and is
    empty for rows that are only there to be learnt from.
    """

    server: str
    tool: str
    digest: str
    category: Category
    effects: tuple[Effect, ...]
    bounds: tuple[Bound, ...]
    risk: Risk
    reason: str
    vendor: str
    reader: str
    doubtful: bool = False
    stratum: str = ""


def read_labels(folder: Path) -> list[Known]:
    """Read every `*.jsonl` of a folder, by name; the first label of a definition counts. InputError names the line."""
    found: dict[str, Known] = {}
    for path in sorted(folder.glob("*.jsonl")):
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                known = _read(line, f"{path.name}, line {number}")
                found.setdefault(known.digest, known)
    return list(found.values())


def _read(line: bytes, where: str) -> Known:
    if len(line) > LONGEST_LINE:
        raise InputError(f"{where}: longer than {LONGEST_LINE:,} bytes", advice="a label takes a few hundred")
    try:
        return msgspec.json.decode(line, type=Known)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{where}: no label: {error}", advice="see data/labels/README.md for the form") from error


def write_labels(path: Path, labels: list[Known]) -> None:
    """Write labels to a file, sorted by server, tool and digest."""
    ordered = sorted(labels, key=lambda known: (known.server, known.tool, known.digest))
    path.write_bytes(b"".join(msgspec.json.encode(known) + b"\n" for known in ordered))
