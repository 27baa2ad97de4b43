import { afterAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { startServer, stopServers } from "@hookline/http-service/testing";
import type { Verdict } from "./pairing/pair.ts";
import type { Summary } from "./summary.ts";

const REPORT = resolve(import.meta.dirname, "server.ts");
// Programs know each other by the network only: model-service is started as one, if it is beside us.
const ROOM = resolve(import.meta.dirname, "../../model-service");
const SERVER = resolve(ROOM, "src/server.ts");
const MODELS = ["v1", "v2"].map((name) => resolve(ROOM, "models", name));
const absent = ![SERVER, ...MODELS].every((path) => existsSync(path));
if (absent) {
  console.warn("skipped: pairing two real models needs apps/model-service with its models beside");
}

afterAll(stopServers);

interface Answer {
  readonly prediction: "Phishing" | "Legitimate";
  readonly confidence: "sure" | "unsure";
  readonly probability: number;
}

const readVerdict = ({ prediction, confidence }: Answer): Verdict =>
  confidence === "unsure" ? "Unsure" : prediction;

const SITES = [
  "example.org",
  "paypal-login.example.net",
  "parcel-fee.info",
  "192.0.2.7",
  "secure-bank.top",
];
const PATHS = [
  "",
  "/",
  "/login.php",
  "/wp-content/verify/account",
  "/a/b?user=SECRET",
  "/track?id=772",
];
const URLS = SITES.flatMap((site) =>
  PATHS.map((path) => `https://ann:SECRET@${site}${path}`),
).concat(
  Array.from({ length: 30 }, (_, i) => `http://shop-${i}.example/account/update.php?x=${i}`),
);

async function ask(
  url: string,
  { at, id, host }: { at: string; id: string; host: string },
): Promise<Answer> {
  const response = await fetch(`${at}/predict?explain=true`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-request-id": id, host },
    body: JSON.stringify({ url }),
  });
  return JSON.parse(await response.text());
}

test.skipIf(absent)(
  "two real models and the report agree on how far they agree",
  async () => {
    const report = await startServer(REPORT, { PAIR_WAIT_MS: "3000" });
    const [live, mirror] = await Promise.all(
      MODELS.map(async (MODEL_DIR) => {
        const environment = { MODEL_DIR, SHADOW_REPORT_URL: report.url };
        return (await startServer(SERVER, environment)).url;
      }),
    );
    const answers: { live: Answer; mirror: Answer }[] = [];
    for (const [i, url] of URLS.entries()) {
      const id = `request-${i}`;
      answers.push({
        live: await ask(url, { at: String(live), id, host: "model-service" }),
        mirror: await ask(url, { at: String(mirror), id, host: "model-service-shadow" }),
      });
      // One is tried again, while its pair is waited for.
      if (i === 0) await ask(url, { at: String(live), id, host: "model-service" });
    }
    // One that is not mirrored.
    await ask("https://alone.example/", { at: String(live), id: "alone", host: "model-service" });

    let summary: Summary | undefined;
    while (summary?.pairs !== URLS.length || summary.unpaired.live === 0) {
      summary = JSON.parse(await (await fetch(`${report.url}/api/report`)).text());
    }
    const verdicts = answers.map(
      (one) => [readVerdict(one.live), readVerdict(one.mirror)] as const,
    );
    const row = (live: Verdict) => {
      const found = verdicts.filter(([one]) => one === live);
      const count = (mirror: Verdict) => found.filter(([, other]) => other === mirror).length;
      return {
        Legitimate: count("Legitimate"),
        Unsure: count("Unsure"),
        Phishing: count("Phishing"),
      };
    };
    expect(summary.confusion).toEqual({
      Legitimate: row("Legitimate"),
      Unsure: row("Unsure"),
      Phishing: row("Phishing"),
    });
    expect(verdicts.flat()).toContain("Unsure");
    const agreed = verdicts.filter(([live, mirror]) => live === mirror).length;
    expect(summary.agreement.agreed).toBe(agreed);
    const scores = answers.map(({ live: l, mirror: m }) => m.probability - l.probability);
    expect(summary.score.mean).toBeCloseTo(
      scores.reduce((sum, one) => sum + one, 0) / scores.length,
      10,
    );
    expect(summary.models).toMatchObject({
      live: { name: "linear", label: "v1" },
      mirror: { name: "wide-bag", label: "v2" },
    });
    expect(summary.unpaired).toMatchObject({ live: 1, mirror: 0 });
    const [greatest] = summary.differences;
    const rank = ({ live: l, mirror: m }: (typeof answers)[number]) => {
      const [one, other] = [readVerdict(l), readVerdict(m)];
      return one === other ? 0 : one === "Phishing" || other === "Phishing" ? 2 : 1;
    };
    const most = Math.max(...answers.map(rank));
    const first = answers.filter((one) => rank(one) === most);
    expect(Math.abs(Number(greatest?.score))).toBe(
      Math.max(...first.map(({ live: l, mirror: m }) => Math.abs(m.probability - l.probability))),
    );
    expect(greatest?.live.explanation?.parts.length).toBeGreaterThan(1);
    expect(greatest?.mirror.explanation?.method).toBe("occlusion");
    const page = await (await fetch(`${report.url}/`)).text();
    expect(page).toContain(`<bdi>${greatest?.url}</bdi>`);
    expect(JSON.stringify(summary) + page).not.toContain("SECRET");
  },
  120_000,
);
