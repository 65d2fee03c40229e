"""Judges the index: taxonomy, rules, risk, rationale and findings."""

VERSION = "3"
"""The version of the classifier's code; raised when the same rules would label differently."""
