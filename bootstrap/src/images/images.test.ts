import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Bases, prepareBases } from "./bases.ts";
import { buildImage, REPOSITORY } from "./build-image.ts";
import { composeUp } from "./compose-up.ts";
import { startContainer } from "./container.ts";
import { createEngine, listMissing } from "./engine.ts";
import { MODELS, MODELS_FOLDER, PROGRAMS } from "./ours.ts";

const LONG = 300_000;
const SHORT = 120_000;
const missing = listMissing();
if (missing.length > 0) {
  console.warn(`bootstrap/src/images: no image is built or run, missing: ${missing.join(", ")}`);
}

const noCompose = Bun.which("podman-compose") === null;
if (missing.length === 0 && noCompose) {
  console.warn("bootstrap/src/images: podman-compose is not installed, compose.yaml is not run");
}

const engine = createEngine(join(REPOSITORY, ".cache/images"));
const REVISION = "0123456789abcdef0123456789abcdef01234567";
const SHELLS = /(^|\/)(sh|bash|dash|ash|busybox|perl|python3?|apt|apt-get|dpkg)$/;
const built = { REVISION, VERSION: "1.2.3" };
const tagOf = (name: string) => `localhost/hookline-test/${name}:test`;

describe.skipIf(missing.length > 0)("our images", () => {
  beforeAll(async () => {
    const bases: Bases = await prepareBases(engine);
    for (const { name } of PROGRAMS) {
      const dockerfile = `apps/${name}/Dockerfile`;
      await buildImage(engine, bases, { tag: tagOf(name), dockerfile, arguments: built });
    }
    for (const model of MODELS) {
      const dockerfile = "apps/model-service/models/Dockerfile";
      const values = { ...built, MODEL: model };
      await buildImage(engine, bases, {
        tag: tagOf(`model-${model}`),
        dockerfile,
        arguments: values,
      });
    }
  }, LONG);

  afterAll(async () => {
    const ids = await engine.run(["podman", "ps", "--all", "--quiet"]);
    if (ids !== "") await engine.run(["podman", "rm", "--force", ...ids.split("\n")]);
    await engine.attempt(["podman", "image", "prune", "--force"]);
  }, SHORT);

  test.each(PROGRAMS.map((program) => [program.name, program.mostMegabytes] as const))(
    "%s takes at most %d MB unpacked",
    async (name, most) => {
      const size = await inspect(tagOf(name), "{{.Size}}");
      expect(Number(size) / 1e6).toBeLessThanOrEqual(most);
    },
    SHORT,
  );

  test.each([...PROGRAMS.map(({ name }) => name), "model-v1", "model-v2"])(
    "%s says what it is and what it was made from",
    async (name) => {
      const labels: unknown = JSON.parse(await inspect(tagOf(name), "{{json .Labels}}"));
      expect(labels).toMatchObject({
        "org.opencontainers.image.title": `hookline/${name.replace(/-v\d$/, "")}`,
        "org.opencontainers.image.licenses": "Apache-2.0",
        "org.opencontainers.image.source": "https://github.com/hookline/hookline",
        "org.opencontainers.image.version": "1.2.3",
        "org.opencontainers.image.revision": REVISION,
      });
    },
    SHORT,
  );

  test.each(PROGRAMS.map(({ name }) => name))(
    "%s runs as a number that is not root, without a shell to start it",
    async (name) => {
      expect(await inspect(tagOf(name), "{{.Config.User}}")).toBe("10001:10001");
      const entry = await inspect(tagOf(name), "{{json .Config.Entrypoint}}");
      expect(entry).toBe('["/usr/local/bin/bun","/app/src/server.js"]');
    },
    SHORT,
  );

  test.each(PROGRAMS.map(({ name }) => name))(
    "%s has no shell, no package manager, and nothing of its own that its user may change",
    async (name) => {
      await withFiles(tagOf(name), (root, files) => {
        expect(files.filter((file) => SHELLS.test(file))).toEqual([]);
        const open = files.filter((file) => (statSync(join(root, file)).mode & 0o6002) !== 0);
        expect(open).toEqual([]);
        expect(files.filter((file) => /\.(test\.ts|map)$|^app\/.*package-lock/.test(file))).toEqual(
          [],
        );
      });
    },
    SHORT,
  );

  test(
    "model-service has the runtime of one platform",
    async () => {
      await withFiles(tagOf("model-service"), (_, files) => {
        const platforms = files.flatMap(
          (file) => /onnxruntime-node\/bin\/[^/]+\/(.+)\//.exec(file)?.[1] ?? [],
        );
        expect([...new Set(platforms)]).toEqual([`linux/${process.arch}`]);
      });
    },
    SHORT,
  );

  test.each([...MODELS])(
    "the image of model %s holds its folder and nothing else",
    async (model) => {
      await withFiles(tagOf(`model-${model}`), (root, files) => {
        const folder = join(MODELS_FOLDER, model);
        expect(files.toSorted()).toEqual(readdirSync(folder).toSorted());
        for (const file of files) {
          expect(readFileSync(join(root, file)).equals(readFileSync(join(folder, file)))).toBe(
            true,
          );
        }
      });
    },
    SHORT,
  );

  test.each([...MODELS])(
    "model-service answers with the mounted model %s and ends with 0",
    async (model) => {
      const image = tagOf("model-service");
      const service = await startContainer(engine, { image, model: tagOf(`model-${model}`) });
      expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
      expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
      expect(await readJson(`${service.url}/version`)).toMatchObject({
        revision: REVISION,
        model: { version: model === "v1" ? "1.0.0" : "2.0.0" },
      });
      const body = JSON.stringify({ url: "http://paypal-login.example.net/verify?id=1" });
      const headers = { "content-type": "application/json" };
      const answer = await readJson(`${service.url}/predict`, { method: "POST", headers, body });
      expect(answer).toMatchObject({ prediction: "Phishing" });
      // What onnxruntime would say before it reports to its maker.
      expect(await service.read()).not.toContain("telemetry");
      expect(await service.stop()).toBe(0);
    },
    SHORT,
  );

  test(
    "model-service without a model says so and ends with 1",
    async () => {
      const image = tagOf("model-service");
      const start = startContainer(engine, { image });
      await expect(start).rejects.toThrow(/exited: .*\/model/s);
    },
    SHORT,
  );

  test(
    "app shows its page, asks the model, and ends with 0",
    async () => {
      const model = await startContainer(engine, {
        image: tagOf("model-service"),
        model: tagOf("model-v1"),
      });
      const environment = { MODEL_URL: model.url, VARIANT: "v2" };
      const app = await startContainer(engine, { image: tagOf("app"), environment });
      expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
      const page = await fetch(app.url);
      expect(page.headers.get("x-app-version")).toBe("v2");
      const assets = [...(await page.text()).matchAll(/\/assets\/[\w.-]+/g)].map(([path]) => path);
      expect(assets.length).toBeGreaterThanOrEqual(3);
      for (const path of assets) expect((await fetch(app.url + path)).status).toBe(200);
      const body = JSON.stringify({ url: "http://paypal-login.example.net/verify?id=1" });
      const headers = { "content-type": "application/json" };
      const answer = await readJson(`${app.url}/api/check`, { method: "POST", headers, body });
      expect(answer).toMatchObject({ verdict: "Phishing" });
      expect(await readJson(`${app.url}/version`)).toMatchObject({ revision: REVISION });
      expect([await app.stop(), await model.stop()]).toEqual([0, 0]);
    },
    SHORT,
  );

  test(
    "shadow-report shows its page and ends with 0",
    async () => {
      const report = await startContainer(engine, { image: tagOf("shadow-report") });
      expect((await fetch(`${report.url}/readyz`)).status).toBe(200);
      expect((await fetch(report.url)).status).toBe(200);
      expect(await readJson(`${report.url}/version`)).toMatchObject({ revision: REVISION });
      expect(await report.stop()).toBe(0);
    },
    SHORT,
  );

  test.skipIf(noCompose)(
    "compose.yaml brings up both versions, each with its own model, and the report",
    async () => {
      const compose = await composeUp(engine, {
        "model-service-v1": tagOf("model-service"),
        "model-service-v2": tagOf("model-service"),
        "shadow-report": tagOf("shadow-report"),
        "app-v1": tagOf("app"),
        "app-v2": tagOf("app"),
      });
      const ours = ["app-v1", "app-v2", "model-service-v1", "model-service-v2", "shadow-report"];
      for (const service of ours) {
        const deadline = Date.now() + 20_000;
        const health = compose.healthOf(service);
        while ((await compose.exec(service, health)).code !== 0 && Date.now() < deadline) {
          await Bun.sleep(100);
        }
        expect([service, (await compose.exec(service, health)).code]).toEqual([service, 0]);
      }
      for (const version of ["v1", "v2"]) {
        const script = `const answer = await fetch("http://app-${version}:8080/api/check", { method: "POST",
          headers: { "content-type": "application/json" }, body: '{"url": "http://paypal-login.example.net/verify"}' });
          const { verdict, model } = await answer.json();
          console.log(answer.headers.get("x-app-version"), verdict, model.version);`;
        const { stdout } = await compose.exec("shadow-report", [
          "/usr/local/bin/bun",
          "-e",
          script,
        ]);
        expect(stdout).toBe(`${version} Phishing ${version.slice(1)}.0.0\n`);
      }
      await compose.down();
    },
    LONG,
  );
});

async function inspect(image: string, format: string): Promise<string> {
  return await engine.run(["podman", "image", "inspect", "--format", format, image]);
}

async function readJson(url: string, options?: RequestInit): Promise<unknown> {
  return await (await fetch(url, options)).json();
}

/** Hands over the root of an image on disk and the paths of its regular files in it. */
async function withFiles(
  image: string,
  look: (root: string, files: readonly string[]) => void,
): Promise<void> {
  const root = await engine.run(["podman", "image", "mount", image]);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(root.length + 1)] : [],
  );
  look(root, files);
  await engine.run(["podman", "image", "unmount", image]);
}
