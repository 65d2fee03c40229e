const PREFIX = "notes_";

export enum NoteName {
  Search = "search",
  Create = "create",
  Remove = "remove",
}

export interface NoteTool {
  name: string;
  toolset: string;
  writes?: boolean;
  description: string;
  inputSchema: object;
}

export function defineTool({ writes = false, ...tool }: NoteTool) {
  return {
    ...tool,
    name: `${PREFIX}${tool.name}`,
    annotations: { readOnlyHint: !writes },
    run: async () => ({ content: [] }),
  };
}
