"""Which npm and PyPI registries are asked: those of the user's own configuration, else the client libraries' defaults.

Formats: npm's .npmrc (`key=value`, `${VARIABLE}`, `@scope:registry`, `//host/:_authToken`) and pip's pip.conf/pip.ini.
A project's own .npmrc is not read: a stranger's folder must not choose whom this program talks to.
"""

import base64
import configparser
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import platformdirs
from pypi_simple import PYPI_SIMPLE_ENDPOINT

from crawler.purl import public_npm_registry
from toolcensus.errors import InputError

OWN_VARIABLE = {"npm": "TOOLCENSUS_NPM_REGISTRY", "pypi": "TOOLCENSUS_PYPI_INDEX"}
PYPI_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
CERTIFICATE_VARIABLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "NPM_CONFIG_CAFILE")
NPM_PATIENCE = 15.0
NAMED_INDEX = re.compile(r"^[\w-]+=(?=https?://)")
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Registry:
    """One registry: its base URL without credentials, who named it, and the `Authorization` that its host is sent.

    `scopes` are npm scopes (`@scope`) that have a registry of their own.
    """

    ecosystem: str
    base: str
    named_by: str
    authorization: str = field(default="", repr=False)
    scopes: Mapping[str, "Registry"] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The host that is asked."""
        return urlsplit(self.base).hostname or ""

    def for_namespace(self, namespace: str | None) -> "Registry":
        """Return the registry that serves packages of this npm scope."""
        return self.scopes.get(namespace or "", self)


def registry(ecosystem: str, environment: Mapping[str, str] | None = None) -> Registry:
    """Find the registry of `npm` or `pypi`; raise InputError where the configuration names no http(s) URL."""
    environment = os.environ if environment is None else environment
    settings = _npm_settings if ecosystem == "npm" else _pypi_settings
    url, named_by = next((url.strip(), named_by) for url, named_by in settings(environment) if url.strip())
    if ecosystem == "pypi":
        return _checked(ecosystem, NAMED_INDEX.sub("", url), named_by)
    npmrc = _npmrc(environment)
    scopes = {
        key.removesuffix(":registry"): _checked("npm", value, f"{key} in .npmrc", npmrc)
        for key, value in npmrc.items()
        if key.startswith("@") and key.endswith(":registry")
    }
    return _checked("npm", url, named_by, npmrc, scopes)


def certificate_files(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the files of certificate authorities that the user's npm and pip trust, in addition to the system's."""
    environment = os.environ if environment is None else environment
    named = [environment.get(name, "") for name in CERTIFICATE_VARIABLES]
    named += [_npmrc(environment).get("cafile", ""), *(value for value, _ in _pip_values(environment, "cert"))]
    return tuple(dict.fromkeys(path for path in named if path and Path(path).is_file()))


def _npm_settings(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in (OWN_VARIABLE["npm"], "NPM_CONFIG_REGISTRY", "npm_config_registry"):
        yield environment.get(name, ""), name
    yield _ask_npm(environment), "npm config get registry"
    yield _npmrc(environment).get("registry", ""), "registry in .npmrc"
    yield public_npm_registry(), "default"


def _pypi_settings(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in (OWN_VARIABLE["pypi"], *PYPI_VARIABLES):
        yield environment.get(name, ""), name
    yield from _pip_values(environment, "index-url")
    yield PYPI_SIMPLE_ENDPOINT, "default"


def _ask_npm(environment: Mapping[str, str]) -> str:
    """Ask npm itself, from the home folder; nothing where it is missing, slow or unwilling."""
    npm = shutil.which("npm", path=environment.get("PATH"))
    if npm is None:
        return ""
    try:
        answer = subprocess.run(  # noqa: S603  # the user's own npm, with fixed arguments
            [npm, "config", "get", "registry"],
            capture_output=True,
            check=True,
            cwd=_home(environment),
            env=dict(environment),
            text=True,
            timeout=NPM_PATIENCE,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    line = answer.stdout.strip()
    return line if line.startswith(("http://", "https://")) else ""


def _npmrc(environment: Mapping[str, str]) -> dict[str, str]:
    path = Path(environment.get("NPM_CONFIG_USERCONFIG") or _home(environment) / ".npmrc")
    if not path.is_file():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text(errors="replace").splitlines() if "=" in line)
    expand = lambda match: environment.get(match[1], "")  # noqa: E731  # one expression, used once
    return {
        key.strip(): VARIABLE.sub(expand, value.strip().strip("\"'"))
        for key, value in pairs
        if not key.lstrip().startswith(("#", ";"))
    }


def _pip_values(environment: Mapping[str, str], key: str) -> Iterator[tuple[str, str]]:
    """Yield what pip's configuration files say of `key`, the strongest first."""
    for path in _pip_files(environment):
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError) as error:
            raise InputError(f"pip's configuration {path} cannot be read: {error}", advice="repair it") from error
        for section in ("install", "global"):
            yield parser.get(section, key, fallback=""), str(path)


def _pip_files(environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield where pip looks, the strongest first; nowhere where it is told to read the null device, as pip does."""
    name = "pip.ini" if sys.platform == "win32" else "pip.conf"
    named = environment.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return
    if named:
        yield Path(named)
    yield Path(environment.get("VIRTUAL_ENV") or sys.prefix) / name
    configured = environment.get("XDG_CONFIG_HOME")
    user = (
        Path(configured) / "pip" if configured else platformdirs.user_config_path("pip", appauthor=False, roaming=True)
    )
    yield user / name
    yield _home(environment) / ".pip" / name
    yield platformdirs.site_config_path("pip", appauthor=False) / name
    yield Path("/etc") / name


def _home(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("HOME") or Path.home())


def _checked(
    ecosystem: str,
    url: str,
    named_by: str,
    npmrc: Mapping[str, str] | None = None,
    scopes: Mapping[str, Registry] | None = None,
) -> Registry:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InputError(
            f"the {ecosystem} registry that {named_by} names is no http(s) URL",
            advice=f"set {OWN_VARIABLE[ecosystem]} to one",
        )
    place = parts.netloc.rpartition("@")[2]
    base = urlunsplit((parts.scheme, place, parts.path.rstrip("/"), "", ""))
    authorization = _token(npmrc or {}, f"//{place}{parts.path.rstrip('/')}/")
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = "Basic " + base64.b64encode(pair.encode()).decode()
    return Registry(ecosystem, base, named_by, authorization, scopes or {})


def _token(npmrc: Mapping[str, str], place: str) -> str:
    """Return what .npmrc sends to this very registry, as npm does: a bearer token or a basic pair."""
    if token := npmrc.get(f"{place}:_authToken"):
        return f"Bearer {token}"
    pair = npmrc.get(f"{place}:_auth", "")
    return f"Basic {pair}" if pair else ""
