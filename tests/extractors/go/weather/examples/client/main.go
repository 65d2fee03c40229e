// Command client shows how a server of one's own is made.
package main

import "github.com/modelcontextprotocol/go-sdk/mcp"

func main() {
	server := mcp.NewServer(nil, nil)
	mcp.AddTool(server, &mcp.Tool{Name: "only_in_an_example"}, nil)
}
