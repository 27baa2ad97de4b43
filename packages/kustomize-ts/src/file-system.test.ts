import { expect, test } from "bun:test";
import { createMemoryFileSystem, diskFileSystem } from "./file-system.ts";

test("createMemoryFileSystem() knows the folders of its files", () => {
  const fs = createMemoryFileSystem(new Map([["a/b/c.yaml", "x"]]));
  expect(fs.stat("/a/b")).toEqual({ path: "/a/b", kind: "directory" });
  expect(fs.stat("/a/../a/b/c.yaml")).toEqual({ path: "/a/b/c.yaml", kind: "file" });
  expect(fs.stat("/b")).toBeUndefined();
  expect(new TextDecoder().decode(fs.readFile("/a/b/c.yaml"))).toBe("x");
});

test("diskFileSystem gives nothing for what is not there", () => {
  expect(diskFileSystem.stat("/no/such/file")).toBeUndefined();
  expect(diskFileSystem.readFile("/no/such/file")).toBeUndefined();
  expect(diskFileSystem.stat(import.meta.path)?.kind).toBe("file");
});
