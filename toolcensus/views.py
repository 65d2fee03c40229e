"""The views of the index, for people and programs with nothing but SQL; their columns stay.

`catalogue` has one row a server and tool, from the best-founded way that shows it now; what is not labelled yet has
nulls. `servers` holds what is known to serve tools, `candidates` what may. `effects`, `bounds`, `evidence`, `findings`,
`policy`, `packages`, `remotes` and `sources` are JSON text. `funnel` counts each source's servers by the last answer
of each way; a null way means that nothing was tried yet.
"""

import sqlalchemy

BEST_FOUNDED = """tool.ended IS NULL AND NOT EXISTS (
    SELECT 1 FROM tool AS better
    WHERE better.server_id = tool.server_id AND better.name = tool.name
      AND better.foundation < tool.foundation AND better.ended IS NULL)"""
"""The condition on a row of `tool` that puts it into the catalogue."""

CATALOGUE_TABLES = """tool
JOIN server ON server.id = tool.server_id
JOIN definition ON definition.id = tool.definition_id
LEFT JOIN label ON label.definition_id = tool.definition_id AND label.current
LEFT JOIN finding ON finding.server_id = tool.server_id AND finding.definition_id = tool.definition_id
LEFT JOIN policy ON policy.server_id = tool.server_id AND policy.definition_id = tool.definition_id"""

CATALOGUE_COLUMNS = """server.key AS server, tool.name AS tool, definition.title, definition.description,
label.category, label.risk, label.effects_json AS effects, label.bounds_json AS bounds, label.confidence,
label.rationale, label.evidence_json AS evidence, finding.findings_json AS findings, policy.policy_json AS policy,
tool.way, tool.first_seen, tool.last_seen"""

LAST_LISTINGS = """(SELECT server_id, way, outcome, reason FROM listing WHERE id = (
    SELECT max(newer.id) FROM listing AS newer
    WHERE newer.server_id = listing.server_id AND newer.way = listing.way))"""

SOURCES = {
    "sqlite": "(SELECT json_group_array(source) FROM (SELECT DISTINCT source FROM sighting"
    " WHERE sighting.server_id = server.id ORDER BY source))",
    "postgresql": "(SELECT coalesce(json_agg(DISTINCT source ORDER BY source), '[]')::text FROM sighting"
    " WHERE sighting.server_id = server.id)",
}

SERVERS = """SELECT server.key, server.slug, server.name, server.title, server.description, server.repository,
    server.packages_json AS packages, server.remotes_json AS remotes, {sources} AS sources,
    (SELECT count(DISTINCT tool.name) FROM tool
     WHERE tool.server_id = server.id AND tool.ended IS NULL) AS tools,
    (SELECT label.risk FROM tool JOIN label ON label.definition_id = tool.definition_id AND label.current
     WHERE tool.server_id = server.id AND {best_founded} ORDER BY label.severity DESC LIMIT 1) AS highest_risk,
    (SELECT tool.way FROM tool
     WHERE tool.server_id = server.id AND tool.ended IS NULL ORDER BY tool.foundation LIMIT 1) AS way,
    coalesce((SELECT min(sighting.first_seen) FROM sighting WHERE sighting.server_id = server.id),
             (SELECT min(listing.at) FROM listing WHERE listing.server_id = server.id)) AS first_seen,
    coalesce((SELECT max(sighting.seen) FROM sighting WHERE sighting.server_id = server.id),
             (SELECT max(listing.at) FROM listing WHERE listing.server_id = server.id)) AS last_seen,
    server.retired
FROM server WHERE {candidate}"""

VIEWS = {
    "catalogue": f"SELECT {CATALOGUE_COLUMNS} FROM {CATALOGUE_TABLES} WHERE {BEST_FOUNDED}",  # noqa: S608  # constants
    "servers": SERVERS.replace("{candidate}", "NOT server.candidate"),
    "candidates": SERVERS.replace("{candidate}", "server.candidate"),
    "sightings": """SELECT sighting.source, sighting.source_id, server.key AS server, sighting.evidence, sighting.seen
FROM sighting LEFT JOIN server ON server.id = sighting.server_id""",
    "aliases": "SELECT alias.alias, server.key AS server FROM alias JOIN server ON server.id = alias.server_id",
    "funnel": f"""SELECT sighting.source, answer.way, answer.outcome, count(DISTINCT sighting.server_id) AS servers
FROM sighting LEFT JOIN {LAST_LISTINGS} AS answer ON answer.server_id = sighting.server_id
WHERE sighting.server_id IS NOT NULL
GROUP BY sighting.source, answer.way, answer.outcome""",  # noqa: S608  # constants
    "failures": "SELECT source, url, reason, attempts, first, last FROM failure",
    "changes": """SELECT change.at, server.key AS server, change.tool, change.way, change.kind, change.before,
    change.after, coalesce(change.risk_before, label_before.risk) AS risk_before,
    coalesce(change.risk_after, label_after.risk) AS risk_after
FROM change JOIN server ON server.id = change.server_id
LEFT JOIN definition AS definition_before ON definition_before.digest = change.before
LEFT JOIN label AS label_before ON label_before.definition_id = definition_before.id AND label_before.current
LEFT JOIN definition AS definition_after ON definition_after.digest = change.after
LEFT JOIN label AS label_after ON label_after.definition_id = definition_after.id AND label_after.current""",
}  # fmt: skip


def drop(connection: sqlalchemy.Connection) -> None:
    """Drop every view, since SQLite changes no table that a view reads; they hold no data."""
    for name in VIEWS:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")


def create(connection: sqlalchemy.Connection) -> None:
    """Make every view as this program has it."""
    sources = SOURCES["sqlite" if connection.dialect.name == "sqlite" else "postgresql"]
    for name, select in VIEWS.items():
        statement = select.replace("{sources}", sources).replace("{best_founded}", BEST_FOUNDED)
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {statement}")
