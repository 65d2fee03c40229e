"""Takes secrets out of a command line or URL before anybody sees it: values are masked, names stay.

It errs on the side of masking: a masked flag value costs a reader a detail, a printed token costs them the token.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

import re2

MASK = "***"

SECRET_NAME = re2.compile(
    r"(?i:(?:^|[^a-z])(?:token|key|apikey|secret|pass|password|passwd|passphrase|pwd|pat|auth|authorization|credentials?"
    r"|bearer|cookie|session|dsn|connection|conn|signature|jwt)(?:[^a-z]|$))"
    r"|(?:Token|Key|Secret|Password|Credentials?)(?:[^a-z]|$)"
)
"""A word that says: what follows is a secret. Words of snake, kebab and camel case."""

HEADER_FLAGS = frozenset({"-H", "--header", "--headers"})
VARIABLE_FLAGS = frozenset({"-e", "--env"})
VARIABLE = re2.compile(r"^[A-Z_][A-Z0-9_]+$")
KNOWN_PREFIX = re2.compile(
    r"(?:^|[^A-Za-z0-9])(?:sk|pk|rk|ghp|gho|ghu|ghs|github_pat|glpat|xox[abeprs]|xapp|hf|npm|pypi|sbp|ntn|figd|lin_api"
    r"|shpat|dop_v1|secret|tvly|fc|gsk|apify_api|patr?)[-_.]([A-Za-z0-9_-]{10,})"
)
KNOWN_FORM = re2.compile(r"(?:AKIA|ASIA)[0-9A-Z]{12,}|AIza[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{10,}")
DIGEST = re2.compile(r"sha256:[0-9a-f]{64}")
LONG_HEX = re2.compile(r"[0-9a-fA-F]{32,}")
UUID = re2.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
WORD = re2.compile(r"[A-Za-z0-9+]{16,}")
LONG_WORD = 24
MIXED_DIGITS = 3


def mask_arguments(arguments: Iterable[str]) -> tuple[str, ...]:
    """Mask what looks like a secret in a command line's arguments; their number and order stay."""
    masked: list[str] = []
    before = ""
    for argument in arguments:
        masked.append(_argument(argument, before))
        before = argument
    return tuple(masked)


def mask_url(url: str) -> str:
    """Mask a URL's credentials, its query's values and what looks like a secret in its path; drop its fragment."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return MASK
    if ":" in host:
        host = f"[{host}]"
    credentials = f"{MASK}@" if "@" in parts.netloc else ""
    path = "/".join(MASK if looks_secret(segment) else segment for segment in parts.path.split("/"))
    pairs = (pair.partition("=") for pair in parts.query.split("&") if pair)
    query = "&".join(f"{name}={MASK}" if equals else MASK for name, equals, _ in pairs)
    return urlunsplit((parts.scheme, f"{credentials}{host}{port}", path, query, ""))


def looks_secret(text: str) -> bool:
    """Say whether a text holds something that was made to be unguessable."""
    text = DIGEST.sub("", text)
    if KNOWN_FORM.search(text) or UUID.search(text) or LONG_HEX.search(text):
        return True
    if any(_is_mixed(match.group(1)) for match in KNOWN_PREFIX.finditer(text)):
        return True
    return any(_is_random(match.group(0)) for match in WORD.finditer(text))


def _argument(argument: str, before: str) -> str:
    """Mask one argument, given the one before it."""
    if argument.lstrip()[:1] in {"{", "["} or _follows_secret_flag(argument, before):
        return MASK
    if "://" in argument and before not in HEADER_FLAGS:
        return _with_url(argument)
    for mark in ("=", ":") if not DIGEST.search(argument) else ():
        name, found, value = argument.partition(mark)
        if found and value and value[0] != mark and _names_secret(name, value, before):
            return f"{name}{mark}{MASK}"
    return MASK if looks_secret(argument) or before in HEADER_FLAGS else argument


def _follows_secret_flag(argument: str, before: str) -> bool:
    is_flag = before.startswith("-") and "=" not in before
    return is_flag and not argument.startswith("-") and bool(SECRET_NAME.search(before))


def _names_secret(name: str, value: str, before: str) -> bool:
    """Say whether `name` is that of a variable, a header or a secret, or `value` looks like one."""
    if before in VARIABLE_FLAGS or before in HEADER_FLAGS or VARIABLE.search(name):
        return True
    return bool(SECRET_NAME.search(name)) or ("/" not in name and looks_secret(value))


def _with_url(argument: str) -> str:
    """Mask the URL that an argument is, or that follows its `name=`."""
    scheme = argument.index("://")
    name, equals, _ = argument[:scheme].rpartition("=")
    if equals and SECRET_NAME.search(name):
        return f"{name}={MASK}"
    return name + equals + mask_url(argument[len(name + equals) :])


def _is_mixed(tail: str) -> bool:
    """Say whether what follows a known prefix is no plain name, such as that of a package."""
    return sum(letter.isdigit() for letter in tail) >= MIXED_DIGITS or (tail != tail.lower() and tail != tail.upper())


def _is_random(word: str) -> bool:
    """Say whether a run of letters and digits mixes them as only generated text does."""
    digits = sum(letter.isdigit() for letter in word)
    cases = {letter.isupper() for letter in word if letter.isalpha()}
    return digits > 1 and bool(cases) and (len(cases) > 1 or len(word) >= LONG_WORD)
