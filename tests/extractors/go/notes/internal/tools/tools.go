// Package tools holds what the server offers.
package tools

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

//go:embed save.md
var saving string

// Reading returns the tools that change nothing.
func Reading(folders []string) []server.ServerTool {
	found := []server.ServerTool{list()}
	for _, kind := range []string{"Title", "Body"} {
		found = append(found, search(kind))
	}
	return found
}

// Writing returns the tools that change notes.
func Writing() []server.ServerTool {
	tool := mcp.NewToolWithRawSchema(nameSave, strings.TrimSpace(saving), []byte(`{
		"type": "object",
		"properties": {"title": {"type": "string"}, "body": {"type": "string"}},
		"required": ["title", "body"]
	}`))
	return []server.ServerTool{{Tool: tool, Handler: answer}}
}

// Wipe returns the tool that deletes everything.
func Wipe() server.ServerTool {
	tool := mcp.NewTool(nameWipe,
		mcp.WithDescription(fmt.Sprintf(describe, "Deletes all")),
		mcp.WithToolAnnotation(mcp.ToolAnnotation{Title: "Wipe", DestructiveHint: mcp.ToBoolPtr(true)}),
	)
	return server.ServerTool{Tool: tool, Handler: answer}
}

func list() server.ServerTool {
	return server.ServerTool{
		Tool: mcp.NewTool(nameList,
			mcp.WithDescription(fmt.Sprintf(describe, "Lists")),
			mcp.WithReadOnlyHintAnnotation(true),
			mcp.WithString("order", mcp.Enum("newest", "oldest"), mcp.DefaultString("newest")),
			limited(),
		),
		Handler: answer,
	}
}

func search(kind string) server.ServerTool {
	return server.ServerTool{
		Tool: mcp.NewTool(prefix+"search_"+strings.ToLower(kind),
			mcp.WithDescription(fmt.Sprintf(describe, "Searches the "+strings.ToLower(kind)+" of")),
			mcp.WithString("words", mcp.Required(), mcp.Description("What to look for")),
			mcp.WithArray("tags", mcp.WithStringItems()),
			limited(),
		),
		Handler: answer,
	}
}

func limited() mcp.ToolOption {
	return func(tool *mcp.Tool) {
		mcp.WithNumber("limit", mcp.Description("How many at most"), mcp.Min(1), mcp.Max(100))(tool)
	}
}

func answer(_ context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	return mcp.NewToolResultText("done"), nil
}
