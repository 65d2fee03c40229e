#!/usr/bin/env node
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { program } from "commander";
import { tools, type NoteTool } from "./tools/index.js";

interface Options {
  readOnly: boolean;
  toolsets?: string;
}

export function createServer(options: Options): McpServer {
  const server = new McpServer({ name: "notes", version: "1.0.0" });
  const wanted = options.toolsets?.split(",");
  const chosen = tools.filter((tool) => !wanted || wanted.includes(tool.toolset));
  for (const tool of chosen as NoteTool[]) {
    if (options.readOnly && !tool.annotations.readOnlyHint) continue;
    server.registerTool(tool.name, { ...tool }, tool.run);
  }
  if (process.env.NOTES_ADMIN === "1") {
    server.registerTool("notes_purge", { description: "Delete every note.", annotations: { destructiveHint: true } }, purge);
  }
  server.registerPrompt("summarise", { description: "Summarise a note." }, async () => ({ messages: [] }));
  return server;
}

async function purge() {
  return { content: [] };
}

program
  .name("notes")
  .option("--read-only", "register no tool that writes", false)
  .option("--toolsets <names>", "only these, separated by commas")
  .action(async (options: Options) => {
    if (!process.env.NOTES_TOKEN) {
      console.error("NOTES_TOKEN is not set");
      process.exit(1);
    }
    await createServer(options).connect(new StdioServerTransport());
  });

await program.parseAsync();
