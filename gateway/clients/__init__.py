"""The shelf of MCP clients whose configurations are read."""
