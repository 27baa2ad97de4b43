import { expect, test } from "bun:test";
import { DeliveryError } from "../errors.ts";
import { parseCommit } from "./commits.ts";
import { planRelease, type Repository } from "./plan.ts";

const REPOSITORY: Repository = {
  head: "abc",
  tags: [],
  tagsAtHead: [],
  commits: [],
  programs: [
    { name: "app", version: "0.2.0" },
    { name: "model-service", version: "0.2.0" },
  ],
  models: [
    { folder: "v1", version: "1.0.0" },
    { folder: "v2", version: "2.0.1" },
  ],
  libraries: [],
};

test("planRelease() makes an image of each program where the commit has a tag v*.*.*", () => {
  const plan = planRelease({ ...REPOSITORY, tags: ["v0.1.0", "v0.2.0"], tagsAtHead: ["v0.2.0"] });
  const tags = ["0.2.0", "0.2", "0", "latest"];
  const why = "the commit is tagged v0.2.0";
  expect(plan.images).toEqual([
    { image: "app", version: "0.2.0", tags, why, file: "apps/app/Dockerfile" },
    { image: "model-service", version: "0.2.0", tags, why, file: "apps/model-service/Dockerfile" },
  ]);
});

test("planRelease() makes an image of the model folder with the tag's version", () => {
  const tags = ["model-v1.0.0", "model-v2.0.1", "v0.1.0"];
  const { images } = planRelease({ ...REPOSITORY, tags, tagsAtHead: ["model-v2.0.1"] });
  expect(images.map(({ image, folder, tags: of }) => ({ image, folder, of }))).toEqual([
    { image: "model", folder: "v2", of: ["2.0.1", "2.0", "2", "latest"] },
  ]);
});

test.each([
  [
    "v0.3.0",
    'Cannot release v0.3.0: apps/app/package.json says 0.2.0; run "release prepare 0.3.0" and tag that commit',
  ],
  ["model-v3.0.0", "Cannot release model 3.0.0: no card has that version (v1 1.0.0, v2 2.0.1)"],
])("planRelease() refuses the tag %s, which the files contradict", (tag, message) => {
  const run = () => planRelease({ ...REPOSITORY, tags: [tag], tagsAtHead: [tag] });
  expect(run).toThrow(DeliveryError);
  expect(run).toThrow(message);
});

test.each([
  ["there was no release", [], [], "there was none before"],
  ["nothing happened", ["v0.1.0"], [], "programs: nothing since v0.1.0"],
  ["a feature waits", ["v0.1.0"], ["feat: a", "fix: b"], "2 commits since v0.1.0 ask for v0.2.0"],
  ["one fix waits", ["v0.1.0"], ["fix: b"], "its 1 commit since v0.1.0 ask for v0.1.1"],
])("planRelease() says why no program is released: %s", (_, tags, messages, expected) => {
  const commits = messages.map((message) => parseCommit("abc", message));
  const { images, kept } = planRelease({ ...REPOSITORY, tags, commits });
  expect(images).toEqual([]);
  expect(kept.join("\n")).toContain(expected);
});

test.each([
  ["never released", "0.1.0", [], 0, "0.1.0", "it was never released"],
  ["changed", "0.1.0", ["mesh-v0.1.0"], 2, "0.1.1", "2 commits since 0.1.0 changed it"],
  [
    "changed again",
    "0.1.0",
    ["mesh-v0.1.9", "mesh-v0.1.10"],
    1,
    "0.1.11",
    "1 commit since 0.1.10 changed it",
  ],
  [
    "raised by hand",
    "0.2.0",
    ["mesh-v0.1.4"],
    0,
    "0.2.0",
    "its package.json was raised from 0.1.4",
  ],
])("planRelease() of a library that was %s", (_, version, tags, changes, expected, why) => {
  const libraries = [{ name: "mesh", version, changes }];
  expect(planRelease({ ...REPOSITORY, tags, libraries }).libraries).toEqual([
    { library: "mesh", version: expected, tag: `mesh-v${expected}`, why },
  ]);
});

test("planRelease() leaves an unchanged library as it was published", () => {
  const libraries = [{ name: "mesh", version: "0.1.0", changes: 0 }];
  const plan = planRelease({ ...REPOSITORY, tags: ["mesh-v0.1.3"], libraries });
  expect(plan.libraries).toEqual([]);
  expect(plan.published).toEqual([{ library: "mesh", version: "0.1.3" }]);
  expect(plan.kept).toContain("mesh: unchanged since 0.1.3");
});
