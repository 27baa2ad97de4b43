// Benchmark: requests a second of /predict against Flask's development server (the original's), with no model at all.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  interleave,
  load,
  median,
  readOptions,
  report,
  requireWrk,
  skip,
  startProgram,
  startService,
  warmUp,
} from "./harness.ts";

const APP = `
import json, socket, sys
from flask import Flask, request, jsonify
app = Flask(__name__)

@app.post("/predict")
def predict():
    url = request.get_json()["url"]
    return jsonify(prediction="Phishing" if len(url) > 50 else "Legitimate")

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
print(json.dumps({"url": f"http://127.0.0.1:{port}"}), flush=True)
app.run(port=port)
`;

const options = readOptions(
  "Requests per second at 64 connections: /predict against Flask's development server without a model.",
);
requireWrk();
const folder = mkdtempSync(join(tmpdir(), "flask-"));
const python = join(folder, "bin/python");
const install = [
  ["python3", "-m", "venv", folder],
  [python, "-m", "pip", "install", "--quiet", "flask"],
];
for (const command of install) {
  if (Bun.which("python3") === null || Bun.spawnSync(command).exitCode !== 0) {
    skip(`"${command.join(" ")}" did not work here`);
  }
}
writeFileSync(join(folder, "app.py"), APP);
// One after the other: Flask's port is free for a moment before Flask takes it.
const flask = await startProgram([python, join(folder, "app.py")], {}, { quiet: true });
await waitUntilItAnswers(flask.url);
const service = await startService();
async function waitUntilItAnswers(url: string): Promise<void> {
  while (
    !(await fetch(url).then(
      () => true,
      () => false,
    ))
  ) {
    await Bun.sleep(10);
  }
}

const ask = (url: string) => async () =>
  (await load(`${url}/predict`, { connections: 64, seconds: 1 })).requestsPerSecond;
await warmUp(service);
const values = await interleave(options.repeats, {
  "/predict": ask(service.url),
  "Flask without a model": ask(flask.url),
});
await Promise.all([service.stop(), flask.stop("SIGKILL")]);
report(options, {
  unit: "requests/s",
  values,
  ratios: [
    {
      what: "/predict ÷ Flask",
      value: median(values["/predict"]) / median(values["Flask without a model"]),
      reach: 10,
      sense: "≥",
    },
  ],
});
