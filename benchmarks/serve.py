"""Start published MCP servers and save the names of the tools that they really serve.

The names are what static extraction is measured against. Servers are installed and started as the way `sandbox` does
it, and told besides what ``launch.toml`` knows of them; no tool is ever called, and nothing but names is kept. Usage,
from the top of a checkout::

    python -m benchmarks.serve                        # every package of the starter list that has no answer yet
    python -m benchmarks.serve --only sqlite --again  # ask again
    python -m benchmarks.serve pkg:npm/some-server@1.2.3 --out /tmp/served.json
"""

import argparse
import asyncio
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crawler.listing import Means
from crawler.purl import parse_purl
from crawler.release import Release, find_release
from crawler.sandbox import as_of, placeholders, stand_ins
from crawler.sandbox.attempts import list_launch
from crawler.sandbox.conversation import Heard, ask
from crawler.sandbox.installation import installed
from crawler.sandbox.jail import PACKAGE
from crawler.sandbox.launch import InstallError, Launch
from crawler.sandbox.limits import DEFAULT
from interfaces.flows.reach import Reach, open_means
from toolcensus.errors import ToolcensusError

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Hints:
    """What a stranger must know to start one server: ``launch.toml`` says it where it cannot be seen."""

    subcommand: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    stand_ins: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


async def list_hinted(launch: Launch, hints: Hints) -> Heard:
    """Ask a server as the sandbox does and, where it lists nothing, with the arguments and variables of its hints."""
    stand_ins.put(launch.folder, hints.stand_ins)
    for name, text in hints.files.items():
        (launch.folder / name).write_text(text, encoding="utf-8")
    launch = replace(launch, command=(*launch.command, *hints.subcommand))
    heard = await list_launch(launch, DEFAULT)
    if heard.tools or not (hints.arguments or hints.environment):
        return heard
    arguments = [argument.replace("{folder}", PACKAGE) for argument in hints.arguments]
    told = {name: value.replace("{folder}", PACKAGE) for name, value in hints.environment.items()}
    environment = placeholders.credentials(placeholders.variables(launch.sources))
    environment |= placeholders.complained_about(heard.words) | told
    hinted = await ask(launch.jail(environment), [*launch.command, *arguments], DEFAULT)
    return replace(hinted, facts={**hinted.facts, "placeholders": placeholders.described(environment)})


async def serve(purl: str, hints: Hints, means: Means) -> dict[str, Any]:
    """Return the entry of one package: the names of its tools, or the reason for none."""
    release = await find_release(parse_purl(purl), means)
    note, heard = "", Heard("no-source")
    for day in (None, "release"):
        try:
            heard = await _started(release, hints, means, day and await as_of.release_day(release, means))
        except InstallError as error:
            heard = heard if heard.reason else Heard("no-source", f"not installed: {error}")
            continue
        if heard.tools:
            note = "dependencies as of its release" if day else ""
            break
    if not heard.tools:
        return {"reason": heard.reason[:200]}
    environment = "placeholders" if "placeholders" in heard.facts else "empty"
    notes = [note] if note else []
    if hints.arguments and environment == "placeholders":
        notes.append(f"arguments: {' '.join(hints.arguments)}")
    names = sorted({tool.name for tool in heard.tools})
    return {"names": names, "environment": environment} | ({"note": "; ".join(notes)} if notes else {})


async def _started(release: Release, hints: Hints, means: Means, day: str | None) -> Heard:
    async with installed(release, means, DEFAULT, day) as (launch, _):
        return await list_hinted(launch, hints)


def starter_packages() -> list[str]:
    """Return the packages of the starter list."""
    starter = tomllib.loads(HERE.parent.joinpath("data", "starter.toml").read_text(encoding="utf-8"))
    return [server["package"] for server in starter["server"]]


def hints_for(purl: str) -> Hints:
    """Return what ``launch.toml`` says of a package, whatever its version."""
    hints = tomllib.loads(HERE.joinpath("launch.toml").read_text(encoding="utf-8"))
    return Hints(**hints.get(purl.rpartition("@")[0], {}))


class Results:
    """The file of answers, written after each, so that a stopped run loses nothing."""

    def __init__(self, path: Path) -> None:
        """Read what earlier runs found."""
        self.path = path
        self.entries: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"failed": {}}

    def lacks(self, purl: str, *, retry: bool) -> bool:
        """Whether a package is still to be asked."""
        return purl not in self.entries and (retry or purl not in self.entries["failed"])

    def add(self, purl: str, entry: dict[str, Any]) -> None:
        """Write one answer, in a stable order, by replacing the file."""
        self.entries.pop(purl, None)
        self.entries["failed"].pop(purl, None)
        if "reason" in entry:
            self.entries["failed"][purl] = entry["reason"]
        else:
            self.entries[purl] = entry
        fresh = self.path.with_suffix(".new")
        text = json.dumps(self.entries, indent=1, sort_keys=True, ensure_ascii=False)
        fresh.write_text(text + "\n", encoding="utf-8")
        fresh.replace(self.path)


async def serve_all(purls: Sequence[str], results: Results, jobs: int) -> None:
    """Serve packages side by side, whatever happens: one package never ends the run."""
    slots = asyncio.Semaphore(jobs)

    async def one(purl: str, means: Means) -> None:
        async with slots:
            try:
                entry = await serve(purl, hints_for(purl), means)
            except ToolcensusError as error:
                entry = {"reason": error.message[:200]}
        results.add(purl, entry)
        found = f"{len(entry['names'])} tools ({entry['environment']})" if "names" in entry else entry["reason"]
        print(f"{purl}: {found}", flush=True)

    async with open_means(purls, Reach()) as means, asyncio.TaskGroup() as group:
        for purl in purls:
            group.create_task(one(purl, means))


def main() -> None:
    """Serve what is asked for and print a line for each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("packages", nargs="*", help="package URLs with a version (default: the starter list)")
    parser.add_argument("--only", default="", help="only packages whose URL contains this text")
    parser.add_argument("--again", action="store_true", help="ask also those that have an answer")
    parser.add_argument("--retry", action="store_true", help="ask also those that failed")
    parser.add_argument("--jobs", type=int, default=2, help="servers at a time")
    parser.add_argument("--out", type=Path, default=HERE / "served.json", help="where the names are saved")
    options = parser.parse_args()
    results = Results(options.out)
    wanted = [purl for purl in options.packages or starter_packages() if options.only in purl]
    todo = [purl for purl in wanted if options.again or results.lacks(purl, retry=options.retry)]
    asyncio.run(serve_all(todo, results, options.jobs))
    print(f"{sum(purl in results.entries for purl in wanted)} of {len(wanted)} packages listed their tools")


if __name__ == "__main__":
    main()
