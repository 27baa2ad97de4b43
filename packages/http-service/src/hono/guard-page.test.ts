import { expect, test } from "bun:test";
import { Hono } from "hono";
import { guardPage } from "./guard-page.ts";

const SELF = ["'self'"];

test.each<[Parameters<typeof guardPage>[0], string, string]>([
  [
    undefined,
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    "no-referrer",
  ],
  [
    { allow: { scriptSrc: SELF, formAction: SELF }, referrerPolicy: "same-origin" },
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; script-src 'self'",
    "same-origin",
  ],
])("guardPage(%j) lets a page do no more", async (options, policy, referrer) => {
  const app = new Hono();
  app.use(guardPage(options));
  const { headers } = await app.request("/");
  expect(headers.get("content-security-policy")).toBe(policy);
  expect(headers.get("referrer-policy")).toBe(referrer);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
  expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
  expect(headers.has("strict-transport-security")).toBe(false);
  expect(headers.get("permissions-policy")).toBe(
    "camera=(), geolocation=(), microphone=(), payment=()",
  );
});
