import { z } from "zod";
import { NoteName, defineTool } from "./define.js";

export type { NoteTool } from "./define.js";

const id = z.string().uuid().describe("The note's id");

export const search = defineTool({
  name: NoteName.Search,
  toolset: "read",
  description: "Search the notes.",
  inputSchema: { query: z.string().min(1), limit: z.number().int().max(50).default(10) },
});

export const create = defineTool({
  name: NoteName.Create,
  toolset: "write",
  writes: true,
  description: `Write a note, at most ${4 * 1024} characters.`,
  inputSchema: { text: z.string().max(4 * 1024), tags: z.array(z.string()).optional() },
});

export const remove = defineTool({
  name: NoteName.Remove,
  toolset: "write",
  writes: true,
  description: "Delete a note.",
  inputSchema: { id },
});

export const tools = [search, create, remove] as const;
