"""What changed: tools that appeared, vanished or are defined or judged otherwise, the worst first."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy
from sqlalchemy import text

from toolcensus.records import RISKS, ChangeKind, Record, Risk, Way

KINDS: tuple[ChangeKind, ...] = ("label", "added", "description", "schema", "annotations", "removed")
"""From the kind that calls most for a look to the one that calls least: what is gone harms no more."""


class ChangeRow(Record, frozen=True, omit_defaults=False):
    """A row of the view `changes`: digests before and after, and the risks that their labels have."""

    at: str
    server: str
    tool: str
    way: Way
    kind: ChangeKind
    before: str | None
    after: str | None
    risk_before: Risk | None
    risk_after: Risk | None

    @property
    def rose(self) -> bool:
        """Whether the risk is higher than before."""
        return bool(self.risk_before and self.risk_after) and _rank(self.risk_after) > _rank(self.risk_before)


class Wording(Record, frozen=True, omit_defaults=False):
    """What a changed tool said of itself before and after, as texts by field."""

    before: dict[str, str]
    after: dict[str, str]


def count_since(connection: sqlalchemy.Connection, since: str, *, server: str | None = None) -> int:
    """Count the changes at or after `since` (a time as the index writes it), of one server or of all."""
    asked = f"SELECT count(*) FROM changes WHERE {_condition(server)}"  # noqa: S608  # constants
    return int(connection.execute(text(asked), _bound(since, server)).scalar_one())


def changes_since(
    connection: sqlalchemy.Connection, since: str, *, server: str | None = None, limit: int | None = None
) -> Iterator[ChangeRow]:
    """Yield the changes at or after `since`: a risk that rose, then the higher risk, the kind, the newer, the name."""
    after, before = _ranked("risk_after", RISKS), _ranked("risk_before", RISKS)
    asked = f"""SELECT * FROM changes WHERE {_condition(server)}
ORDER BY CASE WHEN {before} >= 0 AND {after} > {before} THEN 0 ELSE 1 END, kind = 'removed', {after} DESC,
{_ranked("kind", KINDS)}, at DESC, server, tool, way"""  # noqa: S608  # constants
    bound = _bound(since, server)
    if limit is not None:
        asked, bound["limit"] = f"{asked} LIMIT :limit", limit
    for row in connection.execute(text(asked), bound).mappings():
        yield ChangeRow(**row)


def wording(connection: sqlalchemy.Connection, change: ChangeRow) -> Wording:
    """Return what the definitions of both sides say; empty where a side has none."""
    return Wording(before=_said(connection, change.before), after=_said(connection, change.after))


def _said(connection: sqlalchemy.Connection, digest: str | None) -> dict[str, str]:
    columns = ("title", "description", "input_schema_json", "output_schema_json", "annotations_json")
    row: Any = None
    if digest:
        asked = text(f"SELECT {', '.join(columns)} FROM definition WHERE digest = :digest")  # noqa: S608  # constants
        row = connection.execute(asked, {"digest": digest}).mappings().first()
    return {name.removesuffix("_json"): row[name] for name in columns if row and row[name]}


def _condition(server: str | None) -> str:
    return "at >= :since AND server = :server" if server else "at >= :since"


def _bound(since: str, server: str | None) -> dict[str, Any]:
    return {"since": since, "server": server} if server else {"since": since}


def _ranked(column: str, order: tuple[str, ...]) -> str:
    places = " ".join(f"WHEN '{name}' THEN {place}" for place, name in enumerate(order))
    return f"(CASE {column} {places} ELSE -1 END)"


def _rank(risk: Risk | None) -> int:
    return RISKS.index(risk) if risk else -1
