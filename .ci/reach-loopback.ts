// Loaded before the tests: all that they ask is on this machine, whatever proxy its user has.
import { reachLoopback } from "../packages/command-line/src/index.ts";

reachLoopback();
