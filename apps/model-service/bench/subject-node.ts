// The same service on Node: its app behind @hono/node-server in place of Bun.serve.
import { serve } from "@hono/node-server";
import { readConfig } from "../src/config.ts";
import { createService } from "../src/service.ts";

const { app } = await createService(readConfig(process.env));
serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});
process.on("SIGTERM", () => process.exit(0));
