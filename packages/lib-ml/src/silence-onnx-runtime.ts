const NAME = "ORT_DISABLE_TELEMETRY";

/** The C library by platform; ONNX Runtime has no other on Unix, and on Windows its events stay on the machine. */
const C_LIBRARIES: Readonly<Record<string, string>> = {
  linux: "libc.so.6",
  darwin: "libSystem.B.dylib",
};

/**
 * Keeps ONNX Runtime from reporting to its makers and from leaving a log in the temp folder (since
 * 1.29, microsoft/onnxruntime#27379). To be called before the first session opens; who has set
 * ORT_DISABLE_TELEMETRY keeps what it says.
 *
 * The runtime reads the environment of the process, which Bun's process.env does not write to as
 * that of Node.js does: hence the call of setenv.
 */
export async function silenceOnnxRuntime(): Promise<void> {
  if (process.env[NAME] !== undefined) return;
  process.env[NAME] = "1";
  const library = C_LIBRARIES[process.platform];
  if (process.versions.bun === undefined || library === undefined) return;
  const { dlopen } = await import("bun:ffi");
  const { symbols, close } = dlopen(library, {
    setenv: { args: ["buffer", "buffer", "i32"], returns: "i32" },
  });
  symbols.setenv(Buffer.from(`${NAME}\0`), Buffer.from("1\0"), 1);
  close();
}
