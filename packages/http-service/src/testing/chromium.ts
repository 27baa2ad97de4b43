import { existsSync } from "node:fs";

const PLACES = [
  process.env["CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** The browser of this machine; undefined when there is none. CHROMIUM names another. */
export function findChromium(): string | undefined {
  return PLACES.find((path) => path !== "" && existsSync(path));
}

/** Starts it without a window, and without anything that talks to a network by itself. */
export const CHROMIUM_FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Grey edges of letters instead of coloured ones: the same picture in half the bytes.
  "--disable-lcd-text",
];
