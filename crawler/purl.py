"""Package URLs (purl) as this program takes them: npm and PyPI, with normalised names, and a version or none."""

from urllib.parse import urlsplit

from packageurl import PackageURL
from packageurl.contrib import purl2url
from packaging.utils import canonicalize_name

from toolcensus.errors import InputError

ECOSYSTEMS = ("npm", "pypi")
EXAMPLES = "such as pkg:pypi/mcp-server-git or pkg:npm/%40scope/name@1.2.3"


def parse_purl(text: str) -> PackageURL:
    """Read `text`, normalising the name as its registry does; raise InputError where it is no npm or PyPI purl."""
    try:
        purl = PackageURL.from_string(text)
    except ValueError as error:
        raise InputError(f"{text[:200]!r} is no package URL: {error}", advice=f"write one {EXAMPLES}") from error
    if purl.type not in ECOSYSTEMS:
        raise InputError(
            f"{text[:200]!r} is of type {purl.type}; npm and pypi are read", advice=f"write one {EXAMPLES}"
        )
    name, namespace = purl.name, purl.namespace
    if purl.type == "pypi":
        name, namespace = canonicalize_name(name), None
    odd = any(character in name for character in "/\\?#%\0 ") or name.startswith(".")
    if odd or (namespace and (not namespace.startswith("@") or "/" in namespace)):
        raise InputError(f"{text[:200]!r} names no {purl.type} package", advice=f"write one {EXAMPLES}")
    return PackageURL(purl.type, namespace, name, purl.version)


def without_version(purl: PackageURL) -> str:
    """Return the purl that names the package whatever its version: the key of a packaged server."""
    return PackageURL(purl.type, purl.namespace, purl.name).to_string()


def public_npm_registry() -> str:
    """Return scheme and host of the public npm registry, as the purl library knows it."""
    url = urlsplit(purl2url.get_download_url("pkg:npm/left-pad@1.3.0"))  # type: ignore[no-untyped-call]  # the library's
    return f"{url.scheme}://{url.netloc}"
