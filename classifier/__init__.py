"""Judges the index: taxonomy, rules, risk, rationale and findings."""

VERSION = "2"
"""The version of the classifier's code; raised when the same rules would label differently."""
