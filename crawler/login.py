"""What an endpoint that wants a login says of it: the challenge of its 401, and the document that this names.

Formats: `WWW-Authenticate` (RFC 9110) with `resource_metadata` and `scope`; protected resource metadata (RFC 9728).
"""

from typing import Final
from urllib.parse import urljoin, urlsplit

import msgspec
import re2

from crawler.fetch import Fetcher
from crawler.lenient import kept
from crawler.manners import Bounds
from toolcensus.errors import FetchError

BRIEF: Final = Bounds(document_bytes=256 * 1024, seconds=10.0, redirects=2, attempts=1)
"""How much of a small document at a stranger's host is read, and how long."""
WELL_KNOWN: Final = "/.well-known/oauth-protected-resource"
NAMED: Final = re2.compile(r'(?i)\bresource_metadata\s*=\s*(?:"([^"]+)"|([^\s,"]+))')
SCOPE: Final = re2.compile(r'(?i)\bscope\s*=\s*"([^"]+)"')


class Metadata(msgspec.Struct, frozen=True):
    """What RFC 9728 says of a protected resource, as far as it is kept."""

    resource: str | None = None
    resource_name: str | None = None
    authorization_servers: list[str] | None = None
    scopes_supported: list[str] | None = None


async def login_facts(fetcher: Fetcher, url: str, challenge: str) -> dict[str, str]:
    """Return what is to be known of the login of an endpoint, by name; whatever cannot be had is left out."""
    found = {"challenge": challenge}
    if scope := SCOPE.search(challenge):
        found["scopes"] = scope[1]
    place = metadata_url(url, challenge)
    try:
        page = await fetcher.within(BRIEF).fetch_bytes(place, accept="application/json")
        metadata = msgspec.json.decode(page.body, type=Metadata)
    except (FetchError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return kept(found | ({"resource_metadata_failure": str(error)} if NAMED.search(challenge) else {}))
    return kept(found | {"resource_metadata": place} | metadata_facts(metadata))


def metadata_url(url: str, challenge: str = "") -> str:
    """Return where an endpoint's metadata stand: where the challenge says, else at the well-known place."""
    named = NAMED.search(challenge)
    own = WELL_KNOWN + urlsplit(url).path.rstrip("/")
    try:
        return urljoin(url, str(named[1] or named[2]) if named else own)
    except ValueError:
        # What it names is no address.
        return urljoin(url, own)


def metadata_facts(metadata: Metadata) -> dict[str, str]:
    """Return the metadata as facts by name."""
    facts = {
        "resource_name": metadata.resource_name or "",
        "authorization_servers": " ".join(metadata.authorization_servers or ()),
    }
    return facts | ({"scopes": " ".join(metadata.scopes_supported)} if metadata.scopes_supported else {})
