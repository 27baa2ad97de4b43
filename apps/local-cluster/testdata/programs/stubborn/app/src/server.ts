// A program as up expects it, but one that does not end on SIGTERM.
import { answer } from "../../../../answer.ts";

answer();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
