import { expect, test } from "bun:test";
import { join } from "node:path";

const SCRIPT = `
import { CString, dlopen } from "bun:ffi";
import { silenceOnnxRuntime } from ${JSON.stringify(join(import.meta.dirname, "silence-onnx-runtime.ts"))};
await silenceOnnxRuntime();
const { symbols } = dlopen("libc.so.6", { getenv: { args: ["buffer"], returns: "ptr" } });
const found = symbols.getenv(Buffer.from("ORT_DISABLE_TELEMETRY\\0"));
console.log(found === null ? "unset" : new CString(found).toString());
`;

const LINUX = process.platform === "linux";
if (!LINUX) {
  console.warn("skipped: the environment of the process is read through Linux's C library");
}

test.skipIf(!LINUX).each([
  { given: undefined, seen: "1" },
  { given: "0", seen: "0" },
])(
  "native code sees ORT_DISABLE_TELEMETRY=$seen where it was $given",
  async ({ given, seen }) => {
    const { ORT_DISABLE_TELEMETRY: _, ...rest } = process.env;
    const env = given === undefined ? rest : { ...rest, ORT_DISABLE_TELEMETRY: given };
    const script = Bun.spawn([process.execPath, "-e", SCRIPT], { env });
    expect((await new Response(script.stdout).text()).trim()).toBe(seen);
  },
  120_000,
);
