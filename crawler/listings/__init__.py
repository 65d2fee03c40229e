"""The shelf of ways to get a tool list."""
