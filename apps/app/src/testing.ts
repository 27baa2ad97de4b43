// Test support: the app without a socket, with a model that answers from a table.
import { createApp } from "./app.ts";
import { type Assets, buildAssets } from "./assets.ts";
import type { Variant } from "./config.ts";
import { buildAnswer } from "./fake-model-service.ts";
import { createMetrics } from "./metrics.ts";
import type { ModelClient } from "./model-client.ts";

const VERSION = { name: "@hookline/app", version: "1.2.3", revision: "0123456789abcdef" };

let built: Promise<Assets> | undefined;

interface CreateTestAppOptions {
  readonly variant?: Variant;
  readonly predict?: ModelClient["predict"];
  readonly isDraining?: () => boolean;
}

/** A fresh app and its metrics; what it logs is collected in `logged`. */
export async function createTestApp(options: CreateTestAppOptions = {}) {
  const { variant = "v1", predict = answerByTable, isDraining = () => false } = options;
  built ??= buildAssets();
  const logged: Readonly<Record<string, unknown>>[] = [];
  const metrics = createMetrics({ variant });
  const app = createApp({
    variant,
    modelClient: { predict },
    metrics,
    version: VERSION,
    assets: await built,
    log: (entry) => logged.push(entry),
    isDraining,
  });
  return { app, metrics, logged };
}

async function answerByTable(url: string): ReturnType<ModelClient["predict"]> {
  return /^\S*[.:]/.test(url)
    ? { kind: "answered", answer: buildAnswer(url) }
    : { kind: "rejected", message: "The url is not a web address" };
}

/** The request of a browser that sends the form. */
export function formRequest(fields: Readonly<Record<string, string>>, headers = {}): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams(fields).toString(),
  };
}

export function jsonRequest(body: unknown, headers = {}): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

/** Text of the elements that the selector names, white space joined. */
export function readText(page: string, selector: string): string {
  let text = "";
  const rewriter = new HTMLRewriter().on(selector, {
    text(chunk) {
      text += chunk.text;
    },
  });
  rewriter.transform(page);
  return text.replaceAll("&amp;", "&").replace(/\s+/g, " ").trim();
}
