// A page of 1 KiB from Bun.serve: what stands behind both proxies.
const page = `<!doctype html><title>page</title><p>${"a".repeat(980)}</p>`;
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: () => new Response(page, { headers: { "content-type": "text/html" } }),
});
console.log(JSON.stringify({ url: `http://127.0.0.1:${server.port}` }));
