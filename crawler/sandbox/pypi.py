"""Installing a Python package into a virtual environment, from wheels only: building one would run its scripts."""

import asyncio
import configparser
import re
import time
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packageurl import PackageURL

from crawler.sandbox import runtimes
from crawler.sandbox.commands import likeliest
from crawler.sandbox.installing import Order, index_url, run
from crawler.sandbox.jail import PACKAGE
from crawler.sandbox.launch import InstallError, Launch
from crawler.sandbox.runtimes import Runtime

VENV = f"{PACKAGE}/venv"
MOST_SOURCES = 2_000
QUIET = ("--only-binary", ":all:", "--quiet", "--no-cache-dir", "--no-input")
OF_ANOTHER_PYTHON = re.compile(
    r"(?i)requires-python|python version|different python|no matching distribution|conflicting dependencies"
)
"""What pip says where another interpreter may be the answer."""


async def install(order: Order) -> Launch:
    """Install what `order` names with the first Python that it accepts; raise InstallError where there is none."""
    pip = await asyncio.to_thread(runtimes.pip)
    if pip is None:
        raise InstallError("pip is needed to start Python packages, and it is not on this machine")
    refusals: list[InstallError] = []
    deadline = time.monotonic() + order.limits.install_seconds
    for python in await asyncio.to_thread(runtimes.pythons):
        try:
            await _install_with(python, pip, order)
        except InstallError as refusal:
            refusals.append(refusal)
            if time.monotonic() > deadline or not OF_ANOTHER_PYTHON.search(str(refusal)):
                break
        else:
            return await asyncio.to_thread(_launch, order, python)
    if not refusals:
        raise InstallError("no Python that can make virtual environments is on this machine")
    # That it wants another Python says least, where one was found.
    raise min(refusals, key=lambda refusal: "requires a different Python" in str(refusal))


async def _install_with(python: Runtime, pip: Runtime, order: Order) -> None:
    make = [*python.words, "-I", "-m", "venv", "--without-pip", "--clear", VENV]
    await run(order, make, python.shown, {})
    command = [*pip.words, "--python", f"{VENV}/bin/python", "install", *QUIET, order.wanted]
    environment = {
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_INDEX_URL": order.index or index_url(order.registry),
    }
    await run(order, command, [*python.shown, *pip.shown], environment)


def _launch(order: Order, python: Runtime) -> Launch:
    folder = order.place.package
    sites = sorted((folder / "venv" / "lib").glob("python*/site-packages"))
    found = (one for one in distributions(path=[str(site) for site in sites]) if _is(one, order.package))
    installed = next(found, None)
    if installed is None:
        raise InstallError("the package is not where it was installed")
    command = (f"{VENV}/bin/python", *_command(installed, order.package.name))
    facts = order.facts | {"runtime": f"python {python.version}"}
    return Launch(command, folder, python.shown, tuple(_sources(installed, folder.resolve())), facts=facts)


def _is(distribution: Distribution, package: PackageURL) -> bool:
    name = str(distribution.metadata["Name"] or "")
    return re.sub(r"[-_.]+", "-", name).lower() == package.name


def _command(distribution: Distribution, name: str) -> tuple[str, ...]:
    """Return what Python is to run: a command of the package, or the package itself where that can be run."""
    if commands := _commands(distribution):
        return (f"{VENV}/bin/{likeliest(name, commands)}",)
    runnable = [file.parts[0] for file in distribution.files or () if file.parts[1:] == ("__main__.py",)]
    if not runnable:
        raise InstallError("the package has no command to start")
    return ("-m", likeliest(name, runnable))


def _commands(distribution: Distribution) -> list[str]:
    """Return the names of the commands that a distribution installs."""
    entries = configparser.RawConfigParser(delimiters=("=",), strict=False)
    entries.optionxform = str  # type: ignore[assignment,method-assign]  # command names keep their case
    try:
        entries.read_string(distribution.read_text("entry_points.txt") or "")
    except configparser.Error as error:
        raise InstallError(f"its entry points cannot be read: {error}") from error
    names = list(entries["console_scripts"]) if entries.has_section("console_scripts") else []
    return [name for name in names if "/" not in name]


def _sources(distribution: Distribution, folder: Path) -> Iterator[Path]:
    """Yield the package's own source files; its record may name any path, so only those below `folder`."""
    named = (Path(str(file.locate())).resolve() for file in distribution.files or () if file.suffix == ".py")
    own = (path for path in named if path.is_relative_to(folder))
    yield from (path for path, _ in zip(own, range(MOST_SOURCES), strict=False))
