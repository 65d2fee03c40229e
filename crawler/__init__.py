"""Fills the index: sources, fetching, listing, extraction and identity."""
