"""Judges the index: taxonomy, rules, risk, rationale and findings."""
