"""Repository URLs as people and registries write them, in one spelling: which repository, which folder of it."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

MAX_LENGTH = 2_000
SEGMENT = re.compile(r"[\w.~+@-]+")
SHORTHAND = re.compile(r"(?:(github|gitlab|bitbucket):)?([A-Za-z0-9][A-Za-z0-9-]*)/([\w.-]+)")
"""`owner/repo` means GitHub, as npm reads it."""
SCP_FORM = re.compile(r"(?:[\w.-]+@)([\w.-]+):(?!/)(?!\d+/)(.+)")
"""`git@host:owner/repo.git`, as git reads it."""
FORGES = {"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"}
CASELESS = {"github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitea.com", "gist.github.com"}
SELF_HOSTED = re.compile(r"(?:git|gitlab|gitea|forgejo|code|src|codeberg)\.")
NOT_OWNERS = {
    *("about", "apps", "collections", "enterprise", "explore", "features", "groups", "login", "marketplace"),
    *("orgs", "pricing", "readme", "search", "settings", "site", "solutions", "sponsors", "stars", "topics", "users"),
}
TREE = {"tree", "blob", "raw", "src", "edit", "blame", "commits"}
"""What stands between a repository and a folder or file of it; a ref follows."""
ABOUT_ITS_FOLDER = re.compile(
    r"(?:readme|license|licence|dockerfile|makefile)(?:\.\w+)?|(?:package|server|manifest|mcp)\.json|pyproject\.toml|"
    r"(?:index|main|server|__init__|__main__)\.\w+|go\.mod|cargo\.toml|smithery\.ya?ml",
    re.IGNORECASE,
)
"""A file that stands for its folder; any other one that somebody links to is a place of its own."""


@dataclass(frozen=True, slots=True)
class Place:
    """A repository, `host/owner/name` in lower case where its host knows no case, and a folder of it or none."""

    repository: str
    folder: str = ""

    @property
    def key(self) -> str:
        """`github.com/owner/repo` or `github.com/owner/repo/sub/folder`."""
        return f"{self.repository}/{self.folder}" if self.folder else self.repository

    @property
    def owner(self) -> str:
        """Host and owner, whatever the repository's name."""
        return self.repository.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The repository's own name."""
        return self.repository.rpartition("/")[2]


def read_place(text: str | None) -> Place | None:
    """Read a repository URL in any form that git, npm or a forge's pages have; None where it names no repository."""
    if not text or len(text) > MAX_LENGTH:
        return None
    written = text.strip().removeprefix("scm:").removeprefix("git+").rstrip(").,;>\"'")
    if short := SHORTHAND.fullmatch(written):
        return _place(FORGES[short[1] or "github"], [short[2], short[3]])
    if scp := SCP_FORM.fullmatch(written):
        written = f"https://{scp[1]}/{scp[2]}"
    try:
        parts = urlsplit(written if "://" in written else f"https://{written}")
        host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return None
    return _place(host, [unquote(segment) for segment in parts.path.split("/") if segment])


def with_folder(repository: str, folder: str | None) -> str:
    """Return the URL of a folder in a repository, such as registries name beside it; `.` and nothing are the whole."""
    segments = [part for part in (folder or "").strip().split("/") if part not in {"", "."}]
    if not segments or ".." in segments or "/tree/" in repository:
        return repository
    return f"{repository.rstrip('/').removesuffix('.git')}/tree/HEAD/{quote('/'.join(segments))}"


def _place(host: str, path: list[str]) -> Place | None:
    if host in {"raw.githubusercontent.com", "api.github.com", "gist.github.com"}:
        host, path = _github_service(host, path)
    if host == "huggingface.co":
        return _named(host, path[:3], path[3:]) if path[:1] == ["spaces"] else None
    if host == "gitlab.com" or (SELF_HOSTED.match(host) and "-" in path):
        cut = path.index("-") if "-" in path else next((at for at, part in enumerate(path) if part in TREE), len(path))
        return _named(host, path[:cut], path[cut + ("-" in path) :])
    known = host in CASELESS or SELF_HOSTED.match(host) or any(part.endswith(".git") for part in path[1:2])
    return _named(host, path[:2], path[2:]) if known else None


def _github_service(host: str, path: list[str]) -> tuple[str, list[str]]:
    """Return the repository's own address for a page of GitHub's other hosts."""
    if host == "api.github.com":
        return "github.com", path[1:] if path[:1] == ["repos"] else []
    if host == "gist.github.com":
        return host, path[:2]
    ref = 5 if path[2:4] == ["refs", "heads"] else 3
    return "github.com", [*path[:2], "blob", "HEAD", *path[ref:]]


def _named(host: str, names: list[str], rest: list[str]) -> Place | None:
    """Put a repository's names and what follows them together."""
    if len(names) < 2 or not all(map(SEGMENT.fullmatch, names)) or names[0].lower() in NOT_OWNERS:  # noqa: PLR2004  # owner and name
        return None
    last = re.sub(r"(?i)\.git$", "", names[-1])
    if not last or set(last) == {"."}:
        return None
    repository = "/".join([host, *names[:-1], last])
    return Place(repository.lower() if host in CASELESS else repository, _folder(rest))


def _folder(rest: list[str]) -> str:
    """Return the folder that a forge's page shows: what follows `tree/REF`, or the folder of the file in `blob/REF`."""
    if not rest or rest[0] not in TREE:
        return ""
    refs = 3 if rest[:2] in (["src", "branch"], ["src", "commit"], ["src", "tag"]) else 2
    folder = rest[refs:]
    if folder and ABOUT_ITS_FOLDER.fullmatch(folder[-1]):
        folder = folder[:-1]
    return "" if ".." in folder else "/".join(folder)
