import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { findJudge, readManifests } from "./judges.ts";
import { TREE } from "./render.ts";

const kubeScore = findJudge("kube-score");
if (kubeScore === undefined)
  console.warn(
    "gitops/kube-score.test.ts: kube-score is not installed, it does not judge the tree",
  );
const texts = readManifests();

const Exceptions = z.array(
  z.strictObject({
    check: z.string(),
    finds: z.string().optional(),
    of: z.array(z.string()).optional(),
    because: z.string().min(20),
  }),
);
type Exception = z.infer<typeof Exceptions>[number];
const Scores = z.array(
  z.object({
    object_meta: z.object({ name: z.string() }),
    checks: z.array(
      z.object({
        check: z.object({ id: z.string() }),
        grade: z.number(),
        skipped: z.boolean(),
        comments: z.array(z.object({ summary: z.string() })).nullable(),
      }),
    ),
  }),
);
interface Found {
  readonly check: string;
  readonly of: string;
  readonly finds: string;
}

/** kube-score's grade where it has nothing to say. */
const FAULTLESS = 10;

/** What kube-score finds in a text of manifests, exceptions included. */
async function listFindings(text: string): Promise<Found[]> {
  const words = ["score", "--output-format", "json", "--kubernetes-version", "v1.36", "-"];
  const child = Bun.spawn([kubeScore ?? "kube-score", ...words], {
    stdin: new Blob([text]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const scores = Scores.parse(JSON.parse(await new Response(child.stdout).text()));
  return scores.flatMap(({ object_meta, checks }) =>
    checks
      .filter(({ grade, skipped }) => !skipped && grade < FAULTLESS)
      .flatMap(({ check, comments }) =>
        (comments ?? [{ summary: "" }]).map(({ summary }) => ({
          check: check.id,
          of: object_meta.name,
          finds: summary,
        })),
      ),
  );
}

const exceptions = Exceptions.parse(parse(readFileSync(join(TREE, ".kube-score.yaml"), "utf8")));
function isExcepted({ check, of, finds }: Exception, found: Found): boolean {
  return (
    check === found.check &&
    (of === undefined || of.includes(found.of)) &&
    (finds === undefined || finds === found.finds)
  );
}
const listFaults = async (text: string): Promise<Found[]> =>
  (await listFindings(text)).filter((found) => !exceptions.some((one) => isExcepted(one, found)));

describe.skipIf(kubeScore === undefined)("kube-score", () => {
  test.each([...texts])(
    "finds nothing in %s but the exceptions in .kube-score.yaml",
    async (_, text) => expect(await listFaults(text)).toEqual([]),
    120_000,
  );

  test("every exception is still one", async () => {
    const found = (await Promise.all([...texts.values()].map(listFindings))).flat();
    const stale = exceptions.flatMap((one) =>
      (one.of ?? [undefined])
        .filter(
          (of) =>
            !found.some((fault) => isExcepted(one, fault) && (of === undefined || fault.of === of)),
        )
        .map((of) => `${one.check} ${of ?? ""}`),
    );
    expect(stale).toEqual([]);
  }, 120_000);

  test.each([
    [
      "an image of no version",
      /image: ghcr.io\/hookline\/app:\S+/,
      "image: ghcr.io/hookline/app",
      "container-image-tag",
    ],
    [
      "a pod that may use all memory",
      / {10}limits:\n {12}memory: 256Mi\n/,
      "",
      "container-resources",
    ],
    [
      "a root that is writable",
      "readOnlyRootFilesystem: true",
      "readOnlyRootFilesystem: false",
      "container-security-context-readonlyrootfilesystem",
    ],
    [
      "a Service on a port of the node",
      "spec:\n  ports:\n",
      "spec:\n  type: NodePort\n  ports:\n",
      "service-type",
    ],
  ])(
    "finds a planted fault: %s",
    async (_, from, to, check) => {
      const text = texts.get("canary") ?? "";
      const planted = text.replace(from, to);
      expect(planted).not.toBe(text);
      expect((await listFaults(planted)).map((one) => one.check)).toContain(check);
    },
    120_000,
  );
});
