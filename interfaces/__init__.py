"""Shows the index: flows, the command line."""
