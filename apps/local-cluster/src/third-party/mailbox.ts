// A mailbox that stands in for Mailpit: takes mail on the loopback interface and keeps its subjects.
import type { Socket } from "bun";
import { decodeWords } from "./decode-words.ts";

/** What came. */
export interface MailboxState {
  readonly count: number;
  readonly newest: string | undefined;
}

export interface Mailbox {
  readonly port: number;
  readonly state: () => MailboxState;
  readonly stop: () => void;
}

/** A line of a mail that is longer is not one (RFC 5321, 4.5.3.1.6: 1,000 octets). */
const MAX_LINE = 64 * 1024;
const MAX_SUBJECT = 200;
/** Of a subject as it is sent: 200 characters that are all encoded take less. */
const MAX_HEADER = 4_096;

/** Takes what any SMTP client sends (RFC 5321, the least that a server must know); sends nothing on. */
export function openMailbox(): Mailbox {
  let count = 0;
  let newest: string | undefined;
  const take = (subject: string) => {
    count += 1;
    newest = subject;
  };
  const sessions = new WeakMap<Socket<undefined>, Session>();
  const listener = Bun.listen<undefined>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: (socket) => {
        sessions.set(socket, new Session(take));
        socket.write("220 hookline mailbox\r\n");
      },
      data: (socket, bytes) => {
        const session = sessions.get(socket);
        const answers = session?.feed(bytes.toString("latin1")) ?? [];
        if (answers.length > 0) socket.write(answers.map((one) => `${one}\r\n`).join(""));
        if (session?.isOver) socket.end();
      },
      error: () => {},
    },
  });
  return {
    port: listener.port,
    state: () => ({ count, newest }),
    stop: () => listener.stop(true),
  };
}

class Session {
  isOver = false;
  readonly #take: (subject: string) => void;
  #rest = "";
  #inData = false;
  #inHeader = false;
  #inSubject = false;
  #subject = "";

  constructor(take: (subject: string) => void) {
    this.#take = take;
  }

  feed(text: string): readonly string[] {
    const lines = (this.#rest + text).split("\r\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > MAX_LINE) return this.#close("500 line too long");
    return lines.flatMap((line) => (this.#inData ? this.#takeLine(line) : this.#obey(line)));
  }

  #takeLine(line: string): readonly string[] {
    if (line === ".") {
      this.#inData = false;
      this.#take(readSubject(this.#subject) || "(no subject)");
      return ["250 taken"];
    }
    if (line === "") this.#inHeader = false;
    if (this.#inHeader) this.#takeHeader(line);
    return [];
  }

  /** A header goes on in the next line where that begins with a space. */
  #takeHeader(line: string): void {
    if (!/^[ \t]/.test(line)) {
      const [, subject] = /^subject:(.*)$/is.exec(line) ?? [];
      this.#inSubject = subject !== undefined;
      if (subject !== undefined) this.#subject = subject.slice(0, MAX_HEADER);
    } else if (this.#inSubject) {
      this.#subject = (this.#subject + line).slice(0, MAX_HEADER);
    }
  }

  #obey(line: string): readonly string[] {
    if (this.isOver) return [];
    switch (line.slice(0, 4).toUpperCase()) {
      case "QUIT":
        return this.#close("221 bye");
      case "DATA":
        this.#inData = true;
        this.#inHeader = true;
        this.#inSubject = false;
        this.#subject = "";
        return ["354 end with a dot"];
      case "EHLO":
      case "HELO":
      case "MAIL":
      case "NOOP":
      case "RCPT":
      case "RSET":
        return ["250 ok"];
      default:
        return ["502 not known"];
    }
  }

  #close(answer: string): readonly string[] {
    this.isOver = true;
    return [answer];
  }
}

/** Bytes as text; they may be UTF-8 as it is (RFC 6532). */
function readSubject(bytes: string): string {
  const text = decodeWords(Buffer.from(bytes, "latin1").toString("utf8")).trim();
  return [...text].slice(0, MAX_SUBJECT).join("");
}
