"""The shelf of commands."""
