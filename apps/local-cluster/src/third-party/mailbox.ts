// A mailbox that stands in for Mailpit: takes mail on the loopback interface and keeps its subjects.
import type { Socket } from "bun";

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
      this.#take(this.#subject === "" ? "(no subject)" : this.#subject);
      return ["250 taken"];
    }
    if (line === "") this.#inHeader = false;
    const [, subject] = /^subject:\s*(.*)$/i.exec(line) ?? [];
    if (this.#inHeader && subject !== undefined) this.#subject = subject.slice(0, MAX_SUBJECT);
    return [];
  }

  #obey(line: string): readonly string[] {
    if (this.isOver) return [];
    switch (line.slice(0, 4).toUpperCase()) {
      case "QUIT":
        return this.#close("221 bye");
      case "DATA":
        this.#inData = true;
        this.#inHeader = true;
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
