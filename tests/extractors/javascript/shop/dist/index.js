import { FastMCP } from "fastmcp";
import { extraTools } from "@shop/extra-tools";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const server = new FastMCP({ name: "shop", version: "1.0.0" });
const folder = join(dirname(fileURLToPath(import.meta.url)), "tools");

for (const file of readdirSync(folder).filter((name) => name.endsWith(".js"))) {
  const { default: tool } = await import(join(folder, file));
  server.addTool(new tool().definition());
}
for (const tool of extraTools) server.addTool(tool);

server.start({ transportType: "stdio" });
