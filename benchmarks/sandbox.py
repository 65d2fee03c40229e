"""Measure the way `sandbox` on real packages: does it list, how fast, and the same as the official SDK sees.

Packages that list their tools with nothing given to them (``served.json``), drawn at random from npm and PyPI, are
installed and listed in the sandbox; then the same installation is started again, in the same jail, by the official
SDK's own stdio transport with nothing of ours in between, and both lists are compared, definition by definition. Some
are served again over streamable HTTP and HTTP+SSE on this machine and listed by the way `live`. Usage, from the top of
a checkout, with network::

    python -m benchmarks.sandbox                    # 40 packages, 6 of them over HTTP too
    python -m benchmarks.sandbox --packages 10 --seed 2
    python -m benchmarks.sandbox pkg:pypi/mcp-server-git    # these
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from benchmarks.bridge import bridged
from crawler.fetch import Fetcher
from crawler.listing import Means
from crawler.listings import live
from crawler.manners import Manners
from crawler.purl import parse_purl
from crawler.rate import UNBOUNDED
from crawler.release import Release, find_release
from crawler.sandbox import as_of, placeholders, reason
from crawler.sandbox.attempts import list_launch
from crawler.sandbox.conversation import Heard
from crawler.sandbox.installation import installed
from crawler.sandbox.jailed import command_line
from crawler.sandbox.launch import InstallError, Launch
from crawler.sandbox.limits import DEFAULT
from interfaces.flows.reach import Reach, open_means
from toolcensus.errors import ToolcensusError
from toolcensus.records import Server, Tool

HERE = Path(__file__).parent
SHARE, SECONDS = 0.90, 5.0
AT = "2026-01-01T00:00:00Z"
Definitions = dict[str, dict[str, Any]]


@dataclass
class Row:
    """One package: how it was listed, in what time after its installation, and what differs from the SDK's list."""

    purl: str
    heard: Heard
    seconds: float = 0.0
    direct: int | None = None
    differences: list[str] = field(default_factory=list)
    again: dict[str, list[str]] = field(default_factory=dict)


