// What runs, and where a request would go: HTML for people and JSON for programs, for this machine only.
import { join } from "node:path";
import { errorBody, MESSAGE } from "@hookline/http-service";
import { guardPage } from "@hookline/http-service/hono";
import { PAGE_STYLE } from "@hookline/http-service/page-style";
import type { Mesh } from "@hookline/mesh";
import { Hono } from "hono";
import type { ClusterState } from "../cluster-state.ts";
import type { TrafficSnapshot } from "../data-plane/traffic.ts";
import { explainQuery } from "./explain.ts";
import { renderPage } from "./page.tsx";

export interface CreateStatusPageOptions {
  readonly state: () => ClusterState;
  readonly dataPlane: { snapshot(): TrafficSnapshot; metrics(): string };
  readonly mesh: () => Mesh;
}

const WEB = join(import.meta.dirname, "web");
const CSS = "text/css; charset=utf-8";
const FILES = {
  "style.css": CSS,
  "form.css": CSS,
  "icon.svg": "image/svg+xml",
  "live.js": "text/javascript; charset=utf-8",
} as const;

const SELF = ["'self'"];

/** Gives what listenGateway() takes as its status page. */
export function createStatusPage({
  state,
  dataPlane,
  mesh,
}: CreateStatusPageOptions): (request: Request) => Promise<Response> {
  const app = new Hono({ strict: false }).basePath("/_local");
  app.use(guardPage({ allow: { scriptSrc: SELF, connectSrc: SELF, formAction: SELF } }));
  app.use(async (c, next) => {
    await next();
    c.res.headers.set("cache-control", "no-store");
  });
  app.get("/", (c) => {
    const query = c.req.query();
    const asked = Object.keys(query).length > 0;
    const explained = asked ? explainQuery(mesh(), query) : undefined;
    const page = { state: state(), traffic: dataPlane.snapshot(), mesh: mesh(), query, explained };
    return c.html(
      renderPage({ ...page, now: Date.now() }),
      explained?.kind === "problem" ? 400 : 200,
    );
  });
  app.get("/api/state", (c) => c.json({ ...state(), traffic: dataPlane.snapshot() }));
  app.get("/api/explain", (c) => {
    const explained = explainQuery(mesh(), c.req.query());
    if (explained.kind === "explained") return c.json(explained);
    return c.json({ error: { code: "BAD_QUESTION", message: explained.problem } }, 400);
  });
  app.get("/metrics", (c) =>
    c.body(dataPlane.metrics(), 200, {
      "content-type": "text/plain; version=0.0.4; charset=utf-8",
    }),
  );
  for (const [name, type] of Object.entries(FILES))
    app.get(`/${name}`, async (c) =>
      c.body(await Bun.file(join(WEB, name)).text(), 200, { "content-type": type }),
    );
  app.get("/page.css", (c) => c.body(PAGE_STYLE, 200, { "content-type": CSS }));
  app.notFound((c) => c.json(errorBody("NOT_FOUND", MESSAGE.NOT_FOUND), 404));
  return async (request) => await app.fetch(request);
}
