// Needs git.
import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { readTree } from "./checks/tree.ts";
import { listOverlays, renderResources, TREE } from "./render.ts";
import { setWeights } from "./set-weights.ts";
import { copyRepository } from "./throw-away.ts";

// Every command of the README and of the runbooks: run here, in a copy that is thrown away, or by the test that is named.

const LONG = 120_000;
const readme = readFileSync(join(TREE, "README.md"), "utf8");

/** What the README has a person type: the lines of its blocks, and what begins like a command elsewhere. */
function listCommands(text: string): string[] {
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) =>
    block.trim().split("\n"),
  );
  const spans = [...text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/`([^`]+)`/g)].map(
    ([, span = ""]) => span.replace(/\s+/g, " "),
  );
  const isTyped = (span: string) =>
    /^(argocd|bun|bunx|curl|git|helm|istioctl|k3s|kubectl|npx|sh) /.test(span);
  return [...new Set([...blocks, ...spans.filter(isTyped)])];
}
const texts = readme + readFileSync(join(TREE, "runbooks.md"), "utf8");
const commands = listCommands(texts);

/** Who runs a command: nothing more where it is run below, else a test by its file and its name. */
const COVERED: readonly (readonly [command: RegExp, by?: readonly [file: string, test: string]])[] =
  [
    // Blocks, with the output that is printed below each.
    [/^grep /, ["gitops/readme.test.ts", "has no command without its output"]],
    [/^bun run render$/],
    [/^bun run diff HEAD$/],
    [/^git revert HEAD$/],
    [/^kubectl -n \S+ port-forward svc\/\S+ \S+$/],
    [/^kubectl kustomize$/, ["gitops/render.test.ts", "%s renders as by kubectl"]],
    [/^bun gitops\/cli\.ts seal hookline\/smtp password --certificate cert\.pem$/],
    [
      /^bun run promote canary --weight 25$/,
      [
        "apps/delivery/src/promote/command.test.ts",
        "promote canary --weight is a commit that rollback takes back",
      ],
    ],
    [
      /^bun run promote canary --to stable$/,
      [
        "apps/delivery/src/promote/command.test.ts",
        "promote canary --to stable gives everybody the canary's image",
      ],
    ],
    [
      /^bun run promote model v2$/,
      [
        "apps/delivery/src/promote/command.test.ts",
        "promote model v2 answers with the model of the shadow",
      ],
    ],
    [
      /^bun run rollback$/,
      [
        "apps/delivery/src/promote/command.test.ts",
        "promote canary --weight is a commit that rollback takes back",
      ],
    ],
    [
      /^bun run bootstrap credentials$/,
      ["bootstrap/src/commands/credentials.test.ts", "shows both passwords that a cluster drew"],
    ],
    [
      /^bun run bootstrap$/,
      ["bootstrap/src/test-cluster/api-server.test.ts", "takes a dry run and keeps nothing of it"],
    ],
    [
      /^bun run bootstrap status$/,
      [
        "bootstrap/src/test-cluster/stages.test.ts",
        "status names each application and what is wrong with it",
      ],
    ],
    [
      /^bun run bootstrap download$/,
      ["bootstrap/src/download-file.test.ts", "the second time downloads nothing"],
    ],
    [
      /^bun run test:cluster$/,
      [
        "bootstrap/src/test-cluster/argo-cd.test.ts",
        "the stages end with every application synced and healthy",
      ],
    ],
  ];

const listUncovered = (text: string): string[] =>
  listCommands(text).filter((command) => COVERED.filter(([one]) => one.test(command)).length !== 1);

describe("the commands of the README", () => {
  test("are each run by one test", () => expect(listUncovered(texts)).toEqual([]));

  test.each([
    ["in a block", "```sh\nkubectl delete namespace hookline\n```\n"],
    ["in the text", "Then `git push --force`."],
  ])("a new one %s is found that no test runs", (_, text) =>
    expect(listUncovered(`${texts}\n${text}`).length).toBe(1),
  );

  test("are all that tests are named for", () => {
    const stale = COVERED.filter(([one]) => !commands.some((command) => one.test(command)));
    expect(stale.map(([one]) => one.source)).toEqual([]);
  });

  test.each(
    COVERED.flatMap(([one, by]) => (by === undefined ? [] : ([[one.source, ...by]] as const))),
  )("%s: %s has the test", (_, file, name) => {
    // The rooms beside this one may be away: the tree can be lifted into a repository of its own.
    const [room = ""] = file.split("/");
    if (existsSync(join(TREE, "..", room))) {
      expect(readFileSync(join(TREE, "..", file), "utf8")).toContain(name);
    }
  });

  test("forward a port of a Service that is there", () => {
    const Environment = z.object({ namespace: z.string() });
    const Values = z.object({
      service: z.object({ ports: z.array(z.object({ port: z.number() })) }),
    });
    const read = (path: string): unknown => parse(readFileSync(join(TREE, path), "utf8"));
    const { service } = Values.parse(read("platform/istio-gateway/values.yaml"));
    const gateways = listOverlays().flatMap((overlay) => {
      const { namespace } = Environment.parse(read(`overlays/${overlay}/environment.yaml`));
      return service.ports.map(({ port }) => `${namespace}/istio-ingressgateway:${port}`);
    });
    const services = ["overlays/production", "platform/istio-addons"]
      .flatMap((folder) => readTree(renderResources(join(TREE, folder))).services)
      .flatMap(({ metadata, spec }) =>
        spec.ports.map(({ port }) => `${metadata.namespace}/${metadata.name}:${port}`),
      );
    const forwarded = commands.flatMap((command) => {
      const [, namespace, name, port] =
        /^kubectl -n (\S+) port-forward svc\/(\S+) (?:\d+:)?(\d+)$/.exec(command) ?? [];
      return name === undefined ? [] : [`${namespace}/${name}:${port}`];
    });
    expect(forwarded.length).toBe(commands.filter((one) => one.includes("port-forward")).length);
    expect(forwarded.filter((one) => ![...gateways, ...services].includes(one))).toEqual([]);
  });
});

/** What render says of the rest when a weight is changed. */
const UNCHANGED = "applications and platform: nothing changed\ndashboards: nothing changed\n";
const RULES = "compose/prometheus/rules.yaml: nothing changed\n";

describe("in a copy", () => {
  const copy = copyRepository({ git: true });
  const type = (command: string) =>
    copy.run(["sh", "-c", command.replace("bun run", "bun run --silent")]);
  afterAll(() => rmSync(copy.root, { recursive: true }), LONG);

  test(
    "a weight is changed, shown, and taken back as the README says",
    () => {
      // From where the README begins, whatever a promotion has made of the tree.
      setWeights(copy.root, [90, 10]);
      expect(type("bun run render").code).toBe(0);
      copy.git("commit", "--quiet", "--allow-empty", "--all", "--message", "less");
      setWeights(copy.root, [75, 25]);
      expect(type("bun run render").output).toBe(
        `${UNCHANGED}gitops/golden/canary.yaml\ngitops/golden/production.yaml\n${RULES}`,
      );
      const shown = type("bun run diff HEAD").output;
      const [, block = ""] = /```text\n(canary:\n[\s\S]*?)```/.exec(readme) ?? [];
      expect(shown).toContain(block);
      expect(shown).toContain(block.replace("canary:", "production:").replace("-canary/", "/"));
      copy.git("commit", "--quiet", "--all", "--message", "more");
      expect(copy.git("revert", "--no-edit", "HEAD").code).toBe(0);
      expect(type("bun run render").output).toBe(`${UNCHANGED}golden: nothing changed\n${RULES}`);
      expect(copy.git("diff", "--stat", "HEAD~2", "HEAD").output).toBe("");
    },
    LONG,
  );

  test(
    "a secret is sealed as the README says",
    () => {
      const subject = ["-subj", "/CN=sealed-secrets", "-days", "1"];
      const key = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "key.pem",
      ];
      copy.run([...key, "-out", "cert.pem", ...subject]);
      const command = commands.find((one) => one.includes(" seal ")) ?? "";
      const { output, code } = type(`echo s3cret | ${command}`);
      expect(code).toBe(0);
      expect(parse(output)).toMatchObject({
        kind: "SealedSecret",
        metadata: { name: "smtp", namespace: "hookline" },
        spec: { encryptedData: { password: expect.stringMatching(/^[\w+/=]{300,}$/) } },
      });
      expect(output).not.toContain("s3cret");
    },
    LONG,
  );
});
