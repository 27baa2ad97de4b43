import { z } from "../zod.ts";

const Share = z.number().check(z.minimum(0), z.maximum(1));

/** Where the reference values of a drift histogram lie: bin i is [edges[i], edges[i + 1]). */
const Histogram = z
  .looseObject({
    edges: z.array(z.number()).check(z.minLength(2)),
    shares: z.array(Share).check(z.minLength(1)),
  })
  .check(
    z.refine(
      ({ edges, shares }) => edges.length === shares.length + 1,
      "needs one edge more than shares",
    ),
    z.refine(
      ({ edges }) => edges.every((edge, i) => i === 0 || edge > Number(edges[i - 1])),
      "needs rising edges",
    ),
  );

/** The rows on which the probability was calibrated, and of how many sites they are. */
const Calibration = z.looseObject({
  rows: z.int().check(z.positive()),
  phishing: z.int().check(z.nonnegative()),
  legitimate: z.int().check(z.nonnegative()),
  sites: z.int().check(z.positive()),
});

/** What model-service reads of a model's card.json; the card may hold more. */
export const Card = z.looseObject({
  format: z.literal(1),
  name: z.enum(["linear", "wide-bag"]),
  version: z.string().check(z.regex(/^\d+\.\d+\.\d+$/, "must be major.minor.patch")),
  created: z.iso.datetime({ offset: true }),
  contract: z.string().check(z.minLength(1)),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits")),
  bytes: z.int().check(z.positive()),
  threshold: Share,
  unsure: z
    .looseObject({ low: Share, high: Share })
    .check(z.refine(({ low, high }) => low <= high, "needs low ≤ high")),
  prior: z.number().check(z.gt(0), z.lt(1)),
  precisionAt: z.array(
    z.looseObject({ baseRate: z.number().check(z.gt(0), z.lt(1)), precision: Share }),
  ),
  drift: z.looseObject({ probability: Histogram, length: Histogram }),
  /** Without it nothing bounds what is said at other base rates. */
  metrics: z.optional(z.looseObject({ val: Calibration })),
});

export type Card = Readonly<z.output<typeof Card>>;
