import { createServer } from "../src/main.js";

createServer({ readOnly: false }).registerTool("only_in_a_test", {}, async () => ({ content: [] }));
