import { Hono } from "hono";
import type { Asset } from "../asset.ts";

/** `GET /assets/style.<hash>.css`. */
export function styleRoute({ style }: { readonly style: Asset }) {
  return new Hono().get(style.path, (c) =>
    c.body(style.body, 200, {
      "content-type": "text/css; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
    }),
  );
}
