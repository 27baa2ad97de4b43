// A program as up expects it, and one that ends on SIGTERM.
import { answer } from "../../../../answer.ts";

answer();
process.on("SIGTERM", () => process.exit(0));
