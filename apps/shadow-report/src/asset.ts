import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { PAGE_STYLE } from "@hookline/http-service/page-style";

/** A file of the page under a name that changes with its content, so that it may be kept for ever. */
export interface Asset {
  readonly path: string;
  readonly body: string;
}

const WEB = resolve(import.meta.dirname, "../web");
const FILES = ["page.css", "report.css"];

/** Reads the stylesheet; throws when a file is not there: a page without it must not go live. */
export function readStyle(): Asset {
  const own = FILES.map((name) => readFileSync(resolve(WEB, name), "utf8"));
  const body = [PAGE_STYLE, ...own].join("\n");
  const hash = new Bun.CryptoHasher("sha256").update(body).digest("hex").slice(0, 12);
  return { path: `/assets/style.${hash}.css`, body };
}
