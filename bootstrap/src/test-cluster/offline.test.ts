import { beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { chooseCharts, readInstallationVersion } from "../choose-charts.ts";
import { packCharts } from "../commands/download.ts";
import { runStages } from "../commands/up.ts";
import { PREPARED_INSTALLATION, renderInstallation } from "../installation.ts";
import { listApplications } from "../list-applications.ts";
import { parseOptions } from "../options.ts";
import { ARGO_CD_TIMES, startArgoCd } from "../testing/argo-cd.ts";
import { createCertificates } from "../testing/certificates.ts";
import { listStandIns, packStandIn } from "../testing/chart-repository.ts";
import { startControllers } from "../testing/controllers.ts";
import { stopAfterAll } from "../testing/stop-after-all.ts";
import { isArgoCdBuilt, isAskedFor } from "../testing/test-cluster.ts";
import { ROOT, startTestRun, type TestRun } from "../testing/test-run.ts";

// argo-cd.test.ts says so where Argo CD is not built.
const absent = !(isArgoCdBuilt() && isAskedFor());

let run: TestRun;
let charts: ReturnType<typeof serveCharts>;
const keep = stopAfterAll();

/** As k3s on the control node: the prepared charts, with a certificate of the cluster's authority. */
function serveCharts({ cluster, prepared }: TestRun) {
  const certificates = createCertificates(join(cluster.folder, "pki"));
  const leaf = { authority: "ca", subject: "/CN=charts", names: "IP:127.0.0.1" };
  const { cert, key } = certificates.leaf("charts", leaf);
  const asked: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { cert, key },
    fetch: (request) => {
      const name = new URL(request.url).pathname.split("/").at(-1) ?? "";
      asked.push(name);
      return new Response(Bun.file(join(prepared, "charts", name)));
    },
  });
  return { url: `https://127.0.0.1:${server.port}/charts`, asked, stop: () => server.stop(true) };
}

beforeAll(async () => {
  if (absent) return;
  run = keep(await startTestRun((line) => console.info(line)));
  const folder = join(run.prepared, "charts");
  for (const chart of listStandIns()) packStandIn(folder, chart);
  const file = join(run.prepared, PREPARED_INSTALLATION);
  await packCharts(run.prepared, renderInstallation(ROOT, file));
  charts = keep(serveCharts(run));
  keep(startControllers(run.admin));
  // Nobody listens there: whatever would ask the internet fails.
  const nowhere = "http://127.0.0.1:9";
  const variables = { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, NO_PROXY: "127.0.0.1" };
  keep(await startArgoCd(run.cluster, variables));
}, 120_000);

describe.skipIf(absent)("without the internet, with Argo CD's own programs", () => {
  test("every application is synced and healthy from the prepared folder and Git alone", async () => {
    const options = parseOptions(["--charts", charts.url, "--prepared", run.prepared], ROOT);
    const chosen = await chooseCharts(options, run.admin, () =>
      readInstallationVersion(ROOT, run.prepared),
    );
    await runStages(run.with({ ...ARGO_CD_TIMES, charts: chosen }));
    const applications = await listApplications(run.admin);
    expect(applications.map(({ name }) => name)).toContain("argo-cd");
    expect(applications.filter(({ done }) => !done)).toEqual([]);
    const taken = readdirSync(join(run.prepared, "charts")).filter((name) => name.endsWith("gz"));
    expect(taken.filter((name) => !charts.asked.includes(name))).toEqual([]);
  }, 600_000);
});
