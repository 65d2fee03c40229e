"""Which addresses of remote servers anybody can ask, and which only their own user can. Pure."""

import re
from typing import Final

from crawler.addresses import is_web_address

BLANK: Final = re.compile(r"\{[^{}]{0,200}\}|%7B|<[^<>]{1,200}>|\$\{")
LOGIN: Final = re.compile(r"//[^/?#@]{1,500}@")


def unaskable(remote: str) -> str:
    """Say why a remote cannot be asked by us; an empty word where it can."""
    if needs_its_user(remote):
        return needs_its_user(remote)
    return "" if is_web_address(remote) else f"{remote[:300]} is no web address"


def needs_its_user(remote: str) -> str:
    """Say what of an address only its own user has: a part that is left blank, or a login; an empty word else."""
    if blank := BLANK.search(remote):
        return f"its address has the blank {blank[0]}, which only its user can fill in"
    return "its address holds a login, which is not used" if LOGIN.search(remote) else ""


def without_login(remote: str) -> str:
    """Return the address without the login that it holds."""
    return LOGIN.sub("//", remote, count=1)
