"""Start published MCP servers and save the names of the tools that they really serve.

The names are what static extraction is measured against. Servers run without network, credentials or a home of ours
(see ``ask.py``); no tool is ever called, and nothing but names is kept. Usage, from the top of a checkout::

    python benchmarks/serve.py                        # every package of the starter list that has no answer yet
    python benchmarks/serve.py --only sqlite --again  # ask again
    python benchmarks/serve.py pkg:npm/some-server@1.2.3 --out /tmp/served.json
"""

import argparse
import asyncio
import json
import logging
import re
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ask import Answer, ask, sandboxed
from launch import InstallFailedError, Launch, install, stand_in
from packageurl import PackageURL

HERE = Path(__file__).parent
PACKAGE_SECONDS = 180
VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
NOT_OURS = re.compile(r"^(?:NODE|PYTHON|LD|ERR|UV|PIP|NPM)_|^(?:PATH|HOME)$")
OURS = re.compile(r"(?:ValueError: the server ended|no answer within)")
TELLING = re.compile(r"error|not |must|require|missing|invalid|cannot|unable", re.IGNORECASE)
PLACEHOLDERS = (
    (
        r"(?:DATABASE|POSTGRES\w*|DB|PG)_(?:URL|URI)|CONNECTION_STRING|DSN",
        "postgresql://user:placeholder@127.0.0.1:9/db",
    ),
    (r"URL|URI|ENDPOINT|INSTANCE|SITE", "http://127.0.0.1:9"),
    (r"HOST|SERVER|DOMAIN", "127.0.0.1"),
    (r"PORT", "9"),
    (r"EMAIL", "nobody@example.com"),
    (r"PATH|DIR|DIRECTORY|FOLDER", "/tmp"),  # noqa: S108  # empty, inside the sandbox
    (r"REGION", "us-east-1"),
    (r"ID|PROJECT|ORG|ORGANIZATION|ACCOUNT|KEY|TOKEN|SECRET|PASSWORD|USER|USERNAME|NAME", "placeholder"),
)


@dataclass(frozen=True)
class Hints:
    """What a stranger must know to start one server: ``launch.toml`` says it where it cannot be seen."""

    subcommand: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    stand_ins: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


def placeholder(name: str) -> str | None:
    """Return a harmless value for an environment variable, or None if its name is no setting's."""
    if NOT_OURS.search(name):
        return None
    return next((value for words, value in PLACEHOLDERS if re.search(rf"(?:^|_)(?:{words})$", name)), None)


def complained_about(said: str) -> dict[str, str]:
    """Return placeholders for the environment variables that a server's own words name."""
    values = {name: placeholder(name) for name in VARIABLE.findall(said)}
    return {name: value for name, value in values.items() if value is not None}


def attempts(launch: Launch, hints: Hints, deadline: float) -> Iterator[tuple[str, Answer]]:
    """Ask with nothing, then with placeholders, then with those for what the last try complained about."""
    command = [*launch.command, *hints.subcommand]
    heard = asyncio.run(ask(sandboxed(command, launch.folders, {})))
    yield "empty", heard
    arguments = [argument.replace("{folder}", str(launch.folders[0])) for argument in hints.arguments]
    known = {name: value for name in launch.credentials if (value := placeholder(name))}
    known |= {name: value.replace("{folder}", str(launch.folders[0])) for name, value in hints.environment.items()}
    tried: dict[str, str] | None = None if arguments else {}
    complaints: dict[str, str] = {}
    for _ in range(3):
        complaints |= complained_about(heard.said)
        environment = complaints | known
        if environment == tried or time.monotonic() > deadline:
            return
        tried = environment
        heard = asyncio.run(ask(sandboxed([*command, *arguments], launch.folders, environment)))
        yield "placeholders", heard
        if heard.names:
            return


def serve(purl: str, hints: Hints) -> dict[str, Any]:
    """Return the entry of one package: the larger list of names, or the reason for none."""
    package = PackageURL.from_string(purl)
    deadline = time.monotonic() + PACKAGE_SECONDS
    environment, best, note = "", Answer((), ""), ""
    for as_of_release in (False, True):
        if best.names or time.monotonic() > deadline:
            break
        with tempfile.TemporaryDirectory(prefix="serve-") as folder:
            try:
                launch = install(package, Path(folder), as_of_release=as_of_release)
            except InstallFailedError as error:
                best = best if best.said else Answer((), f"not installed: {error}")
                continue
            for dependency in hints.stand_ins:
                stand_in(Path(folder), dependency)
            for name, text in hints.files.items():
                Path(folder, name).write_text(text, encoding="utf-8")
            for tried, heard in attempts(launch, hints, deadline):
                if len(heard.names) > len(best.names) or not best.names:
                    environment, best = tried, Answer(heard.names, heard.said.replace(folder, "…"))
            note = "dependencies as of its release" if as_of_release else ""
    if not best.names:
        return {"reason": reason(best.said)}
    notes = [note] if note else []
    if hints.arguments and environment == "placeholders":
        notes.append(f"arguments: {' '.join(hints.arguments)}")
    return {"names": list(best.names), "environment": environment} | ({"note": "; ".join(notes)} if notes else {})


def reason(said: str) -> str:
    """Return the line that says best why a server gave no list."""
    lines = [line.strip() for line in re.sub(r"\x1b\[[0-9;]*m", "", said).splitlines() if line.strip()]
    own = [line for line in lines if not OURS.match(line)]
    return ([line for line in own if TELLING.search(line)] or own or lines or ["it ended without a word"])[-1][:200]


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


def answer(purl: str) -> tuple[str, dict[str, Any]]:
    """Serve one package, whatever happens: one package never ends the run."""
    for noisy in ("mcp", "client", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    try:
        return purl, serve(purl, hints_for(purl))
    except Exception as error:  # noqa: BLE001  # the reason is kept with the package
        return purl, {"reason": f"{type(error).__name__}: {error}"[:200]}


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
    with ProcessPoolExecutor(options.jobs) as pool:
        for purl, entry in as_done(pool, todo):
            results.add(purl, entry)
            found = f"{len(entry['names'])} tools ({entry['environment']})" if "names" in entry else entry["reason"]
            print(f"{purl}: {found}", flush=True)
    print(f"{sum(purl in results.entries for purl in wanted)} of {len(wanted)} packages listed their tools")


def as_done(pool: Executor, purls: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the answers as they come."""
    for future in as_completed([pool.submit(answer, purl) for purl in purls]):
        yield future.result()


if __name__ == "__main__":
    main()
