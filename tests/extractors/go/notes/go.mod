module example.com/notes

go 1.24

require (
	github.com/mark3labs/mcp-go v0.43.0
	github.com/spf13/cobra v1.9.1
)
