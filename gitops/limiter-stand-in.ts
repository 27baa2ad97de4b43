import { createServer, type Http2Server, type ServerHttp2Stream } from "node:http2";
import type { Descriptor, LimiterAnswer, LimitStatus } from "@hookline/mesh";

// A limiter for the test with a real Envoy: speaks envoy.service.ratelimit.v3 over plain HTTP/2
// and gives the answers of whoever counts.

/** gRPC puts a flag and a length before each message. */
const FRAME_BYTES = 5;
const UNITS = ["unknown", "second", "minute", "hour", "day", "month", "year", "week"];

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

/** The domain and the descriptors of a RateLimitRequest. */
function readRequest(request: Uint8Array): { domain: string; descriptors: Descriptor[] } {
  const text = (field: Uint8Array | undefined) => new TextDecoder().decode(field);
  const first = (message: Uint8Array, wanted: number) => text([...readFields(message, wanted)][0]);
  return {
    domain: first(request, 1),
    descriptors: [...readFields(request, 2)].map((descriptor) =>
      [...readFields(descriptor, 1)].map((entry) => [first(entry, 1), first(entry, 2)] as const),
    ),
  };
}

function writeNumber(field: number, value: number): readonly number[] {
  const bytes = [field << 3];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

function writeBytes(field: number, bytes: readonly number[]): readonly number[] {
  return [(field << 3) | 2, bytes.length, ...bytes];
}

/** A RateLimitResponse.DescriptorStatus. */
function writeStatus({ code, limit, remaining, resetSeconds }: LimitStatus): readonly number[] {
  const current =
    limit === undefined
      ? []
      : [
          ...writeBytes(2, [
            ...writeNumber(1, limit.requestsPerUnit),
            ...writeNumber(2, UNITS.indexOf(limit.unit)),
            ...writeBytes(3, [...new TextEncoder().encode(limit.name)]),
          ]),
          ...writeBytes(4, writeNumber(1, resetSeconds)),
        ];
  return [...writeNumber(1, CODES[code]), ...current, ...writeNumber(3, remaining)];
}

const CODES = { OK: 1, OVER_LIMIT: 2 } as const;

export type Check = (domain: string, descriptors: readonly Descriptor[]) => LimiterAnswer;

/** Serves RateLimitService/ShouldRateLimit by `check`. */
export function serveLimiter(check: Check): Http2Server {
  const server = createServer();
  server.on("stream", (stream: ServerHttp2Stream) => {
    const chunks: Uint8Array[] = [];
    stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    stream.on("end", () => {
      const { domain, descriptors } = readRequest(Buffer.concat(chunks).subarray(FRAME_BYTES));
      const { overall, statuses } = check(domain, descriptors);
      const message = [
        ...writeNumber(1, CODES[overall]),
        ...statuses.flatMap((status) => writeBytes(2, writeStatus(status))),
      ];
      stream.respond(
        { ":status": 200, "content-type": "application/grpc" },
        { waitForTrailers: true },
      );
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.from([0, 0, 0, message.length >> 8, message.length & 0xff, ...message]));
    });
  });
  return server;
}
