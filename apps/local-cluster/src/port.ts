import { createServer } from "node:net";
import { UpError } from "./errors.ts";

/** Resolves when the loopback port can be taken; 0 stands for any. Refuses with PORT_TAKEN. */
export async function checkPort(port: number): Promise<void> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (cause) => reject(describePort(port, cause)));
  server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
  await promise;
}

/** Why the port cannot be taken; `cause` is what the system said. */
export function describePort(port: number, cause: NodeJS.ErrnoException): UpError {
  const { code, message: said } = cause;
  const why = code === "EADDRINUSE" ? "another program has it" : said;
  const wish =
    code === "EADDRNOTAVAIL"
      ? "the loopback interface must have 127.0.0.1"
      : "choose another with --port";
  const message = `Cannot listen on port ${port}: ${why}; ${wish}`;
  return new UpError(message, { code: "PORT_TAKEN", cause });
}
