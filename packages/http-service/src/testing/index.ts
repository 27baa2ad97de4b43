export { CHROMIUM_FLAGS, findChromium } from "./chromium.ts";
export { readMetric } from "./read-metric.ts";
export { runServer, startServer, stopServers } from "./start-server.ts";
