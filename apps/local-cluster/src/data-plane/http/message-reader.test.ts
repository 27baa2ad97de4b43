import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Framing } from "./framing.ts";
import { frameRequest, frameResponse } from "./framing.ts";
import { parseRequestHead, parseResponseHead } from "./head.ts";
import { HttpError } from "./http-error.ts";
import { MAX_HEAD_BYTES, MessageReader } from "./message-reader.ts";

interface Message {
  readonly line: string;
  readonly headers: readonly string[];
  body: string;
  done: boolean;
}

function list(headers: { forEach(visit: (name: string, value: string) => void): void }) {
  const lines: string[] = [];
  headers.forEach((name, value) => {
    lines.push(`${name}: ${value}`);
  });
  return lines;
}

/** Reads requests until the bytes end or are refused. */
function read(pieces: readonly Buffer[]): { messages: readonly Message[]; status?: number } {
  const messages: Message[] = [];
  const last = () => messages[messages.length - 1];
  const reader = new MessageReader({
    parse: parseRequestHead,
    refusal: 400,
    sink: {
      head(head): Framing {
        messages.push({
          line: `${head.method} ${head.target}`,
          headers: list(head.headers),
          body: "",
          done: false,
        });
        return frameRequest(head);
      },
      body(chunk) {
        const message = last();
        if (message !== undefined) message.body += chunk.toString("latin1");
      },
      end() {
        const message = last();
        if (message === undefined) return;
        message.done = true;
        reader.next();
      },
    },
  });
  try {
    for (const piece of pieces) reader.feed(piece);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return { messages, status: error.status };
  }
  return { messages };
}

const whole = (text: string) => read([Buffer.from(text, "latin1")]);
const HOST = "Host: a\r\n";

