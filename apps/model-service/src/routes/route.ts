import type * as z from "zod/mini";
import type { RouteErrorCode } from "../error-meanings.ts";
import type { Call } from "../http/call.ts";

/** One endpoint: what the router needs and what the OpenAPI document says, in one place. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodMiniObject;
  /** Schema of the request body by media type. */
  readonly body?: Readonly<Record<string, z.ZodMiniType>>;
  /** Schema of the 200 answer by media type; a text has none. */
  readonly answer: Readonly<Record<string, z.ZodMiniType | undefined>>;
  /** Errors that this endpoint may answer besides those of all. */
  readonly errors?: readonly RouteErrorCode[];
  readonly handle: (call: Call) => Response | Promise<Response>;
}
