"""The shelf of launchers."""
