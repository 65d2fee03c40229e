"""The index: records, tables, store, search and exports. The ground floor, which imports nothing of ours."""

__version__ = "0.1.0"
