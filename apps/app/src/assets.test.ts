import { describe, expect, test } from "bun:test";
import { buildAssets } from "./assets.ts";
import { createTestApp } from "./testing.ts";

describe("buildAssets()", () => {
  test("names every file by its content, the same in each build", async () => {
    const [one, two] = await Promise.all([buildAssets(), buildAssets()]);
    expect(one.paths).toEqual(two.paths);
    expect(one.paths.style).toMatch(/^\/assets\/style\.[\da-f]{12}\.css$/);
    expect(one.paths.script).toMatch(/^\/assets\/enhance\.[\da-f]{12}\.js$/);
    expect(one.paths.favicon).toMatch(/^\/assets\/favicon\.[\da-f]{12}\.svg$/);
  });

  test("bundles what is imported, and nothing points elsewhere", async () => {
    const { paths, find } = await buildAssets();
    const style = find(paths.style.replace("/assets/", ""))?.body ?? "";
    expect(style).toContain("prefers-color-scheme:dark");
    expect(style).not.toMatch(/@import|https?:|url\(/);
    const script = find(paths.script.replace("/assets/", ""))?.body ?? "";
    expect(script).toContain("Was more than the link copied?");
    expect(script).not.toMatch(/\bimport\b|https?:|eval\(|innerHTML=/);
  });
});

describe("GET /assets/:name", () => {
  test.each([
    ["style", "text/css; charset=utf-8"],
    ["script", "text/javascript; charset=utf-8"],
    ["favicon", "image/svg+xml"],
  ] as const)("serves the %s to be kept for ever", async (name, type) => {
    const { app } = await createTestApp();
    const { paths } = await buildAssets();
    const response = await app.request(paths[name]);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test.each([
    ["/assets/style.css"],
    ["/assets/../package.json"],
    ["/assets/..%2f..%2fpackage.json"],
    ["/assets/"],
  ])("has no %s", async (path) => {
    const { app } = await createTestApp();
    const response = await app.request(path);
    expect(response.status).toBe(404);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });
});