describe("MessageReader", () => {
  test.each<[string, string, [string, string]]>([
    ["no body", `GET / HTTP/1.1\r\n${HOST}\r\n`, ["GET /", ""]],
    ["a length", `POST /x HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nabc`, ["POST /x", "abc"]],
    [
      "chunks with an extension",
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n3;a="b"\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`,
      ["POST /", "abcde"],
    ],
    ["an empty line before", `\r\nGET / HTTP/1.1\r\n${HOST}\r\n`, ["GET /", ""]],
    [
      "a coding in capitals",
      `POST / HTTP/1.1\r\n${HOST}transfer-encoding: CHUNKED\r\n\r\n0\r\n\r\n`,
      ["POST /", ""],
    ],
  ])("reads a request with %s", (_, text, [line, body]) => {
    const { messages, status } = whole(text);
    expect(status).toBeUndefined();
    expect(messages.map((one) => [one.line, one.body, one.done])).toEqual([[line, body, true]]);
  });

  test("reads trailers away", () => {
    const { messages } = whole(
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 7\r\nY: 8\r\n\r\nGET /b HTTP/1.1\r\n${HOST}\r\n`,
    );
    expect(messages.map(({ line, body, done }) => [line, body, done])).toEqual([
      ["POST /", "a", true],
      ["GET /b", "", true],
    ]);
  });

  const CHUNKED = `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`;
  test.each([
    [
      400,
      "both lengths",
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      400,
      "two lengths",
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
    ],
    [
      400,
      "two equal lengths",
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`,
    ],
    [400, "a length with a sign", `POST / HTTP/1.1\r\n${HOST}Content-Length: +3\r\n\r\nabc`],
    [400, "a length that is negative", `POST / HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`],
    [400, "a length in hex", `POST / HTTP/1.1\r\n${HOST}Content-Length: 0x3\r\n\r\nabc`],
    [400, "an empty length", `POST / HTTP/1.1\r\n${HOST}Content-Length:\r\n\r\n`],
    [
      501,
      "another coding",
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      501,
      "a coding twice",
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
    ],
    [
      501,
      "a coding with a control character's look",
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\n\r\n`,
    ],
    [
      426,
      "a coding in HTTP/1.0",
      `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [400, "a chunk size with a sign", `${CHUNKED}+3\r\nabc\r\n0\r\n\r\n`],
    [400, "a chunk size in 0x", `${CHUNKED}0x3\r\nabc\r\n0\r\n\r\n`],
    [400, "an empty chunk size", `${CHUNKED}\r\nabc\r\n`],
    [400, "a chunk size too great", `${CHUNKED}fffffffffffffffff\r\n`],
    [400, "a chunk longer than its size", `${CHUNKED}2\r\nabc\r\n0\r\n\r\n`],
    [400, "a chunk line that ends in LF", `${CHUNKED}3\nabc\r\n0\r\n\r\n`],
    [400, "a chunk's data that ends in LF", `${CHUNKED}3\r\nabc\n0\r\n\r\n`],
    [400, "an extension with no end", `${CHUNKED}3;${"a".repeat(300)}`],
    [400, "a CR within an extension", `${CHUNKED}3;a\rb\r\nabc\r\n0\r\n\r\n`],
    [431, "trailers with no end", `${CHUNKED}0\r\n${"x: y\r\n".repeat(2000)}`],
    [400, "a trailer without a name", `${CHUNKED}0\r\n: y\r\n\r\n`],
    [400, "a folded line", `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`],
    [400, "a folded first line", `GET / HTTP/1.1\r\n X: a\r\n\r\n`],
    [400, "LF alone", `GET / HTTP/1.1\nHost: a\n\n`],
    [400, "LF alone between headers", `GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n`],
    [400, "CR alone in a value", `GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n`],
    [400, "NUL in a value", `GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n`],
    [400, "a space before the colon", `GET / HTTP/1.1\r\nHost : a\r\n\r\n`],
    [400, "a header without a colon", `GET / HTTP/1.1\r\nHost a\r\n\r\n`],
    [400, "an empty name", `GET / HTTP/1.1\r\n: a\r\n\r\n`],
    [400, "a space in the target", `GET /a b HTTP/1.1\r\n${HOST}\r\n`],
    [400, "two spaces", `GET  / HTTP/1.1\r\n${HOST}\r\n`],
    [426, "no version", `GET /\r\n${HOST}\r\n`],
    [426, "another version", `GET / HTTP/2.0\r\n${HOST}\r\n`],
    [400, "a method that is no token", `G(T / HTTP/1.1\r\n${HOST}\r\n`],
    [400, "bytes of TLS", "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"],
    [431, "more than 100 headers", `GET / HTTP/1.1\r\n${"x: y\r\n".repeat(101)}\r\n`],
    [431, "a head over 60 KiB", `GET / HTTP/1.1\r\nX: ${"a".repeat(MAX_HEAD_BYTES)}\r\n\r\n`],
    [431, "a path over 60 KiB, without an end", `GET /${"a".repeat(MAX_HEAD_BYTES)}`],
  ])("answers %d to %s", (status, _, text) => {
    expect(whole(text).status).toBe(status);
    // However it comes: byte by byte as well.
    if (text.length < 1000)
      expect(read(Array.from(text, (one) => Buffer.from(one, "latin1"))).status).toBe(status);
  });
});

const token = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,10}$/)
  .filter((name) => !/^(content-length|transfer-encoding)$/.test(name));
const value = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,20}[\x21-\x7e])?$/);
const body = fc
  .uint8Array({ maxLength: 200 })
  .map((bytes) => Buffer.from(bytes).toString("latin1"));
const message = fc.record({
  path: fc.stringMatching(/^\/[a-z0-9/?=&%.-]{0,30}$/),
  headers: fc.array(fc.tuple(token, value), { maxLength: 8 }),
  chunks: fc.array(
    body.filter((one) => one !== ""),
    { maxLength: 5 },
  ),
  chunked: fc.boolean(),
});

function render({
  path,
  headers,
  chunks,
  chunked,
}: typeof message extends fc.Arbitrary<infer M> ? M : never) {
  const lines = headers.map(([name, text]) => `${name}: ${text}\r\n`).join("");
  const sizes = chunks.map((one) => `${one.length.toString(16)}\r\n${one}\r\n`).join("");
  return chunked
    ? `POST ${path} HTTP/1.1\r\n${lines}transfer-encoding: chunked\r\n\r\n${sizes}0\r\n\r\n`
    : `POST ${path} HTTP/1.1\r\n${lines}content-length: ${chunks.join("").length}\r\n\r\n${chunks.join("")}`;
}

/** Cuts at places given as shares of the length. */
function cut(text: string, shares: readonly number[]): readonly Buffer[] {
  const places = shares.map((share) => Math.floor(share * text.length)).toSorted((a, b) => a - b);
  const ends = [...places, text.length];
  return ends.map((end, index) =>
    Buffer.from(text.slice(index === 0 ? 0 : ends[index - 1], end), "latin1"),
  );
}

const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });

describe("MessageReader, any bytes", () => {
  test("reads pipelined messages the same however they are cut", () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 4 }), shares, (sent, places) => {
        const { messages, status } = read(cut(sent.map(render).join(""), places));
        expect(status).toBeUndefined();
        expect(messages.map(({ line, body: text, done }) => ({ line, text, done }))).toEqual(
          sent.map(({ path, chunks }) => ({
            line: `POST ${path}`,
            text: chunks.join(""),
            done: true,
          })),
        );
      }),
      { numRuns: 500 },
    );
  }, 120_000);

  test("takes one byte changed, removed or doubled without any other error, and no more messages than were sent", () => {
    const change = fc.record({
      at: fc.nat(),
      kind: fc.constantFrom("set", "remove", "double"),
      byte: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(
        message,
        fc.array(change, { minLength: 1, maxLength: 3 }),
        shares,
        (sent, changes, places) => {
          let text = render({
            ...sent,
            chunks: sent.chunks.map((one) => one.replace(/[^a-z]/g, "x")),
          });
          for (const { at, kind, byte } of changes) {
            const place = at % text.length;
            const old = text[place] ?? "";
            const put =
              kind === "set" ? String.fromCharCode(byte) : kind === "remove" ? "" : old + old;
            text = text.slice(0, place) + put + text.slice(place + 1);
          }
          const cutUp = read(cut(text, places));
          const atOnce = whole(text);
          expect(cutUp.status).toBe(atOnce.status);
          expect(cutUp.messages.map(({ line, body: one }) => [line, one])).toEqual(
            atOnce.messages.map(({ line, body: one }) => [line, one]),
          );
        },
      ),
      { numRuns: 1000 },
    );
  }, 120_000);

  test("a head sent byte by byte is read in time that grows with its length", () => {
    const text = `GET / HTTP/1.1\r\nX: ${"a".repeat(MAX_HEAD_BYTES - 100)}\r\n\r\n`;
    const { messages } = read(Array.from(text, (one) => Buffer.from(one, "latin1")));
    expect(messages[0]?.headers[0]?.length).toBe(MAX_HEAD_BYTES - 97);
  }, 120_000);
});

describe("frameResponse()", () => {
  const head = (text: string) => parseResponseHead(text);
  test.each([
    ["GET", "HTTP/1.1 200 OK\r\nContent-Length: 5", { kind: "fixed", length: 5 }],
    ["HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5", { kind: "none" }],
    ["GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5", { kind: "none" }],
    ["GET", "HTTP/1.1 204 No Content", { kind: "none" }],
    ["GET", "HTTP/1.1 200", { kind: "until-close" }],
    ["GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", { kind: "chunked" }],
  ])("%s %s", (method, text, expected) => {
    expect<unknown>(frameResponse(head(text), method)).toEqual(expected);
  });

  test.each([
    ["both lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6"],
    ["no status", "HTTP/1.1 OK"],
    ["another protocol", "SSH-2.0-OpenSSH_9.2"],
    ["another version", "HTTP/2.0 200 OK"],
  ])("refuses %s", (_, text) => {
    expect(() => frameResponse(head(text), "GET")).toThrow(HttpError);
  });
});
