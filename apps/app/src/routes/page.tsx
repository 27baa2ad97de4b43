/** @jsxImportSource hono/jsx */
import { Hono } from "hono";
import type { AppDependencies } from "../dependencies.ts";
import { readScore } from "../score.ts";
import { CheckPage } from "../views/check-page.tsx";

/** `GET /`: the form, empty. */
export function pageRoute({ info, metrics }: AppDependencies) {
  return new Hono().get("/", (c) => {
    if (c.req.method === "GET") metrics.recordPage();
    return c.html(<CheckPage info={info} score={readScore(c)} />);
  });
}
