"""Addresses: which parameters let the caller choose where on the network a call goes.

An address is a string, or a list of strings, called a URL, a host or a webhook. One whose own text names a fixed site,
or that is only something to look up or to store, is no choice of where to go.
"""

import re
from collections.abc import Iterable, Iterator

from classifier.schema import Parameter
from classifier.words import normalise

_NAME = re.compile(
    r"(?:^|.* )(?:url|uri|link|website|webpage|web page|site url|webhook|endpoint|hostname|host|server url|base url|"
    r"start url|page url|feed|connection string|jdbc url|dsn|proxy|address url|web address|image url|file url|host name|"
    r"remote ip addr|target address|smtp host|enable networking)s?(?: or \w+)?$"
)
_SAYS = re.compile(
    r"\b(?:(?:url|uri|web address|http address) (?:of|to|for|where|from|that|or) |full url|public url|valid url|"
    r"image url|video url|audio url|file url|http or https|https? :? ?url|url to)"
)
_FIXED = re.compile(
    r"\b(?:youtube|tweet|twitter|github|gitlab|linkedin|instagram|tiktok|reddit|hacker news|spotify|figma|notion|jira|"
    r"confluence|sentry|google (?:doc|sheet|slide|drive|form|map)|dropbox|airbnb|amazon|wikipedia|arxiv|bilibili|facebook|"
    r"hugging face|documentation|url encode\w*|url safe|next page|pagination|wallet|contract|cursor|resource uri|"
    r"atlassian|instance url|organization url|redirect|repository (?:url|link)|issue (?:url|link)|profile url|thread url)\b"
)
_NO_ADDRESS = re.compile(r"\b(?:id|redirect(?: \w+)?|callback|logo|avatar|icon|repository|profile|repo|clone|issue|video)(?: (?:url|uri|link))?s?$")


def addresses_of(parameters: Iterable[Parameter]) -> Iterator[Parameter]:
    """Yield each parameter into which any network address may be written."""
    for each in parameters:
        if each.values or not _takes_strings(each):
            continue
        name = " ".join(word.text for word in each.words)
        said = normalise(each.description[:300]) if each.description else ""
        if _FIXED.search(said) or _NO_ADDRESS.search(name):
            continue
        if _NAME.match(name) or (name.endswith(("source", "image", "target", "input", "page")) and _SAYS.search(said)):
            yield each


def _takes_strings(each: Parameter) -> bool:
    if each.type == "array":
        return each.items in {"string", "any"}
    return "string" in each.types or not each.types
