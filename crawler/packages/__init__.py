"""The shelf of package registries."""
