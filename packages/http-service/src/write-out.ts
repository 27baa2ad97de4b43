/** What may wait for a reader of standard output, in characters. */
const MOST_WAITING = 8 * 1024 * 1024;

let waiting = 0;

/**
 * Hands a text to standard output; false: it was not taken, because too much waits for the reader. A reader that
 * stalls must not fill our memory. Counted here, for Bun says of standard output that nothing ever waits.
 */
export function writeOut(text: string): boolean {
  if (waiting > MOST_WAITING) {
    return false;
  }
  waiting += text.length;
  process.stdout.write(text, () => {
    waiting -= text.length;
  });
  return true;
}
