// Command weather serves forecasts.
package main

import (
	"context"
	"flag"
	"log"
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"example.com/weather/internal/forecast"
)

func main() {
	address := flag.String("http", "", "serve here instead of on standard input")
	alerts := flag.Bool("alerts", false, "offer alerts as well")
	flag.Parse()

	server := mcp.NewServer(&mcp.Implementation{Name: "weather", Version: "1.0.0"}, nil)
	forecast.New(forecast.Options{Alerts: *alerts}).Register(server)
	mcp.AddTool(server, &mcp.Tool{
		Name:        "stations",
		Title:       "Stations",
		Description: "Lists the stations near a place.",
		Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true, OpenWorldHint: pointer(false)},
	}, stations)

	if *address != "" {
		log.Fatal(http.ListenAndServe(*address, mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server {
			return server
		}, nil)))
	}
	if err := server.Run(context.Background(), &mcp.StdioTransport{}); err != nil {
		log.Fatal(err)
	}
}

type near struct {
	Place    string  `json:"place" jsonschema:"where, by name"`
	Distance float64 `json:"distance,omitempty" jsonschema:"how far away, in kilometres"`
}

func stations(_ context.Context, _ *mcp.CallToolRequest, in near) (*mcp.CallToolResult, any, error) {
	return nil, in, nil
}

func pointer[T any](value T) *T { return &value }
