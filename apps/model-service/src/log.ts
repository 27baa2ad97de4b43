const LEVELS = { debug: 0, info: 1, warn: 2, error: 3 } as const;
export type LogLevel = keyof typeof LEVELS;

export interface Log {
  /**
   * Writes one line: time, level, event, and the fields as they are; a text is the members of a JSON
   * object, written already. Fields must not hold a URL.
   */
  write(level: LogLevel, event: string, fields?: object | string): void;
  /** Hands on what is still held back. */
  flush(): void;
}

interface LogOptions {
  readonly level: LogLevel;
  /** Takes finished lines; false says that its reader is too slow and they were not taken. */
  readonly sink: (text: string) => boolean;
}

/** How long lines are held back, to be written together. */
const HOLD_MS = 10;
/** Half of what a pipe holds: what a reader must first make room for is copied again and again. */
const MOST_HELD = 32_768;

/**
 * A log of JSON lines. What comes within ten milliseconds is written together, because one system
 * call a request is a tenth of what a request costs. Lines that the sink does not take are counted and
 * told as soon as it takes lines again: a stalled reader must not fill our memory.
 */
export function createLog({ level, sink }: LogOptions): Log {
  const least = LEVELS[level];
  let waiting = "";
  let count = 0;
  let dropped = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (count === 0) {
      return;
    }
    const taken = sink(
      dropped > 0 ? waiting + render("warn", "log-dropped", { dropped }) : waiting,
    );
    dropped = taken ? 0 : dropped + count;
    waiting = "";
    count = 0;
  }

  return {
    write(at, event, fields) {
      if (LEVELS[at] < least) {
        return;
      }
      waiting += render(at, event, fields);
      count++;
      if (waiting.length >= MOST_HELD) {
        flush();
      } else {
        timer ??= setTimeout(flush, HOLD_MS);
      }
    },
    flush,
  };
}

let lastMs = 0;
let lastTime = "";

/** The time of now; lines of one millisecond share its text. */
function readTime(): string {
  const now = Date.now();
  if (now !== lastMs) {
    lastMs = now;
    lastTime = new Date(now).toISOString();
  }
  return lastTime;
}

let lastLevel = "";
let lastEvent = "";
let lastHead = "";

/** The members that each line begins with; those of one millisecond and event share their text. */
function readHead(level: LogLevel, event: string): string {
  const before = lastTime;
  if (readTime() !== before || event !== lastEvent || level !== lastLevel) {
    lastLevel = level;
    lastEvent = event;
    lastHead = `{"time":"${lastTime}","level":"${level}","event":"${event}"`;
  }
  return lastHead;
}

/** The head is put together by hand: spreading the fields behind it costs as much as all the rest. */
function render(level: LogLevel, event: string, fields?: object | string): string {
  const head = readHead(level, event);
  if (typeof fields === "string") {
    return `${head},${fields}}\n`;
  }
  const rest = fields === undefined ? "{}" : JSON.stringify(fields);
  return rest === "{}" ? `${head}}\n` : `${head},${rest.slice(1)}\n`;
}
