"""mcpservers.org: a catalogue that exists as web pages of cards, in an older and a newer markup.

A newer card names the repository in the address of its logo; for the others the server's own page is asked. Cards that
say `sponsor` are passed over: they stand on many pages, and once more, without that word, in their own place.
"""

import math
import re
from urllib.parse import parse_qs, quote, unquote, urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.addresses import is_web_address, read_address
from crawler.html_page import attribute, html_page, text_at
from crawler.json_page import digest_of
from crawler.source import MODEST, Reading, Request
from toolcensus.errors import InputError
from toolcensus.records import Sighting

NAME = "mcpservers"
HOMEPAGE = "https://mcpservers.org"
LICENCE = "none stated; descriptions are their authors'"
TERMS = "Its robots.txt lets everybody read the list and the servers' pages, not the search; no licence is stated."
EXPECTED = (4_000, 60_000)
PACE = MODEST
SERVICES = {"mcpservers": "https://mcpservers.org"}
KEY = None
CHANGES = False
CARD = 'a[href^="/servers/"]'
NAME_IN_CARD = '[data-slot="card-title"], .font-semibold'
DESCRIPTION_IN_CARD = '[data-slot="card-description"], .line-clamp-3'
PAGE_SIZE = 30
MOST_PAGES = 5_000
TOTAL = re.compile(r"\bof ([\d,.]{1,12}) servers\b")
STARS = re.compile(r"(\d{1,9}) GitHub stars")
NONE_FOUND = "No servers found"


def start(since: str | None, *, has_key: bool) -> tuple[Request, ...]:
    """Ask for the first page of the list."""
    del since, has_key
    return (_list_page(1),)


def read(request: Request, body: bytes, seen: str) -> Reading:
    """Read a list page or a server's own; raise InputError where it is neither."""
    page = html_page(body)
    if request.about is not None:
        return Reading(sightings=(_with_page(request.about, page),))
    text = page.body.text() if page.body else ""
    cards = page.css(CARD)
    if not cards and NONE_FOUND not in text:
        raise InputError("it is no page of the list")
    own = (card for card in cards if not any(span.text() == "sponsor" for span in card.css("span")))
    found = {slug: _sighting(card, slug, seen) for card in own if (slug := _slug(card))}
    details = (
        Request(service="mcpservers", path=f"servers/{quote(about.source_id)}", about=about, absent="kept")
        for about in found.values()
        if about.repository is None and about.website is None and not about.remotes
    )
    complete = (one for one in found.values() if one.repository or one.website or one.remotes)
    return Reading(sightings=tuple(complete), follow=(*details, *_further_pages(request, text)))


def _list_page(number: int) -> Request:
    return Request(service="mcpservers", path="all", query=(("page", str(number)),))


def _further_pages(request: Request, text: str) -> tuple[Request, ...]:
    """Return all further pages where this is the first, which says how many servers there are."""
    total = TOTAL.search(text)
    if total is None or request.query != _list_page(1).query:
        return ()
    pages = math.ceil(int(re.sub(r"\D", "", total[1])) / PAGE_SIZE)
    return tuple(map(_list_page, range(2, min(pages, MOST_PAGES) + 1)))


def _slug(card: LexborNode) -> str:
    slug = unquote(urlsplit(attribute(card, "href")).path).removeprefix("/servers/")
    return "" if {"", ".", ".."} & set(slug.split("/")) else slug


def _sighting(card: LexborNode, slug: str, seen: str) -> Sighting:
    """Read a card; its digest is of what both markups show."""
    name = text_at(card, NAME_IN_CARD) or slug.rpartition("/")[2]
    description = text_at(card, DESCRIPTION_IN_CARD)
    stars = STARS.fullmatch(attribute(card.css_first('span[title$=" GitHub stars"]'), "title"))
    sighting = Sighting(
        source=NAME,
        source_id=slug,
        seen=seen,
        name=name,
        description=description,
        popularity=int(stars[1]) if stars else None,
        digest=digest_of(msgspec.json.encode([slug, name, description])),
    )
    return _at(sighting, _behind_logo(card.css_first("img")))


def _with_page(about: Sighting, page: LexborHTMLParser) -> Sighting:
    """Add what the server's own page shows; raise InputError where it is another page."""
    if about.source_id not in (page.html or "") or page.css_first("main h1") is None:
        raise InputError("it is no page of that server")
    logos = (_behind_logo(image) for image in page.css("main img"))
    buttons = (attribute(button, "href") for button in page.css('main a[data-slot="button"]'))
    return _at(about, next((url for url in (*logos, *buttons) if is_web_address(url)), ""))


def _behind_logo(image: LexborNode | None) -> str:
    """Return the address that a logo is made for: `/api/logo?url=…`."""
    parts = urlsplit(attribute(image, "src"))
    return parse_qs(parts.query).get("url", [""])[0] if parts.path == "/api/logo" else ""


def _at(sighting: Sighting, url: str) -> Sighting:
    address = read_address(url)
    return msgspec.structs.replace(
        sighting, repository=address.repository, remotes=address.remotes, website=address.website
    )
