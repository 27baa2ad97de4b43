// A program that does what its environment and its callers tell it, as a pod of the tests.
if (process.env["CRASH"] !== undefined) {
  console.error(process.env["CRASH"]);
  process.exit(1);
}
if (process.env["SILENT"] !== undefined) await new Promise(() => setInterval(() => {}, 1000));
const answers = { ready: process.env["UNREADY"] === undefined, live: true };
process.on("SIGTERM", () => {
  if (process.env["STUBBORN"] === undefined) process.exit(0);
});
const server = Bun.serve({
  hostname: process.env["HOST"],
  port: Number(process.env["PORT"]),
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/die") process.exit(3);
    if (pathname === "/readyz") return new Response(null, { status: answers.ready ? 200 : 503 });
    if (pathname === "/healthz") return new Response(null, { status: answers.live ? 200 : 500 });
    if (pathname === "/set") {
      Object.assign(answers, { [searchParams.get("what") ?? ""]: searchParams.get("to") === "yes" });
      return new Response("set");
    }
    if (pathname === "/file") return new Response(await Bun.file(`${searchParams.get("path")}`).text());
    if (pathname === "/slow") {
      await Bun.sleep(Number(searchParams.get("ms")));
      return new Response("slow");
    }
    return Response.json(process.env);
  },
});
const metrics = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("metrics") });
console.log(JSON.stringify({ event: "listening", url: server.url.origin, metrics: metrics.url.origin }));
