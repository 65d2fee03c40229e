"""How much there is: counts over the whole index."""

import sqlalchemy
from sqlalchemy import text

from toolcensus.records import EFFECTS, Record
from toolcensus.views import BEST_FOUNDED, LAST_LISTINGS


class Funnel(Record, frozen=True, omit_defaults=False):
    """How many of a source's servers one way answered with one outcome; without a way, nothing was tried yet."""

    source: str
    way: str | None
    outcome: str | None
    servers: int


class Tally(Record, frozen=True, omit_defaults=False):
    """The index in numbers. `labels` counts tools by category, then risk; `outcomes` servers by way, then outcome."""

    servers: int
    candidates: int
    listed: int
    tools: int
    labelled: int
    labels: dict[str, dict[str, int]]
    effects: dict[str, int]
    outcomes: dict[str, dict[str, int]]
    funnel: tuple[Funnel, ...]


def has_tools(connection: sqlalchemy.Connection) -> bool:
    """Say whether any server has a tool."""
    return connection.execute(text("SELECT 1 FROM tool WHERE ended IS NULL LIMIT 1")).first() is not None


def count(connection: sqlalchemy.Connection) -> Tally:
    """Count everything; effects are in the taxonomy's order, the rest by name."""
    servers, candidates, listed = connection.execute(text(SERVERS)).one()
    labels: dict[str, dict[str, int]] = {}
    effects: dict[str, int] = dict.fromkeys(EFFECTS, 0)
    tools = labelled = 0
    for category, risk, effects_json, number in connection.execute(text(TOOLS)):
        tools += number
        if category is None:
            continue
        labelled += number
        by_risk = labels.setdefault(category, {})
        by_risk[risk] = by_risk.get(risk, 0) + number
        for effect in EFFECTS:
            effects[effect] += number if f'"{effect}"' in effects_json else 0
    outcomes: dict[str, dict[str, int]] = {}
    for way, outcome, number in connection.execute(text(OUTCOMES)):
        outcomes.setdefault(way, {})[outcome] = number
    rows = connection.execute(text("SELECT source, way, outcome, servers FROM funnel ORDER BY source, way, outcome"))
    return Tally(
        servers=servers,
        candidates=candidates or 0,
        listed=listed,
        tools=tools,
        labelled=labelled,
        labels=labels,
        effects=effects,
        outcomes=outcomes,
        funnel=tuple(Funnel(**row) for row in rows.mappings()),
    )


SERVERS = """SELECT
    (SELECT count(*) FROM server WHERE NOT candidate),
    (SELECT count(*) FROM server WHERE candidate),
    (SELECT count(DISTINCT server_id) FROM tool WHERE ended IS NULL)"""

TOOLS = f"""SELECT label.category, label.risk, label.effects_json, count(*)
FROM tool LEFT JOIN label ON label.definition_id = tool.definition_id AND label.current
WHERE {BEST_FOUNDED}
GROUP BY label.category, label.risk, label.effects_json
ORDER BY label.category, label.risk"""  # noqa: S608  # constants

OUTCOMES = f"""SELECT answer.way, answer.outcome, count(*) FROM {LAST_LISTINGS} AS answer
GROUP BY answer.way, answer.outcome ORDER BY answer.way, answer.outcome"""  # noqa: S608  # constants
