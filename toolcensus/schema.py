"""The tables of the index. People read the views (`views.py`); the tables may change from one revision to the next.

Names are singular, since the views hold the plurals. Times are ISO 8601 text in UTC; columns that end in `_json` hold
JSON text. History is kept: a definition, a listing and an ended spell of a tool are never deleted.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

CURRENT_TOOL = text("ended IS NULL")
CURRENT_LABEL = text("current")


def _server(*, nullable: bool = False, index: bool = False) -> Column[int]:
    return Column("server_id", Integer, ForeignKey("server.id"), nullable=nullable, index=index)


def _definition() -> Column[int]:
    return Column("definition_id", Integer, ForeignKey("definition.id"), nullable=False)


server = Table(
    "server",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("title", Text),
    Column("description", Text),
    Column("repository", Text),
    Column("packages_json", Text, nullable=False),
    Column("remotes_json", Text, nullable=False),
    Column("candidate", Boolean, nullable=False),
    Column("retired", Text),
    Column("origins_json", Text, nullable=False, server_default="{}"),
    Column("doubt", Text, nullable=False, server_default=""),
)
"""`origins_json` is which sighting each field came from; `doubt` why a candidate may be no server."""

alias = Table(
    "alias",
    metadata,
    Column("alias", Text, primary_key=True),
    _server(index=True),
)

address = Table(
    "address",
    metadata,
    Column("address", Text, nullable=False),
    _server(index=True),
    PrimaryKeyConstraint("address", "server_id"),
)
"""Packages (purls without their version), repositories and remotes at which a server can be had."""

sighting = Table(
    "sighting",
    metadata,
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    _server(nullable=True, index=True),
    Column("evidence", Text),
    Column("first_seen", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Column("record_json", Text, nullable=False),
    Column("digest", Text, nullable=False, server_default=""),
    Column("reading", Integer),
    Column("gone", Text),
    PrimaryKeyConstraint("source", "source_id"),
)
"""`reading` is the one that last showed it; `gone` when its source was found to show it no more."""

listing = Table(
    "listing",
    metadata,
    Column("id", Integer, primary_key=True),
    _server(),
    Column("way", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("duration", Float, nullable=False),
    Column("protocol", Text),
    Column("subject", Text, nullable=False),
    Column("subject_digest", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("tools", Integer, nullable=False),
    Column("fresh_until", Text),
    Column("facts_json", Text, nullable=False, server_default="{}"),
    Index("ix_listing_last", "server_id", "way", "id"),
)
"""Every attempt to get a server's tools; `tools` is how many it gave."""

unresolved = Table(
    "unresolved",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("listing_id", Integer, ForeignKey("listing.id"), nullable=False, index=True),
    Column("place", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

definition = Table(
    "definition",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("title", Text),
    Column("description", Text),
    Column("input_schema_json", Text),
    Column("output_schema_json", Text),
    Column("annotations_json", Text),
)

tool = Table(
    "tool",
    metadata,
    Column("id", Integer, primary_key=True),
    _server(),
    Column("way", Text, nullable=False),
    Column("foundation", Integer, nullable=False),
    Column("name", Text, nullable=False),
    _definition(),
    Column("conditional", Text),
    Column("place", Text),
    Column("first_seen", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    Column("ended", Text),
    # `ended` is the index's last column so that reading current rows through it never touches the table.
    Index("ix_tool_best", "server_id", "name", "foundation", "ended"),
    Index("ix_tool_definition_id", "definition_id"),
    Index(
        "uq_tool_current",
        "server_id",
        "way",
        "name",
        unique=True,
        sqlite_where=CURRENT_TOOL,
        postgresql_where=CURRENT_TOOL,
    ),
)
"""Spells: one row for each time that a way of listing showed one definition under one name without a break.

`first_seen` is the tool's, `since` this definition's; `ended` is null while it is current. `foundation` is the way's
place in WAYS: lower is better founded.
"""

change = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False, index=True),
    _server(index=True),
    Column("tool", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("risk_before", Text),
    Column("risk_after", Text),
)

label = Table(
    "label",
    metadata,
    _definition(),
    Column("version", Text, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("category", Text, nullable=False),
    Column("risk", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("rationale", Text, nullable=False),
    Column("effects_json", Text, nullable=False),
    Column("bounds_json", Text, nullable=False),
    Column("evidence_json", Text, nullable=False),
    Column("actions_json", Text, nullable=False),
    Column("review", Boolean, nullable=False),
    Column("at", Text, nullable=False),
    PrimaryKeyConstraint("definition_id", "version"),
    Index("uq_label_current", "definition_id", unique=True, sqlite_where=CURRENT_LABEL, postgresql_where=CURRENT_LABEL),
    Index("ix_label_severity", "current", "severity"),
)
"""Labels of every classifier version; the one saved last is `current`. `severity` is the risk's place in RISKS."""

review = Table(
    "review",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("server", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("effects_json", Text, nullable=False),
    Column("bounds_json", Text, nullable=False),
    Column("risk", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("at", Text, nullable=False),
)
"""What readers answered, by definition; as it may come from another index, its server need not be in this one."""

finding = Table(
    "finding",
    metadata,
    _server(),
    _definition(),
    Column("version", Text, nullable=False),
    Column("findings_json", Text, nullable=False),
    PrimaryKeyConstraint("server_id", "definition_id"),
)
"""What is wrong with a definition on one server; a row without findings says that it was judged."""

policy = Table(
    "policy",
    metadata,
    _server(),
    _definition(),
    Column("policy_json", Text, nullable=False),
    PrimaryKeyConstraint("server_id", "definition_id"),
)

page = Table(
    "page",
    metadata,
    Column("url", Text, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("digest", Text, nullable=False),
    Column("fetched", Text, nullable=False),
)

failure = Table(
    "failure",
    metadata,
    Column("source", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first", Text, nullable=False),
    Column("last", Text, nullable=False),
    PrimaryKeyConstraint("source", "url", "reason"),
)

reading = Table(
    "reading",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False, index=True),
    Column("base", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("since", Text),
    Column("finished", Text),
    Column("outcome", Text),
    Column("note", Text, nullable=False),
    Column("mark", Text),
    Column("whole", Boolean, nullable=False),
    *(Column(name, Integer, nullable=False) for name in ("pages", "sightings", "added", "changed", "failed")),
)
"""Every attempt to read a source; one that is not finished is gone on with."""

frontier = Table(
    "frontier",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("request_json", Text, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("digest", Text, nullable=False),
    Index("uq_frontier_key", "source", "key", unique=True),
)
"""The requests of readings that are not finished: those to be made, and the list pages that were asked for."""

document = Table(
    "document",
    metadata,
    Column("source", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("ids_json", Text, nullable=False),
    Column("reading_json", Text, nullable=False),
    PrimaryKeyConstraint("source", "url"),
)
"""Pages of sources that can say that they are unchanged, and what they said; `method` is the code that read them."""

brought = Table(
    "brought",
    metadata,
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("tools_json", Text, nullable=False),
    PrimaryKeyConstraint("source", "source_id"),
)
"""Tool lists that sources bring along: each stays with its sighting, whose server it is listed for."""
