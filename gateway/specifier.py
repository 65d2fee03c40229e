"""How npm and Python name a package on a command line: `@scope/name@1.2.3`, `name[extra]==1.2`, or something else."""

import re2
from packageurl import PackageURL
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from gateway.launcher import Launch

LONGEST = 500
NPM = re2.compile(r"^(?:npm:)?((?:@[A-Za-z0-9~][\w.~-]*/)?[A-Za-z0-9~][\w.~-]*)(?:@(.*))?$")
NPM_VERSION = re2.compile(r"^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$")
PYTHON_AT = re2.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?)@([0-9A-Za-z.!+-]+)$")


def npm(text: str) -> Launch:
    """Read an npm specifier into a purl; its version only where one is pinned."""
    match = NPM.search(text) if len(text) <= LONGEST else None
    if match is None:
        return Launch(reason="the package is fetched from an address of its own, not from the registry by name")
    scope, _, name = match.group(1).rpartition("/")
    wanted = (match.group(2) or "").strip()
    pinned = wanted if NPM_VERSION.search(wanted) else None
    return _found(PackageURL("npm", scope or None, name, pinned), "" if pinned or wanted == "latest" else wanted)


def pypi(text: str) -> Launch:
    """Read a Python requirement, or `name@version` as uvx takes it, into a purl."""
    at = PYTHON_AT.search(text) if len(text) <= LONGEST else None
    if at is not None:
        text = at.group(1) if at.group(2) == "latest" else f"{at.group(1)}=={at.group(2)}"
    try:
        wanted = Requirement(text[:LONGEST])
    except InvalidRequirement:
        return Launch(reason="the package is named in a way that is no Python requirement")
    if wanted.url is not None:
        return Launch(reason="the package is fetched from an address of its own, not from the index by name")
    pins = [one.version for one in wanted.specifier if one.operator in {"==", "==="} and "*" not in one.version]
    purl = PackageURL("pypi", None, canonicalize_name(wanted.name), pins[0] if pins else None)
    return _found(purl, "" if pins else str(wanted.specifier))


def name_of(launch: Launch) -> str:
    """Return the package's name, `@scope/name` or `name`; empty where there is no package."""
    if launch.purl is None:
        return ""
    purl = PackageURL.from_string(launch.purl)
    return f"{purl.namespace}/{purl.name}" if purl.namespace else purl.name


def _found(purl: PackageURL, unpinned: str) -> Launch:
    reason = f"`{unpinned}` is asked for; the newest stable release is what is read" if unpinned else ""
    return Launch(purl=purl.to_string(), reason=reason)
