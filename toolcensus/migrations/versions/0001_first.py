"""The first index: every table, and the full-text index over definitions where the database is SQLite.

A revision is frozen once released: what changes later is a revision of its own.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WORDS = """CREATE VIRTUAL TABLE tool_words USING fts5(
    name, title, description, content='', prefix='3', tokenize='porter unicode61 remove_diacritics 2')"""
"""Rows are definitions by their id; the words are kept, the text is not."""


def upgrade() -> None:
    """Make everything."""
    _servers()
    _definitions()
    _judgements()
    _requests()
    if op.get_bind().dialect.name == "sqlite":
        op.execute(WORDS)


def _servers() -> None:
    _table(
        "server",
        _id(),
        *(_text("key"), _text("slug"), _text("name"), _text("title?"), _text("description?"), _text("repository?")),
        *(_text("packages_json"), _text("remotes_json")),
        sa.Column("candidate", sa.Boolean, nullable=False),
        _text("retired?"),
        sa.UniqueConstraint("key", name="uq_server_key"),
        sa.UniqueConstraint("slug", name="uq_server_slug"),
    )
    _table("alias", _text("alias"), *_of("alias", "server"), _key("alias", "alias"))
    op.create_index("ix_alias_server_id", "alias", ["server_id"])
    _table("address", _text("address"), *_of("address", "server"), _key("address", "address", "server_id"))
    op.create_index("ix_address_server_id", "address", ["server_id"])
    _table(
        "sighting",
        *(_text("source"), _text("source_id"), *_of("sighting", "server", nullable=True), _text("evidence?")),
        *(_text("first_seen"), _text("seen"), _text("record_json"), _key("sighting", "source", "source_id")),
    )
    op.create_index("ix_sighting_server_id", "sighting", ["server_id"])


def _definitions() -> None:
    _table(
        "definition",
        *(_id(), _text("digest"), _text("name"), _text("title?"), _text("description?")),
        *(_text("input_schema_json?"), _text("output_schema_json?"), _text("annotations_json?")),
        sa.UniqueConstraint("digest", name="uq_definition_digest"),
    )
    _table(
        "listing",
        *(_id(), *_of("listing", "server"), _text("way"), _text("at"), _text("outcome"), _text("reason")),
        sa.Column("duration", sa.Float, nullable=False),
        *(_text("protocol?"), _text("subject"), _text("subject_digest"), _text("method"), _integer("tools")),
    )
    op.create_index("ix_listing_last", "listing", ["server_id", "way", "id"])
    _table("unresolved", _id(), *_of("unresolved", "listing"), _text("place"), _text("reason"))
    op.create_index("ix_unresolved_listing_id", "unresolved", ["listing_id"])
    _table(
        "tool",
        *(_id(), *_of("tool", "server"), _text("way"), _integer("foundation"), _text("name")),
        *(*_of("tool", "definition"), _text("conditional?"), _text("place?")),
        *(_text("first_seen"), _text("since"), _text("last_seen"), _text("ended?")),
    )
    op.create_index("ix_tool_best", "tool", ["server_id", "name", "foundation", "ended"])
    op.create_index("ix_tool_definition_id", "tool", ["definition_id"])
    _unique("uq_tool_current", "tool", ["server_id", "way", "name"], "ended IS NULL")


def _judgements() -> None:
    _table(
        "label",
        *(*_of("label", "definition"), _text("version"), sa.Column("current", sa.Boolean, nullable=False)),
        *(_text("category"), _text("risk"), _integer("severity"), sa.Column("confidence", sa.Float, nullable=False)),
        *(_text("rationale"), _text("effects_json"), _text("bounds_json"), _text("evidence_json")),
        *(_text("actions_json"), sa.Column("review", sa.Boolean, nullable=False), _text("at")),
        _key("label", "definition_id", "version"),
    )
    _unique("uq_label_current", "label", ["definition_id"], "current")
    op.create_index("ix_label_severity", "label", ["current", "severity"])
    for name, columns in {"finding": ("version", "findings_json"), "policy": ("policy_json",)}.items():
        _table(
            name,
            *(*_of(name, "server"), *_of(name, "definition"), *map(_text, columns)),
            _key(name, "server_id", "definition_id"),
        )
    _table(
        "change",
        *(_id(), _text("at"), *_of("change", "server"), _text("tool"), _text("way"), _text("kind")),
        *(_text("before?"), _text("after?"), _text("risk_before?"), _text("risk_after?")),
    )
    op.create_index("ix_change_at", "change", ["at"])
    op.create_index("ix_change_server_id", "change", ["server_id"])


def _requests() -> None:
    _table(
        "page",
        *(_text("url"), _text("etag?"), _text("last_modified?"), _text("digest"), _text("fetched")),
        _key("page", "url"),
    )
    _table(
        "failure",
        *(_text("source"), _text("url"), _text("reason"), _integer("attempts"), _text("first"), _text("last")),
        _key("failure", "source", "url", "reason"),
    )


def _table(name: str, *items: Any) -> None:
    op.create_table(name, *items)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _text(name: str) -> sa.Column[str]:
    """Return a text column; a name that ends in `?` may be null."""
    return sa.Column(name.removesuffix("?"), sa.Text, nullable=name.endswith("?"))


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _of(table: str, parent: str, *, nullable: bool = False) -> tuple[Any, ...]:
    """Return the column that names a row of `parent`, and its foreign key."""
    column = f"{parent}_id"
    return (
        sa.Column(column, sa.Integer, nullable=nullable),
        sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=f"fk_{table}_{column}"),
    )


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _unique(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
