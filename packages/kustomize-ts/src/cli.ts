#!/usr/bin/env -S BUN_JSC_useDFGJIT=0 bun
// A build is over before optimised code pays for its compilation: without it 12 resources take a
// third less time, 100 half, and 4,000 no more. Only the environment can say so, so what was
// started without that word becomes, in place, what the first line would have started.
const WITHOUT_OPTIMISER = "BUN_JSC_useDFGJIT";

if (process.env[WITHOUT_OPTIMISER] === undefined && process.execve !== undefined) {
  // Bun is in that folder already, and would look for it inside of itself.
  const flags = process.execArgv.filter(
    (word, i, all) => !/^--cwd(?:=|$)/.test(word) && all[i - 1] !== "--cwd",
  );
  const words = [process.argv0, ...flags, ...process.argv.slice(1)];
  process.execve(process.execPath, words, { ...process.env, [WITHOUT_OPTIMISER]: "0" });
}
const { runCompiled } = await import("./command-line/run-compiled.ts");
await runCompiled(process.argv.slice(2));
