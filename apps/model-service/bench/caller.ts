// A caller that keeps its connections, one request at a time on each, and counts what was not answered.
import { connect } from "node:net";
import { buildUrls } from "./urls.ts";

/** What became of the requests of a caller. */
export interface Outcome {
  answered: number;
  /** Not 200. */
  refused: number;
  /** Sent on a connection that had answered before, and closed without an answer. */
  lost: number;
}

const REQUESTS = buildUrls(200).map((url) => {
  const body = JSON.stringify({ url });
  return `POST /predict HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
});

/**
 * Asks over and over on some connections until the server closes each, as a proxy does that leaves
 * a connection alone once an answer said `connection: close`.
 */
export async function callUntilClosed(url: string, connections: number): Promise<Outcome> {
  const outcome = { answered: 0, refused: 0, lost: 0 };
  await Promise.all(Array.from({ length: connections }, (_, i) => callOne(url, i, outcome)));
  return outcome;
}

function callOne(url: string, seed: number, outcome: Outcome): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let text = "";
    let waiting = false;
    let next = seed;
    const socket = connect(Number(port), hostname);
    const ask = () => {
      waiting = true;
      socket.write(REQUESTS[next++ % REQUESTS.length] ?? "");
    };
    socket.on("connect", ask);
    socket.on("data", (data) => {
      text += data.toString("latin1");
      const head = text.indexOf("\r\n\r\n");
      const length = /content-length: (\d+)/i.exec(text)?.[1];
      if (head < 0 || text.length < head + 4 + Number(length)) {
        return;
      }
      waiting = false;
      outcome.answered++;
      outcome.refused += text.startsWith("HTTP/1.1 200") ? 0 : 1;
      const last = /connection: close/i.test(text.slice(0, head));
      text = "";
      if (last) {
        socket.end();
      } else {
        ask();
      }
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      outcome.lost += waiting ? 1 : 0;
      resolve();
    });
  });
}
