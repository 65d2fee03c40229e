"""The shelf of static extractors."""
