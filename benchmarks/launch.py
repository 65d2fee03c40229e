"""Install a published MCP server into a throw-away folder, and say how it is started."""

import json
import re
import subprocess
from configparser import ConfigParser
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packageurl import PackageURL
from pypi_simple import PyPISimple

PYTHONS = ("3.12", "3.13", "3.11")
"""Interpreters to try in turn; one that is not here, or that a package refuses, is passed over."""

INSTALL_SECONDS = 170
STAND_IN = (
    "module.exports = new Proxy(function () {}, {get: (_, name) => name === 'then' ? undefined : async () => null});"
)
CREDENTIAL = re.compile(
    r"(?:process\.env(?:\.|\[['\"])|environ(?:\.get\(|\[)\s*['\"]|getenv\(\s*['\"])"
    r"([A-Z][A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD))\b"
)


class InstallFailedError(Exception):
    """The package's own ecosystem cannot install it here."""


@dataclass(frozen=True)
class Launch:
    """An installed server: the command that starts it, the folders it must see, the credentials it may read."""

    command: tuple[str, ...]
    folders: tuple[Path, ...]
    credentials: tuple[str, ...]


def install(package: PackageURL, folder: Path, *, as_of_release: bool = False) -> Launch:
    """Install ``package`` into ``folder``, with its dependencies of today or of its release date."""
    if package.type == "npm":
        return _install_npm(package, folder, as_of_release=as_of_release)
    if package.type == "pypi":
        return _install_pypi(package, folder, as_of_release=as_of_release)
    raise InstallFailedError(f"packages of the type {package.type!r} cannot be started here")


def npm_name(package: PackageURL) -> str:
    """Return the name as npm writes it, with its scope."""
    return f"{package.namespace}/{package.name}" if package.namespace else package.name


def stand_in(folder: Path, dependency: str) -> None:
    """Put a module that does nothing in the place of a native one, which only an install script could have built."""
    home = folder / "node_modules" / dependency
    home.mkdir(parents=True, exist_ok=True)
    description = {"name": dependency, "version": "0.0.0", "main": "stand-in.cjs"}
    home.joinpath("package.json").write_text(json.dumps(description), encoding="utf-8")
    home.joinpath("stand-in.cjs").write_text(STAND_IN, encoding="utf-8")


def _install_npm(package: PackageURL, folder: Path, *, as_of_release: bool) -> Launch:
    """Install without running a script of the package or of its dependencies."""
    folder.joinpath("package.json").write_text('{"private": true}', encoding="utf-8")
    dated = [f"--before={_after_release_on_npm(package, folder)}"] if as_of_release else []
    _run(
        ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev", "--loglevel=error"],
        *dated,
        f"{npm_name(package)}@{package.version}",
        folder=folder,
    )
    home = folder / "node_modules" / npm_name(package)
    binaries = json.loads(home.joinpath("package.json").read_text(encoding="utf-8")).get("bin")
    if isinstance(binaries, str):
        binaries = {package.name: binaries}
    if not binaries:
        raise InstallFailedError("the package has no command to start")
    script = binaries[_likeliest(package.name, list(binaries))]
    sources = [path for suffix in ("js", "mjs", "cjs") for path in home.rglob(f"*.{suffix}")]
    own = [path for path in sources if "node_modules" not in path.relative_to(home).parts]
    return Launch(("node", str((home / script).resolve())), (folder,), _credentials(own))


def _install_pypi(package: PackageURL, folder: Path, *, as_of_release: bool) -> Launch:
    """Install into a virtual environment of the first interpreter that the package accepts."""
    dated = ["--exclude-newer", _after_release_on_pypi(package)] if as_of_release else []
    refusals: list[InstallFailedError] = []
    for python in PYTHONS:
        try:
            _run(["uv", "venv", "--quiet", "--clear", "--no-python-downloads", "--python"], python, folder=folder)
            _run(
                ["uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", ".venv", *dated],
                f"{package.name}=={package.version}",
                folder=folder,
            )
            break
        except InstallFailedError as error:
            refusals.append(error)
    else:
        raise min(refusals, key=lambda error: "Python version" in str(error) or "interpreter" in str(error))
    environment = folder / ".venv"
    site = next(environment.glob("lib/python*/site-packages"))
    installed = next(found for found in distributions(path=[str(site)]) if _is_same(found, package))
    scripts = _console_scripts(installed)
    if not scripts:
        raise InstallFailedError("the package has no command to start")
    sources = [Path(str(path.locate())) for path in installed.files or () if path.suffix == ".py"]
    interpreter = (environment / "bin" / "python").resolve().parent.parent
    command = environment / "bin" / _likeliest(package.name, scripts)
    return Launch((str(command),), (folder, interpreter), _credentials(sources))


def _is_same(distribution: Distribution, package: PackageURL) -> bool:
    """Whether an installed distribution is the package, however its name is punctuated."""
    return re.sub(r"[-_.]+", "-", distribution.metadata["Name"]).lower() == package.name


def _console_scripts(distribution: Distribution) -> list[str]:
    """Return the names of the commands that a distribution installs."""
    entries = ConfigParser(delimiters=("=",))
    entries.optionxform = str  # type: ignore[assignment,method-assign]  # command names keep their case
    entries.read_string(distribution.read_text("entry_points.txt") or "")
    return list(entries["console_scripts"]) if entries.has_section("console_scripts") else []


def _after_release_on_npm(package: PackageURL, folder: Path) -> str:
    """Return the day by which everything that this version was made with had been published."""
    times = json.loads(_run(["npm", "view", "--json", npm_name(package), "time"], folder=folder))
    if package.version not in times:
        raise InstallFailedError("the registry does not say when this version was published")
    return (datetime.fromisoformat(times[package.version]) + timedelta(days=2)).date().isoformat()


def _after_release_on_pypi(package: PackageURL) -> str:
    """Return the day by which everything that this version was made with had been published."""
    with PyPISimple() as index:
        page = index.get_project_page(package.name)
    times = [file.upload_time for file in page.packages if file.version == package.version and file.upload_time]
    if not times:
        raise InstallFailedError("the index does not say when this version was published")
    return (max(times) + timedelta(days=2)).date().isoformat()


def _likeliest(name: str, commands: list[str]) -> str:
    """Choose the command that is the server: the package's own name, else one that says MCP, else the first."""
    plain = re.sub(r"[-_.]+", "-", name).lower()
    return min(
        commands,
        key=lambda command: (re.sub(r"[-_.]+", "-", command).lower() != plain, "mcp" not in command, len(command)),
    )


def _credentials(sources: list[Path]) -> tuple[str, ...]:
    """Return the environment variables that the sources read and that are named like a credential."""
    found: set[str] = set()
    for path in sources:
        found.update(CREDENTIAL.findall(path.read_text(encoding="utf-8", errors="replace")))
    return tuple(sorted(found))


def _run(command: list[str], *arguments: str, folder: Path) -> str:
    """Run an installer in ``folder`` and return what it printed; its last words become the reason when it fails."""
    try:
        done = subprocess.run(
            [*command, *arguments], cwd=folder, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise InstallFailedError(f"not installed within {INSTALL_SECONDS} seconds") from error
    except subprocess.CalledProcessError as error:
        said = re.sub(r"https?://\S+", "…", error.stderr)  # which registry it was is nobody's business
        lines = [line.strip() for line in said.splitlines() if line.strip() and "complete log" not in line]
        raise InstallFailedError(" ".join(lines[:3])[:300] or "the installer failed without a word") from error
    return done.stdout
