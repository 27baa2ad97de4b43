// What every program here does as up expects it: listens, says where, is ready. `/die` ends it.
export function answer(): void {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: Number(process.env.PORT),
    fetch: ({ url }) =>
      new URL(url).pathname === "/die"
        ? process.exit(3)
        : Response.json({
            pid: process.pid,
            model: process.env.MODEL_URL ?? process.env.MODEL_DIR,
          }),
  });
  console.log(JSON.stringify({ event: "listening", url: `http://127.0.0.1:${server.port}` }));
}
