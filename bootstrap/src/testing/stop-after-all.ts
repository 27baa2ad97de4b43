import { afterAll } from "bun:test";

interface Part {
  stop(): unknown;
}

/** Gives what notes each part that a test starts; after the tests all are stopped, the last first. */
export function stopAfterAll(): <T extends Part>(part: T) => T {
  const started: Part[] = [];
  afterAll(async () => {
    for (const part of started.reverse()) await part.stop();
  }, 60_000);
  return (part) => {
    started.push(part);
    return part;
  };
}
