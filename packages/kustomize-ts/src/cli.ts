#!/usr/bin/env -S BUN_JSC_useDFGJIT=0 bun
// A build is over before optimised code pays for its compilation: without it 12 resources take a
// quarter less time, and 4,000 no more.
import { runCompiled } from "./command-line/run-compiled.ts";

await runCompiled(process.argv.slice(2));
