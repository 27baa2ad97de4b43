import { writeOut } from "./write-out.ts";

let dropped = 0;

/**
 * Writes one line of JSON to standard output, with the time before its fields. Lines that its reader is too slow for
 * are counted, and told with the next that is taken.
 */
export function logLine(fields: Readonly<Record<string, unknown>>): void {
  const line = render(fields);
  const taken = writeOut(dropped === 0 ? line : render({ event: "log-dropped", dropped }) + line);
  dropped = taken ? 0 : dropped + 1;
}

function render(fields: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ time: new Date().toISOString(), ...fields })}\n`;
}