def chosen(count: int, seed: int) -> list[str]:
    """Draw packages that need no account: half of them from npm, half from PyPI."""
    served = json.loads((HERE / "served.json").read_text(encoding="utf-8"))
    bare = [purl for purl, entry in sorted(served.items()) if purl != "failed" and entry["environment"] == "empty"]
    draw = random.Random(seed)  # noqa: S311  # a sample, no secret
    halves = [[purl for purl in bare if purl.startswith(f"pkg:{kind}/")] for kind in ("npm", "pypi")]
    return [purl for half in halves for purl in sorted(draw.sample(half, min(count // 2, len(half))))]


async def measure(purl: str, means: Means, *, again: bool) -> Row:
    """Install one package, list it in the sandbox, by the SDK alone, and over HTTP where that is asked for."""
    try:
        release = await find_release(parse_purl(purl), means)
        row = await measure_release(release, means, None, again=again)
        if row.heard.outcome == "crashed" and reason.is_stale(row.heard.words):
            # As the way `sandbox` does: newer dependencies may have broken it.
            row = await measure_release(release, means, await as_of.release_day(release, means), again=again)
    except InstallError as error:
        return Row(purl, Heard("no-source", str(error)))
    except ToolcensusError as error:
        return Row(purl, Heard("unreachable", error.message))
    return row


async def measure_release(release: Release, means: Means, day: str | None, *, again: bool) -> Row:
    """Measure one release with the dependencies of today or of a day."""
    async with installed(release, means, DEFAULT, day) as (launch, _):
        began = time.monotonic()
        heard = await list_launch(launch, DEFAULT)
        row = Row(release.purl.to_string(), heard, time.monotonic() - began)
        if heard.tools:
            await compare(row, launch, again=again)
    return row


async def compare(row: Row, launch: Launch, *, again: bool) -> None:
    """Ask the same installation by the SDK alone, and say what differs."""
    ours = {tool.name: definition(tool) for tool in row.heard.tools}
    try:
        async with asyncio.timeout(120), directly(row, launch) as client:
            theirs = await listed_by_sdk(client)
            row.direct = len(theirs)
            row.differences = differing(ours, theirs)
            if again:
                async with bridged(client) as urls:
                    row.again = {kind: differing(theirs, await listed_live(url)) for kind, url in urls.items()}
    except Exception as error:  # noqa: BLE001  # whatever the SDK meets is a result of this comparison
        row.differences.append(f"the SDK alone: {type(error).__name__}: {error}"[:200])


@asynccontextmanager
async def directly(row: Row, launch: Launch) -> Any:
    """Start the server in the same jail by the SDK's own transport."""
    facts = row.heard.facts
    environment = {name: placeholders.placeholder(name) or "" for name in facts.get("placeholders", "").split()}
    stdio = facts.get("stdio_by", "").split()
    environment |= {word: "stdio" for word in stdio if word.isupper()}
    options = [word for word in stdio if not word.isupper()]
    command = [*launch.command, *facts.get("subcommand", "").split(), *options]
    words = command_line(launch.jail(environment), command, DEFAULT)
    with tempfile.TemporaryFile("w+") as errors:
        program = stdio_client(StdioServerParameters(command=words[0], args=words[1:]), errlog=errors)
        mode = "auto" if (row.heard.protocol or "") >= "2026" else "legacy"
        async with Client(program, mode=mode, cache=None, read_timeout_seconds=60) as client:
            yield client


async def listed_by_sdk(client: Client) -> Definitions:
    """Page through the list, and return each definition as the SDK read it."""
    found: Definitions = {}
    cursor: str | None = None
    while True:
        page = await client.list_tools(cursor=cursor)
        dumps = [tool.model_dump(by_alias=True, exclude_unset=True, mode="json") for tool in page.tools]
        found |= {tool["name"]: kept(tool) for tool in dumps}
        cursor = page.next_cursor
        if not cursor:
            return found


async def listed_live(url: str) -> Definitions:
    """List a remote of this machine by the way `live`."""
    async with Fetcher(Manners(usual=UNBOUNDED, allowed={"127.0.0.1"})) as fetcher:
        means = Means(fetcher, {}, read=no_package)
        answer = await live.list_tools(Server(key=url, slug="s", name="n", remotes=(url,)), AT, means)
    return {tool.name: definition(tool) for tool in answer.listing.tools} if answer.listing else {}


async def no_package(path: Path) -> Any:
    """Read nothing: a remote has no package."""
    raise AssertionError(path)


def definition(tool: Tool) -> dict[str, Any]:
    """Return what is compared of a tool: its texts, schemas and annotations."""
    fields = {
        "title": tool.title,
        "description": tool.description,
        "inputSchema": tool.input_schema,
        "outputSchema": tool.output_schema,
        "annotations": tool.annotations,
    }
    return kept(fields)


def kept(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is not there, and what the index does not hold."""
    names = ("title", "description", "inputSchema", "outputSchema", "annotations")
    return {name: fields[name] for name in names if fields.get(name) is not None}


def differing(ours: Definitions, theirs: Definitions) -> list[str]:
    """Say of every name what differs."""
    found = [f"{name}: only one has it" for name in sorted(ours.keys() ^ theirs.keys())]
    for name in sorted(ours.keys() & theirs.keys()):
        fields = ours[name].keys() | theirs[name].keys()
        found += [
            f"{name}: {field_} differs"
            for field_ in sorted(fields)
            if ours[name].get(field_) != theirs[name].get(field_)
        ]
    return found


async def measure_all(purls: Sequence[str], over_http: int, jobs: int) -> list[Row]:
    """Measure packages, a line each; the first of each registry also over HTTP."""
    slots = asyncio.Semaphore(jobs)
    again = {purl for kind in ("npm", "pypi") for purl in [p for p in purls if f":{kind}/" in p][: over_http // 2]}

    async def one(purl: str, means: Means) -> Row:
        async with slots:
            row = await measure(purl, means, again=purl in again)
        print(line(row), flush=True)
        return row

    async with open_means(purls, Reach()) as means, asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(purl, means)) for purl in purls]
    return [task.result() for task in tasks]


def line(row: Row) -> str:
    """Return what one package came to."""
    if row.heard.outcome != "listed":
        return f"{row.purl}: {row.heard.outcome}: {row.heard.reason}"
    same = (
        "the same" if not row.differences else f"{len(row.differences)} differences: {'; '.join(row.differences[:2])}"
    )
    http = "".join(f"; {kind} {'the same' if not found else found[:2]}" for kind, found in row.again.items())
    return f"{row.purl}: {len(row.heard.tools)} tools in {row.seconds:.2f} s; by the SDK alone {same}{http}"


def main() -> int:
    """Measure, print the figures, and end with 1 where they are short of the target."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("purls", nargs="*", help="these packages (default: a draw)")
    parser.add_argument("--packages", type=int, default=40, help="how many packages")
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    parser.add_argument("--over-http", type=int, default=6, help="how many of them also over HTTP and SSE")
    parser.add_argument("--jobs", type=int, default=1, help="packages at a time; more disturb the seconds")
    options = parser.parse_args()
    purls = options.purls or chosen(options.packages, options.seed)
    rows = asyncio.run(measure_all(purls, options.over_http, options.jobs))
    return summary(rows)


def summary(rows: Sequence[Row]) -> int:
    """Print the figures and say whether they reach the target."""
    listed = [row for row in rows if row.heard.tools]
    same = [row for row in listed if not row.differences]
    share = len(listed) / max(1, len(rows))
    middle = statistics.median(row.seconds for row in listed) if listed else float("inf")
    print(f"\n{len(listed)} of {len(rows)} packages listed ({share:.0%}; the target is {SHARE:.0%} or more)")
    for kind in ("npm", "pypi"):
        times = [row.seconds for row in listed if f":{kind}/" in row.purl]
        if times:
            print(f"  {kind}: {len(times)}, in the median {statistics.median(times):.2f} s from start to list")
    print(f"median {middle:.2f} s after installation (the target is under {SECONDS:g} s)")
    print(
        f"{sum(len(row.heard.tools) for row in listed)} tools; {len(same)} of {len(listed)} lists equal the SDK's own"
    )
    equal, pairs = _http(listed)
    print(f"over streamable HTTP and SSE: {equal} of {pairs} lists equal")
    return int(share < SHARE or middle >= SECONDS or len(same) < len(listed) or equal < pairs)


def _http(rows: Iterable[Row]) -> tuple[int, int]:
    found = [differences for row in rows for differences in row.again.values()]
    return sum(not differences for differences in found), len(found)


if __name__ == "__main__":
    sys.exit(main())
