"""Reads pages of HTML from strangers, by selectolax."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from toolcensus.errors import InputError, LimitError

LARGEST = 16 * 1024 * 1024
"""Bytes of one page."""


def html_page(body: bytes) -> LexborHTMLParser:
    """Read a page; raise InputError where it is no UTF-8 text, LimitError where it is larger than any page."""
    return LexborHTMLParser(page_text(body))


def page_text(body: bytes) -> str:
    """Return a page's text; raise as `html_page` does."""
    if len(body) > LARGEST:
        raise LimitError(f"it has {len(body)} bytes; {LARGEST} are read of a page")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise InputError(f"it is no UTF-8 text: {error}") from error


def text_at(node: LexborNode, selector: str) -> str | None:
    """Return the text of the first element that `selector` finds below, its white space collapsed; None without any."""
    found = node.css_first(selector)
    return " ".join(found.text().split()) or None if found else None


def attribute(node: LexborNode | None, name: str) -> str:
    """Return an attribute's value, empty where there is none."""
    return (node.attributes.get(name) or "") if node else ""
