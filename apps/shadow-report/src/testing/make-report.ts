import { joinReports, type Pair } from "../pairing/pair.ts";
import type { Report } from "../pairing/report.ts";

/** A report that is right in every field. */
export function makeReport(fields: Partial<Report> = {}): Report {
  const { role = "live" } = fields;
  const model =
    role === "live" ? { name: "linear", version: "1.0.0" } : { name: "wide-bag", version: "2.0.0" };
  return {
    requestId: "r-1",
    role,
    version: role === "live" ? "v1" : "v2",
    model,
    prediction: "Legitimate",
    probability: 0.25,
    latencyMs: 1,
    url: "a.example/path",
    ...fields,
  };
}

type Half = Partial<Omit<Report, "role" | "url" | "requestId">>;

/** A pair of one URL. */
export function makePair(url: string, { live, mirror }: { live?: Half; mirror?: Half } = {}): Pair {
  return joinReports(
    makeReport({ url, role: "live", ...live }),
    makeReport({ url, role: "mirror", ...mirror }),
  );
}
