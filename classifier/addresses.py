"""Addresses: which parameters let the caller choose where on the network a call goes.

An address is a string, or a list of strings, called a URL, a host or a webhook. One whose own text names a fixed site,
or that is only something to look up or to store, is no choice of where to go.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import re2

from classifier.schema import Parameter
from classifier.words import normalise_again

_NAME = re2.compile(
    r"(?:^|.* )(?:url|uri|link|website|webpage|web page|webhook|endpoint|hostname|host|feed url|connection string|dsn|"
    r"proxy|web address|host name|remote ip addr|target address)s?(?: or \w+)?$"
)
_SAYS = re2.compile(
    r"\b(?:(?:url|uri|web address|http address) (?:of|to|for|where|from|that|or) |full url|public url|valid url|"
    r"image url|video url|audio url|file url|http or https|https? :? ?url)"
)
_FIXED = re2.compile(
    r"\b(?:youtube|tweet|twitter|github|gitlab|linkedin|instagram|tiktok|reddit|hacker news|spotify|figma|notion|jira|"
    r"confluence|sentry|google (?:doc|sheet|slide|drive|form|map)|dropbox|airbnb|amazon|wikipedia|arxiv|bilibili|"
    r"facebook|hugging face|documentation|url encode\w*|url safe|next page|pagination|wallet|contract|"
    r"cursor|resource uri|"
    r"atlassian|instance url|organization url|redirect|repository (?:url|link)|issue (?:url|link)|profile url|"
    r"thread url)\b"
)
_NO_ADDRESS = re2.compile(
    r"\b(?:id|redirect(?: \w+)?|callback|logo|avatar|icon|repository|profile|clone|issue)(?: (?:url|uri|link))?s?$"
)
_GIVEN = ("source", "image", "target", "input", "page", "file", "video", "audio")
_HINTS = ("url", "http", "uri")
_MOST_NAMES = 20_000
_MOST_READ = 300


class _Kind(NamedTuple):
    """What a parameter's name alone says: it names an address, it names something else, its text may yet name one."""

    named: bool
    other: bool
    given: bool


@lru_cache(maxsize=_MOST_NAMES)
def _kind(name: str) -> _Kind:
    return _Kind(_NAME.search(name) is not None, _NO_ADDRESS.search(name) is not None, name.endswith(_GIVEN))


def addresses_of(parameters: Iterable[Parameter]) -> Iterator[Parameter]:
    """Yield each parameter into which any network address may be written."""
    for each in parameters:
        if each.values or not (each.takes_strings or not each.types):
            continue
        named, other, given = _kind(each.spoken)
        if other or not (named or given):
            continue
        text = each.description[:_MOST_READ]
        if not named and not any(hint in text.lower() for hint in _HINTS):
            continue
        said = normalise_again(text) if text else ""
        if not _FIXED.search(said) and (named or _SAYS.search(said)):
            yield each
