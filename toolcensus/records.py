"""The words everyone speaks: frozen records that packages exchange.

Times are ISO 8601 in UTC (`2026-11-24T14:41:47Z`); packages are purls (`pkg:npm/%40scope/name@1.2.3`); digests are
`sha256:` and 64 hexadecimal digits; offsets are Unicode code points.
"""

from typing import Any, Literal, get_args

import msgspec

Way = Literal["live", "sandbox", "static", "card", "registry"]
"""How a tool list was got, best-founded first."""

Outcome = Literal[
    "listed", "needs-credentials", "unreachable", "crashed", "timed-out", "no-source", "not-a-server", "refused"
]
"""How a listing ended. `listed` is the only one with tools; every other one carries a reason."""

Category = Literal["Read", "Write", "Execute"]
Risk = Literal["low", "medium", "high", "critical"]
Effect = Literal[
    "destructive",
    "financial",
    "code",
    "communicates",
    "access",
    "secrets",
    "personal",
    "filesystem",
    "egress",
    "untrusted",
    "infrastructure",
    "physical",
    "bulk",
]
Bound = Literal[
    "scratch",
    "session-only",
    "element",
    "container",
    "overwrites",
    "public",
    "confined",
    "sandboxed",
    "harmless",
    "draft",
    "unlimited",
]
FindingKind = Literal[
    "injection",
    "exfiltration",
    "hidden-text",
    "shadowing",
    "annotation-mismatch",
    "vague",
    "unbounded-input",
    "secret-in-definition",
    "changed",
]
SourceStatus = Literal["active", "deprecated"]
"""What a source says of its own entry; one that it deleted is no sighting any more."""

ChangeKind = Literal["added", "removed", "description", "schema", "annotations", "label"]

WAYS: tuple[Way, ...] = get_args(Way)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
CATEGORIES: tuple[Category, ...] = get_args(Category)
RISKS: tuple[Risk, ...] = get_args(Risk)
EFFECTS: tuple[Effect, ...] = get_args(Effect)
BOUNDS: tuple[Bound, ...] = get_args(Bound)


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A frozen record; as JSON, fields that hold their default are left out."""


class Tool(Record, frozen=True, rename={"input_schema": "inputSchema", "output_schema": "outputSchema"}):
    """One tool definition in the protocol's own field names.

    `conditional` says under what option, tier or platform the tool is registered (static listings only), `where` the
    file and line of the definition. Neither is part of the definition's digest.
    """

    name: str
    title: str | None = None
    description: str | None = None
    input_schema: dict[str, Any] | None = None
    output_schema: dict[str, Any] | None = None
    annotations: dict[str, Any] | None = None
    conditional: str | None = None
    where: str | None = None


class Unresolved(Record, frozen=True):
    """Something that registers a tool but could not be read, with the reason."""

    where: str
    reason: str


class Sighting(Record, frozen=True):
    """One source says that a server exists.

    `digest` is of what the source says, as far as a change of it matters. `repository_id` is the host's own number that
    outlives renames (`github:12345`), `same_as` what the source itself says is the same server (`official:NAME`, a URL
    or a purl), `fork_of` the repository that this one was copied from. `mentions` is True where the source shows only
    that the thing has to do with MCP, as a search for the word does.
    """

    source: str
    source_id: str
    seen: str
    name: str
    title: str | None = None
    description: str | None = None
    repository: str | None = None
    packages: tuple[str, ...] = ()
    remotes: tuple[str, ...] = ()
    version: str | None = None
    licence: str | None = None
    popularity: int | None = None
    digest: str = ""
    tools: tuple[Tool, ...] | None = None
    website: str | None = None
    repository_id: str | None = None
    same_as: tuple[str, ...] = ()
    fork_of: str | None = None
    status: SourceStatus = "active"
    mentions: bool = False


class Server(Record, frozen=True):
    """What several sightings agree to be one thing."""

    key: str
    slug: str
    name: str
    title: str | None = None
    description: str | None = None
    repository: str | None = None
    packages: tuple[str, ...] = ()
    remotes: tuple[str, ...] = ()


class Listing(Record, frozen=True):
    """How one server's tool list was got, or why not.

    `subject` is what was read (a purl with its version, a URL); `subject_digest` its content digest where one is known;
    `method` the name and version of the code that read it; `duration` is in seconds. `fresh_until` is how long the
    server itself says that its list holds. `facts` is what else was learnt, by name: what the server calls itself, what
    it says of the login that it wants, which placeholders it was started with.
    """

    server: str
    way: Way
    at: str
    outcome: Outcome
    reason: str = ""
    duration: float = 0.0
    protocol: str | None = None
    subject: str = ""
    subject_digest: str = ""
    method: str = ""
    tools: tuple[Tool, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    fresh_until: str | None = None
    facts: dict[str, str] = {}


class Change(Record, frozen=True):
    """A tool appeared, vanished or changed; digests are None where there is nothing on that side."""

    at: str
    server: str
    tool: str
    way: Way
    kind: ChangeKind
    before: str | None
    after: str | None
    risk_before: Risk | None = None
    risk_after: Risk | None = None


class Evidence(Record, frozen=True, omit_defaults=False):
    """A span of the definition and what it shows.

    `field` is `name`, `title`, `description` or a JSON pointer into the definition; `/…/properties/sql` is the
    parameter's name itself. `start` and `end` are code points of that string, end exclusive.
    """

    field: str
    start: int
    end: int
    shows: str


class Finding(Record, frozen=True, omit_defaults=False):
    """Something wrong with the definition itself, with its span."""

    kind: FindingKind
    severity: Risk
    field: str
    start: int
    end: int
    message: str


class Action(Record, frozen=True, omit_defaults=False):
    """The label of one value of an action-like parameter."""

    value: str
    category: Category
    risk: Risk


class Review(Record, frozen=True, omit_defaults=False):
    """A reader's answer for one definition, which stands above whatever the classifier says of it.

    `reader` is who or what read it, `reason` why the answer is this one, in the reader's own words.
    """

    server: str
    tool: str
    digest: str
    category: Category
    effects: tuple[Effect, ...]
    bounds: tuple[Bound, ...]
    risk: Risk
    reason: str
    reader: str
    at: str


class Label(Record, frozen=True, omit_defaults=False):
    """What one tool definition means; see docs/taxonomy.md. Effects and bounds are in the taxonomy's order."""

    category: Category
    effects: tuple[Effect, ...]
    bounds: tuple[Bound, ...]
    risk: Risk
    confidence: float
    rationale: str
    evidence: tuple[Evidence, ...]
    actions: tuple[Action, ...] = ()
    review: bool = False
