"""Running an installer in a jail with the network, one folder, and of the user's secrets only those for the registry.

npm is given a configuration made for this one run, pip the index in its environment; the user's own configuration
files, caches and keys are not there.
"""

import base64
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from packageurl import PackageURL

from crawler import hosts
from crawler.hosts import Registry
from crawler.sandbox.jail import Jail
from crawler.sandbox.jailed import started
from crawler.sandbox.launch import InstallError
from crawler.sandbox.limits import Limits
from crawler.sandbox.reason import telling_line

CACHE = "/cache"
ROUTES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy")
CERTIFICATES = (
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "PIP_CERT",
    "NODE_EXTRA_CA_CERTS",
)
ADDRESS = re.compile(r"https?://\S+")
TIMES_LINES = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where one package is installed: `package` becomes /package, `cache` is the installer's, `given` is read only."""

    package: Path
    cache: Path
    given: Path

    @classmethod
    def below(cls, folder: Path) -> "Place":
        """Make the three folders below `folder`."""
        place = cls(folder / "package", folder / "cache", folder / "given")
        for path in (place.package, place.cache, place.given):
            path.mkdir()
        return place


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be installed: a package, the file or requirement that stands for it, whence, where, within what.

    `before` is the day (`2025-01-31`) whose dependencies are wanted, None for those of today; `index`
    is the Python index that knows no later ones.
    """

    package: PackageURL
    wanted: str
    place: Place
    registry: Registry
    limits: Limits
    before: str | None = None
    index: str | None = None

    @property
    def facts(self) -> dict[str, str]:
        """What a Listing says of the way that this is installed."""
        return {"resolved_as_of": self.before} if self.before else {}


async def run(order: Order, command: Sequence[str], shown: Sequence[Path], environment: Mapping[str, str]) -> None:
    """Run an installer to its end; raise InstallError with its own words where it fails or breaks a limit."""
    place = order.place
    jail = Jail(
        place.package,
        shown=(place.given, *shown, *_certificate_files()),
        writable=True,
        network=True,
        also=((place.cache, CACHE),),
        environment={"TMPDIR": CACHE, **_kept(ROUTES), **_kept(CERTIFICATES), **environment},
    )
    async with started(jail, command, order.limits.of_installing) as jailed:
        async for line in jailed.lines():
            jailed.hear_noise(line)
        words = await jailed.last_words()
        status = await jailed.process.wait()
    if jailed.verdict:
        raise InstallError(f"not installed: {jailed.verdict.reason}".replace("no answer", "not done"))
    if status != 0:
        raise InstallError(_said(words))


def npm_configuration(registry: Registry) -> str:
    """Return a configuration for npm that names the registries and what each of them is sent, and nothing else."""
    lines = [f"registry={registry.base}/", *_login(registry)]
    for scope, its in sorted(registry.scopes.items()):
        lines += [f"{scope}:registry={its.base}/", *_login(its)]
    files = [path for path in hosts.certificate_files() if Path(path).is_file()]
    return "\n".join([*lines, *(f"cafile={path}" for path in files[:1]), ""])


def index_url(registry: Registry) -> str:
    """Return the URL of a Python index, with the name and password that the user's own configuration has for it."""
    kind, _, pair = registry.authorization.partition(" ")
    if kind != "Basic":
        return registry.base
    name, _, password = base64.b64decode(pair).decode().partition(":")
    parts = urlsplit(registry.base)
    return urlunsplit(parts._replace(netloc=f"{quote(name, safe='')}:{quote(password, safe='')}@{parts.netloc}"))


def _login(registry: Registry) -> list[str]:
    place = registry.base.partition(":")[2] + "/"
    kind, _, value = registry.authorization.partition(" ")
    return [f"{place}:{'_authToken' if kind == 'Bearer' else '_auth'}={value}"] if value else []


def _certificate_files() -> list[Path]:
    named = [*hosts.certificate_files(), *_kept(CERTIFICATES).values()]
    return list(dict.fromkeys(Path(path) for path in named if Path(path).exists()))


def _kept(names: Sequence[str]) -> dict[str, str]:
    return {name: os.environ[name] for name in names if os.environ.get(name)}


def _said(words: str) -> str:
    """Return an installer's last words, without the registry's address, which is nobody's business."""
    plain = ADDRESS.sub("…", words)
    lines = [line.strip() for line in plain.splitlines() if line.strip() and "complete log" not in line]
    lines = [line for line in lines if "for help visit" not in line]
    errors = [line for line in lines if "error" in line.lower() or "requires" in line.lower()]
    return " ".join((errors or lines)[:TIMES_LINES])[:300] or telling_line(plain)
