// Package forecast holds the tools that look ahead.
package forecast

import (
	"context"

	"github.com/modelcontextprotocol/go-sdk/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Options say what is offered.
type Options struct{ Alerts bool }

// Service answers calls.
type Service struct {
	options Options
	named   map[string]string
}

type page struct {
	Page int `json:"page,omitempty"`
}

type input struct {
	page
	City string   `json:"city" jsonschema:"the city"`
	Days *int     `json:"days,omitempty"`
	Show []string `json:"show,omitempty"`
}

// New makes a service.
func New(options Options) *Service {
	return &Service{options: options, named: map[string]string{"hourly": "by the hour", "daily": "by the day"}}
}

// Register gives the tools to a server.
func (service *Service) Register(server *mcp.Server) {
	for name, words := range service.named {
		mcp.AddTool(server, &mcp.Tool{Name: "forecast_" + name, Description: "The weather " + words + "."}, service.look)
	}
	if !service.options.Alerts {
		return
	}
	server.AddTool(&mcp.Tool{
		Name: "alerts",
		InputSchema: &jsonschema.Schema{
			Type:       "object",
			Properties: map[string]*jsonschema.Schema{"level": {Type: "string", Enum: []any{"storm", "flood"}}},
			Required:   []string{"level"},
		},
	}, nil)
}

func (service *Service) look(_ context.Context, _ *mcp.CallToolRequest, in input) (*mcp.CallToolResult, any, error) {
	return nil, in, nil
}
