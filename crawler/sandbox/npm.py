"""Installing an npm package with npm, without running any script of it or of its dependencies."""

import asyncio
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from crawler.sandbox import runtimes
from crawler.sandbox.commands import likeliest
from crawler.sandbox.installing import CACHE, Order, npm_configuration, run
from crawler.sandbox.jail import PACKAGE
from crawler.sandbox.launch import InstallError, Launch

ENDINGS = (".js", ".mjs", ".cjs")
LARGEST_MANIFEST = 4 * 1024 * 1024
MOST_SOURCES = 2_000
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev", "--loglevel=error", "--no-update-notifier")


async def install(order: Order) -> Launch:
    """Install the tarball that `order` names; raise InstallError where it cannot be, or has nothing to start."""
    npm, node = await asyncio.to_thread(runtimes.npm), await asyncio.to_thread(runtimes.node)
    if npm is None or node is None:
        raise InstallError("Node and npm are needed to start npm packages, and they are not on this machine")
    place, package = order.place, order.package
    configuration = place.given / "npmrc"
    configuration.write_text(npm_configuration(order.registry), encoding="utf-8")
    (place.package / "package.json").write_text('{"private": true}', encoding="utf-8")
    options = [f"--cache={CACHE}", f"--userconfig={configuration}"]
    options += [f"--before={order.before}"] if order.before else []
    await run(order, [*npm.words, "install", *QUIET, *options, order.wanted], npm.shown, {})
    configuration.unlink()
    name = f"{package.namespace}/{package.name}" if package.namespace else package.name
    home = place.package / "node_modules" / name
    command = _command(package.name, home, f"{PACKAGE}/node_modules/{name}", node.words)
    facts = order.facts | {"runtime": f"node {node.version}"}
    return Launch(command, place.package, node.shown, tuple(_sources(home)), facts=facts)


def _command(name: str, home: Path, inside: str, node: tuple[str, ...]) -> tuple[str, ...]:
    commands = _commands(name, _manifest(home / "package.json"))
    if not commands:
        raise InstallError("the package has no command to start")
    script = posixpath.normpath("/" + commands[likeliest(name, list(commands))]).lstrip("/")
    outside = home / script
    if not outside.is_file() and (home / f"{script}.js").is_file():
        script, outside = f"{script}.js", home / f"{script}.js"
    if not outside.is_file():
        raise InstallError(f"the package's command {script[:200]} is not in it")
    with outside.open("rb") as file:
        first = file.readline(200)
    by_node = script.endswith(ENDINGS) or not first.startswith(b"#!") or b"node" in first
    return (*(node if by_node else ()), f"{inside}/{script}")


def _commands(name: str, manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the commands that a manifest declares, by name; without any, the main module is what Node would start."""
    declared, main = manifest.get("bin"), manifest.get("main")
    if isinstance(declared, str):
        return {name: declared}
    pairs = declared.items() if isinstance(declared, dict) else ()
    commands = {command: path for command, path in pairs if isinstance(path, str)}
    return commands or ({name: main} if isinstance(main, str) else {})


def _manifest(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size <= LARGEST_MANIFEST:
            return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InstallError(f"its package.json cannot be read: {error}") from error
    raise InstallError(f"its package.json has more than {LARGEST_MANIFEST:,} bytes")


def _sources(home: Path) -> Iterator[Path]:
    """Yield the package's own source files, without its dependencies'."""
    found = (path for path in sorted(home.rglob("*")) if path.suffix in ENDINGS and not path.is_symlink())
    own = (path for path in found if "node_modules" not in path.relative_to(home).parts)
    yield from (path for path, _ in zip(own, range(MOST_SOURCES), strict=False))
