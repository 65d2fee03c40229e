"""Measure static extraction's definitions against what servers really answer: descriptions and parameter names.

``served_definitions.json`` holds, for each tool of some packages, a digest of its description (white space collapsed)
and the names of its parameters; no text of anybody's is kept. Usage, from the top of a checkout::

    python -m benchmarks.definitions                        # fetched by name, as `toolcensus crawl` does
    python -m benchmarks.definitions --artefacts DIR        # files named pypi__NAME.whl, npm__@SCOPE__NAME.tgz
    python -m benchmarks.definitions --serve 40             # start that many packages of served.json in the sandbox

It exits with 1 where fewer descriptions or parameters are equal than the extractors promise.
"""

import argparse
import asyncio
import hashlib
import json
import random
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packageurl import PackageURL

from benchmarks import extraction, serve
from crawler.archive import read_tree
from crawler.confined import Failure
from crawler.extraction import extract, suffixes
from crawler.listings import static
from crawler.purl import parse_purl
from crawler.release import find_release
from crawler.sandbox.installation import installed
from crawler.sandbox.launch import InstallError
from crawler.sandbox.limits import DEFAULT
from interfaces.flows.reach import Reach, open_means
from toolcensus.errors import ToolcensusError
from toolcensus.records import Tool

HERE = Path(__file__).parent
ANSWERS = HERE / "served_definitions.json"
DESCRIPTIONS, PARAMETERS = 0.95, 0.90
SEED = 7
DIGITS = 16
Answers = dict[str, dict[str, Any]]


@dataclass
class Row:
    """One package: how many of its tools were found, and how many of those are the same in each respect."""

    purl: str
    tools: int = 0
    matched: int = 0
    descriptions: int = 0
    parameters: int = 0
    differing: list[str] = field(default_factory=list)


def digest(description: str | None) -> str:
    """Return the digest of a description, whatever its white space; nothing where there is none."""
    words = " ".join((description or "").split())
    return hashlib.sha256(words.encode()).hexdigest()[:DIGITS] if words else ""


def parameters(schema: Mapping[str, Any] | None) -> list[str]:
    """Return the names of a schema's parameters, sorted."""
    properties = (schema or {}).get("properties")
    return sorted(properties) if isinstance(properties, dict) else []


def told(tools: Iterable[Tool]) -> dict[str, Any]:
    """Return what is kept of a package's answer."""
    return {
        tool.name: {"description": digest(tool.description), "parameters": parameters(tool.input_schema)}
        for tool in sorted(tools, key=lambda tool: tool.name)
    }


async def serve_some(count: int) -> None:
    """Start so many packages, half of each registry, and save what they answer after each."""
    known = json.loads((HERE / "served.json").read_text(encoding="utf-8"))
    answers: Answers = json.loads(ANSWERS.read_text(encoding="utf-8")) if ANSWERS.exists() else {}
    for purl in [purl for purl in drawn(known, count) if purl not in answers]:
        async with open_means([purl], Reach()) as means:
            try:
                release = await find_release(parse_purl(purl), means)
                async with installed(release, means, DEFAULT, None) as (launch, _):
                    heard = await serve.list_hinted(launch, serve.hints_for(purl))
            except (InstallError, ToolcensusError) as error:
                print(f"{purl}: {error}", file=sys.stderr, flush=True)
                continue
        print(f"{purl}: {len(heard.tools)} tools", flush=True)
        if heard.tools:
            answers[purl] = told(heard.tools)
            text = json.dumps(answers, indent=1, sort_keys=True)
            ANSWERS.write_text(text + "\n", encoding="utf-8")


def drawn(known: Mapping[str, Any], count: int) -> list[str]:
    """Return packages drawn at random, half of each registry."""
    listed = sorted(purl for purl, answer in known.items() if isinstance(answer, dict) and answer.get("names"))
    chosen: list[str] = []
    for kind in ("pkg:npm/", "pkg:pypi/"):
        of_kind = [purl for purl in listed if purl.startswith(kind)]
        chosen += random.Random(SEED).sample(of_kind, min(count // 2, len(of_kind)))  # noqa: S311  # a fixed draw
    return chosen


async def read_all(answers: Answers, folder: Path | None) -> list[Row]:
    """Read every package and put its definitions beside its answer."""
    rows: list[Row] = []
    async with open_means(answers, Reach()) as means:
        for purl, answer in answers.items():
            package = PackageURL.from_string(purl)
            if folder is not None:
                artefact = extraction.find_artefact(package, folder)
                tools = extract(read_tree(artefact, suffixes())[0]).tools if artefact else ()
            else:
                reading = await static.read_package(package, means)
                tools = () if isinstance(reading, Failure) else reading.tools
            rows.append(compared(purl, answer, told(tools)))
    return rows


def compared(purl: str, served: Mapping[str, Any], found: Mapping[str, Any]) -> Row:
    """Compare the tools that both have."""
    row = Row(purl, tools=len(served))
    for name in sorted(served.keys() & found.keys()):
        row.matched += 1
        same = {part: served[name][part] == found[name][part] for part in ("description", "parameters")}
        row.descriptions += same["description"]
        row.parameters += same["parameters"]
        row.differing += [f"{name}: {part}" for part, equal in same.items() if not equal]
    return row


def report(rows: list[Row], *, verbose: bool) -> bool:
    """Print each package and each language; say whether what is promised was kept."""
    print(f"{'package':56} tools matched descriptions parameters")
    for row in rows:
        name = row.purl.removeprefix("pkg:")[:56]
        print(f"{name:56} {row.tools:5} {row.matched:7} {row.descriptions:12} {row.parameters:10}")
        if verbose and row.differing:
            print(f"    differs: {', '.join(row.differing)}")
    kept = True
    for title in ("npm", "pypi", ""):
        chosen = [row for row in rows if row.purl.startswith(f"pkg:{title}")]
        matched = max(1, sum(row.matched for row in chosen))
        descriptions = sum(row.descriptions for row in chosen) / matched
        names = sum(row.parameters for row in chosen) / matched
        print(
            f"{title or 'all'}: {len(chosen)} packages, {matched} tools matched; "
            f"descriptions equal {descriptions:.3f}, parameter names equal {names:.3f}"
        )
        kept = kept and descriptions >= DESCRIPTIONS and names >= PARAMETERS
    return kept


def main() -> None:
    """Serve or measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", type=int, default=0, help="start so many packages and save what they answer")
    parser.add_argument("--artefacts", type=Path, help="folder of downloaded artefacts; without it they are fetched")
    parser.add_argument("--only", default="", help="packages whose purl contains this")
    parser.add_argument("--verbose", action="store_true", help="name the tools that differ")
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve_some(options.serve))
        return
    known: Answers = json.loads(ANSWERS.read_text(encoding="utf-8"))
    answers = {purl: answer for purl, answer in known.items() if options.only in purl}
    rows = asyncio.run(read_all(answers, options.artefacts))
    sys.exit(0 if report(rows, verbose=options.verbose) else 1)


if __name__ == "__main__":
    main()
