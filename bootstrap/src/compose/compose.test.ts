import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { readCompose } from "./read-compose.ts";
import { renderRules } from "./render-rules.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const LONG = 120_000;
const { services } = readCompose(ROOT);
const names = Object.keys(services);
const golden = readFileSync(`${ROOT}/gitops/golden/production.yaml`, "utf8");
const composer = findComposer();

/** The command that understands a compose file here, if any. */
function findComposer(): readonly string[] | undefined {
  const plugin = Bun.which("docker") !== null && run(["docker", "compose", "version"]).code === 0;
  if (plugin) return ["docker", "compose"];
  return Bun.which("docker-compose") === null ? undefined : ["docker-compose"];
}

if (composer === undefined) {
  console.warn("bootstrap/src/compose: without docker compose nobody else reads compose.yaml");
}
for (const tool of ["promtool", "amtool"].filter((name) => Bun.which(name) === null)) {
  console.warn(`bootstrap/src/compose: ${tool} is not installed, its file is not checked`);
}

function run(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { PATH = "", HOME = "" } = process.env;
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command], {
    cwd: ROOT,
    env: { PATH, HOME, ...env },
  });
  return { code: exitCode, output: stdout.toString() + stderr.toString() };
}

describe("compose.yaml", () => {
  test("has both versions of both programs, the report, the limiter, and what watches them", () => {
    expect(names.toSorted()).toEqual([
      ...["alertmanager", "app-v1", "app-v2", "grafana", "mailpit", "model-service-v1"],
      ...["model-service-v2", "prometheus", "ratelimit", "redis", "shadow-report"],
    ]);
  });

  test.each(names)("%s may do as little as in a cluster", (name) => {
    const service = services[name];
    expect(service?.read_only).toBe(true);
    expect(service?.cap_drop).toEqual(["ALL"]);
    expect(service?.security_opt).toEqual(["no-new-privileges:true"]);
    expect(service?.user).toMatch(/^[1-9]\d*:\d+$/);
    expect(service?.healthcheck?.test[0]).toBe("CMD");
  });

  test.each(names)("%s is reached from this machine only", (name) => {
    expect(services[name]?.ports.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
  });

  const isBuilt = (name: string) => services[name]?.["build"] !== undefined;

  test.each(names.filter(isBuilt))("%s is built here, as the version of its sources", (name) => {
    const { image = "" } = services[name] ?? {};
    const [, program] = /^ghcr\.io\/hookline\/([\w-]+):/.exec(image) ?? [];
    const file = readFileSync(`${ROOT}/apps/${program}/package.json`, "utf8");
    // Without a digest: Docker refuses to build an image under one.
    expect(image).toBe(`ghcr.io/hookline/${program}:${JSON.parse(file).version}`);
  });

  test.each(names.filter((name) => !isBuilt(name)))(
    "the image of %s is pinned, to what runs in a cluster if it runs there",
    (name) => {
      const { image = "" } = services[name] ?? {};
      const [, repository = ""] =
        /^(docker\.io\/[\w/-]+):v?[\w.-]*\d[\w.-]*@sha256:[0-9a-f]{64}$/.exec(image) ?? [];
      expect(repository).not.toBe("");
      if (golden.includes(`${repository}:`)) expect(golden).toContain(`image: ${image}\n`);
    },
  );

  test("no secret is in it", () => {
    const text = readFileSync(`${ROOT}/compose.yaml`, "utf8");
    const secrets = [...text.matchAll(/^.*(?:PASSWORD|SECRET|TOKEN|_KEY).*$/gm)].map(([line]) =>
      line.trim(),
    );
    expect(secrets).toHaveLength(1);
    expect(secrets[0]).toStartWith("GF_SECURITY_ADMIN_PASSWORD: ${GRAFANA_PASSWORD:?");
  });

  test.skipIf(composer === undefined)(
    "is understood, once there is a password for Grafana",
    () => {
      const command = [...(composer ?? []), "--file", "compose.yaml", "config", "--quiet"];
      expect(run(command, { GRAFANA_PASSWORD: "drawn" })).toEqual({ code: 0, output: "" });
      const refused = run(command);
      expect(refused.code).not.toBe(0);
      expect(refused.output).toContain("set it in .env");
    },
    LONG,
  );
});

describe("what watches", () => {
  test("the rules are those of the cluster", () => {
    const written = readFileSync(`${ROOT}/compose/prometheus/rules.yaml`, "utf8");
    expect(written).toBe(renderRules(`${ROOT}/gitops`));
  });

  test.skipIf(Bun.which("promtool") === null)(
    "Prometheus can read its configuration",
    () => {
      const { code, output } = run([
        "promtool",
        "check",
        "config",
        "compose/prometheus/prometheus.yaml",
      ]);
      expect(output).toContain("1 rule files found");
      expect(code).toBe(0);
    },
    LONG,
  );

  test.skipIf(Bun.which("amtool") === null)(
    "Alertmanager can read its configuration",
    () => {
      const { code, output } = run([
        "amtool",
        "check-config",
        "compose/alertmanager/alertmanager.yaml",
      ]);
      expect(output).toContain("1 receivers");
      expect(code).toBe(0);
    },
    LONG,
  );

  test("Prometheus asks each of our programs and the limiter where it answers", () => {
    const config: unknown = parse(
      readFileSync(`${ROOT}/compose/prometheus/prometheus.yaml`, "utf8"),
    );
    const targets = [
      ...JSON.stringify(config).matchAll(/"((?:app|model|shadow|rate)[\w-]+):(\d+)"/g),
    ];
    const found = targets.map(([, host, port]) => `${host}:${port}`).toSorted();
    expect(found).toEqual([
      ...["app-v1:9090", "app-v2:9090", "model-service-v1:9091", "model-service-v2:9091"],
      ...["ratelimit:9090", "shadow-report:9092"],
    ]);
  });

  test("an alert goes where and when it goes in a cluster", () => {
    const cluster = readFileSync(
      `${ROOT}/gitops/components/monitoring/rules/alertmanagerconfig.yaml`,
      "utf8",
    );
    const ours = readFileSync(`${ROOT}/compose/alertmanager/alertmanager.yaml`, "utf8");
    expect(describeRoute(parse(ours))).toEqual(describeRoute(parse(cluster).spec));
  });

  test("Grafana shows the dashboards of gitops, from the data source that is given", () => {
    const volumes = services["grafana"]?.volumes ?? [];
    const provider = parse(
      readFileSync(`${ROOT}/compose/grafana/dashboards/hookline.yaml`, "utf8"),
    );
    const folder: string = provider.providers[0].options.path;
    expect(volumes).toContain(`./gitops/components/monitoring/dashboards:${folder}:ro`);
  });
});

/** Times and inhibitions, whichever of the two spellings is used. */
function describeRoute(config: unknown): unknown {
  const text = JSON.stringify(config);
  const pick = (pattern: RegExp) => pattern.exec(text)?.[1];
  return {
    by: pick(/"group_?[bB]y":(\[[^\]]*\])/),
    wait: pick(/"group_?[wW]ait":"(\w+)"/),
    interval: pick(/"group_?[iI]nterval":"(\w+)"/),
    repeat: pick(/"repeat_?[iI]nterval":"(\w+)"/),
    inhibited: [...text.matchAll(/ErrorBudget\w+/g)].map(([name]) => name),
    equal: pick(/"equal":(\[[^\]]*\])/),
    to: pick(/"to":"([^"]+)"/),
    from: pick(/"from":"([^"]+)"/),
    resolved: pick(/"send_?[rR]esolved":(\w+)/),
  };
}
