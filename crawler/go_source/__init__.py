"""An evaluator for Go programs that serve tools: constants, functions, structs, and the calls of the MCP SDKs."""
