import { createServer } from "node:net";
import { UpError } from "./errors.ts";

/** Resolves when the loopback port can be taken; 0 stands for any. Refuses with PORT_TAKEN. */
export async function checkPort(port: number): Promise<void> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (cause: NodeJS.ErrnoException) => reject(describe(port, cause)));
  server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
  await promise;
}

function describe(port: number, cause: NodeJS.ErrnoException): UpError {
  const why = cause.code === "EADDRINUSE" ? "another program has it" : cause.message;
  const message = `Cannot listen on port ${port}: ${why}; choose another with --port`;
  return new UpError(message, { code: "PORT_TAKEN", cause });
}
