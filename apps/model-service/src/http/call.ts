import { errorBody, type ServiceError } from "@hookline/http-service";
import { isMirrored, readRequestId } from "./request-id.ts";

const JSON_TYPE = "application/json; charset=utf-8";

/** One request, what we know of it, and the answers that go with it. */
export class Call {
  readonly request: Request;
  /** The pattern of the route, for metrics and logs; never the raw path. */
  readonly route: string;
  readonly requestId: string;
  readonly mirrored: boolean;
  readonly begun = performance.now();
  /** The code of the error that was answered. */
  errorCode: string | undefined;
  /** What it came to, as JSON for the log line. */
  outcome: string | undefined;

  constructor(request: Request, route: string) {
    const { headers } = request;
    this.request = request;
    this.route = route;
    this.requestId = readRequestId(headers.get("x-request-id"));
    this.mirrored = isMirrored(headers.get("host"));
  }

  /** An answer of text of a media type. */
  text(text: string, type: string, headers?: Readonly<Record<string, string>>): Response {
    return new Response(text, {
      headers: { "content-type": type, "x-request-id": this.requestId, ...headers },
    });
  }

  /** An answer of a value as JSON. */
  json(value: unknown): Response {
    return this.written(JSON.stringify(value));
  }

  /** An answer of JSON that is written already. */
  written(json: string): Response {
    return new Response(json, {
      headers: { "content-type": JSON_TYPE, "x-request-id": this.requestId },
    });
  }

  /** An answer that says what went wrong, with its status. */
  error({ code, status, message, headers }: ServiceError): Response {
    this.errorCode = code;
    return new Response(JSON.stringify(errorBody(code, message)), {
      status,
      headers: { "content-type": JSON_TYPE, "x-request-id": this.requestId, ...headers },
    });
  }
}
