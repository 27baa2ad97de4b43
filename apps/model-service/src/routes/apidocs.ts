import { readDigest } from "../read-digest.ts";
import { renderPage, STYLE } from "./apidocs-page.ts";
import type { Route } from "./route.ts";

interface ApidocsOptions {
  readonly buildDocument: () => Parameters<typeof renderPage>[0];
}

/** A page without scripts: the document is laid out here, and only our own style may be applied. */
export function apidocs({ buildDocument }: ApidocsOptions): Route {
  let page: { readonly text: string; readonly policy: string } | undefined;
  return {
    method: "GET",
    path: "/apidocs",
    summary: "Shows this interface to people",
    answer: { "text/html": undefined },
    async handle(call) {
      page ??= { text: String(await renderPage(buildDocument())), policy: await buildPolicy() };
      return call.text(page.text, "text/html; charset=utf-8", {
        "content-security-policy": page.policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
      });
    },
  };
}

async function buildPolicy(): Promise<string> {
  const digest = (await readDigest(Buffer.from(STYLE))).toString("base64");
  return `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
