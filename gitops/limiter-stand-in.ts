import { createServer, type Http2Server, type ServerHttp2Stream } from "node:http2";
import { type Entry, findRule, type LimiterConfig } from "./checks/limiter-config.ts";

// A limiter for the test with a real Envoy: speaks envoy.service.ratelimit.v3 over plain HTTP/2
// and counts by the rules of our config.yaml in one window that never ends.

const OK = 1;
const OVER_LIMIT = 2;
/** gRPC puts a flag and a length before each message. */
const FRAME_BYTES = 5;

/** The length-delimited fields of a protobuf message with this number. */
function* readFields(message: Uint8Array, wanted: number): Generator<Uint8Array> {
  let at = 0;
  const readVarint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at] ?? 0;
      at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = readVarint();
    const length = readVarint();
    // A plain number (hits_addend) is its own value; everything else here has a length.
    if ((tag & 7) === 0) continue;
    if (tag >> 3 === wanted) yield message.subarray(at, at + length);
    at += length;
  }
}

/** The descriptors of a RateLimitRequest. */
function readDescriptors(request: Uint8Array): Entry[][] {
  const text = (field: Uint8Array | undefined) => new TextDecoder().decode(field);
  return [...readFields(request, 2)].map((descriptor) =>
    [...readFields(descriptor, 1)].map((entry) => ({
      key: text([...readFields(entry, 1)][0]),
      value: text([...readFields(entry, 2)][0]),
    })),
  );
}

/** Counts descriptors as the limiter does, without adding where another of the request is over already. */
export function createCounter({
  descriptors,
}: LimiterConfig): (sent: readonly Entry[][]) => boolean {
  const counts = new Map<string, number>();
  return (sent) => {
    const limits = sent.flatMap((entries) => {
      const limit = findRule(descriptors, entries)?.rate_limit?.requests_per_unit;
      return limit === undefined ? [] : [{ id: JSON.stringify(entries), limit }];
    });
    const over = limits.filter(({ id, limit }) => (counts.get(id) ?? 0) + 1 > limit);
    for (const { id } of over.length > 0 ? over : limits) counts.set(id, (counts.get(id) ?? 0) + 1);
    return over.length > 0;
  };
}

/** Serves RateLimitService/ShouldRateLimit by `isOver`. */
export function serveLimiter(isOver: (sent: readonly Entry[][]) => boolean): Http2Server {
  const server = createServer();
  server.on("stream", (stream: ServerHttp2Stream) => {
    const chunks: Uint8Array[] = [];
    stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    stream.on("end", () => {
      const request = Buffer.concat(chunks).subarray(FRAME_BYTES);
      const code = isOver(readDescriptors(request)) ? OVER_LIMIT : OK;
      stream.respond(
        { ":status": 200, "content-type": "application/grpc" },
        { waitForTrailers: true },
      );
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      // RateLimitResponse { overall_code: code }
      stream.end(Buffer.from([0, 0, 0, 0, 2, 0x08, code]));
    });
  });
  return server;
}
