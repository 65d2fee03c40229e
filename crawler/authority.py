"""Whom to believe first where sources disagree about a server; docs/identity.md gives the reasons. Pure."""

from typing import Final

TEXTS: Final = (
    *("starter", "official", "github-mcp", "docker", "toolhive", "cline", "pulsemcp", "glama"),
    *("smithery", "toolsdk", "mcpservers", "mcpso", "npm", "pypi", "github", "lists", "census", "command-line"),
)
"""Names, titles, descriptions, remotes: who publishes the server, then who reviews what he lists, then the others."""
CODE: Final = (
    *("github", "official", "npm", "pypi", "starter", "github-mcp", "docker", "toolhive", "cline"),
    *("glama", "smithery", "pulsemcp", "toolsdk", "mcpservers", "mcpso", "lists", "census", "command-line"),
)
"""Repositories and packages: places where only the author can write stand before every catalogue."""
AUTHORS: Final = frozenset({"command-line", "starter", "official", "npm", "pypi", "github"})
"""Sources that let nobody but a package's or repository's owner say where its code is."""


def rank_of_text(source: str) -> int:
    """Return a source's place in TEXTS; one that is not named there comes last."""
    return TEXTS.index(source) if source in TEXTS else len(TEXTS)


def rank_of_code(source: str) -> int:
    """Return a source's place in CODE; one that is not named there comes last."""
    return CODE.index(source) if source in CODE else len(CODE)
