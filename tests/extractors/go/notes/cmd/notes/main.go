// Command notes serves a folder of notes.
package main

import (
	"fmt"
	"os"

	"github.com/mark3labs/mcp-go/server"
	"github.com/spf13/cobra"

	"example.com/notes/internal/tools"
)

var root = &cobra.Command{
	Use:   "notes FOLDER",
	Short: "Serve a folder of notes",
	RunE: func(command *cobra.Command, arguments []string) error {
		readOnly, err := command.Flags().GetBool("read-only")
		if err != nil {
			return err
		}
		return serve(arguments, readOnly)
	},
}

func init() {
	root.Flags().Bool("read-only", false, "leave the notes as they are")
}

func serve(folders []string, readOnly bool) error {
	s := server.NewMCPServer("notes", "1.0.0", server.WithToolCapabilities(false))
	for _, tool := range tools.Reading(folders) {
		s.AddTool(tool.Tool, tool.Handler)
	}
	if !readOnly {
		s.AddTools(tools.Writing()...)
	}
	if os.Getenv("NOTES_ADMIN") != "" {
		s.AddTools(tools.Wipe())
	}
	return server.ServeStdio(s)
}

func main() {
	if err := root.Execute(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
