// What the service would cost without a model, metrics or checks: JSON in, JSON out.
import { Hono } from "hono";

const app = new Hono().post("/predict", async (c) => {
  const { url } = await c.req.json();
  const phishing = String(url).length > 50;
  return c.json({
    prediction: phishing ? "Phishing" : "Legitimate",
    probability: 0.5,
    threshold: 0.9,
    confidence: "sure",
    model: { name: "none", version: "0.0.0" },
  });
});
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: app.fetch });
process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.port}` })}\n`);
process.on("SIGTERM", () => process.exit(0));
