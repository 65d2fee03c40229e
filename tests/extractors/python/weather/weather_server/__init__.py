"""Weather by name of place."""
