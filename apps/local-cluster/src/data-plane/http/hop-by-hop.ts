import type { HeaderList } from "./header-list.ts";

/** RFC 9110, 7.6.1. */
const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"];
/** Not to be taken away by naming them in Connection: they say where a request goes and how long it is. */
const KEPT = new Set(["host", "content-length", "te", "x-request-id"]);

/** Removes what is meant for one connection only, and what Connection names. */
export function removeHopByHop(headers: HeaderList): void {
  const connection = headers.get("connection");
  if (connection !== undefined && connection !== "keep-alive" && connection !== "close")
    for (const name of connection.toLowerCase().split(",")) {
      const trimmed = name.trim();
      if (!KEPT.has(trimmed) && !trimmed.startsWith("x-forwarded-")) headers.remove(trimmed);
    }
  for (const name of HOP_BY_HOP) headers.remove(name);
  // Of TE only "trailers" has a meaning between us and a backend.
  const te = headers.get("te");
  if (te !== undefined && te.trim().toLowerCase() !== "trailers") headers.remove("te");
}
