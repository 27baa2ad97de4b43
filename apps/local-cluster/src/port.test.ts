import { expect, test } from "bun:test";
import { describePort } from "./port.ts";

test.each([
  ["EADDRINUSE", "another program has it; choose another with --port"],
  ["EACCES", "the system said no; choose another with --port"],
  ["EADDRNOTAVAIL", "the system said no; the loopback interface must have 127.0.0.1"],
])("describePort() says what helps against %s", (code, words) => {
  const { message } = describePort(80, Object.assign(new Error("the system said no"), { code }));
  expect(message).toBe(`Cannot listen on port 80: ${words}`);
});
