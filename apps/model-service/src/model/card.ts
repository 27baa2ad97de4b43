import * as z from "zod";

const Share = z.number().min(0).max(1);

/** Where the reference values of a drift histogram lie: bin i is [edges[i], edges[i + 1]). */
const Histogram = z
  .looseObject({ edges: z.array(z.number()).min(2), shares: z.array(Share).min(1) })
  .refine(
    ({ edges, shares }) => edges.length === shares.length + 1,
    "needs one edge more than shares",
  )
  .refine(
    ({ edges }) => edges.every((edge, i) => i === 0 || edge > Number(edges[i - 1])),
    "needs rising edges",
  );

/** The rows on which the probability was calibrated, and of how many sites they are. */
const Calibration = z.looseObject({
  rows: z.int().positive(),
  phishing: z.int().min(0),
  legitimate: z.int().min(0),
  sites: z.int().positive(),
});

/** What model-service reads of a model's card.json; the card may hold more. */
export const Card = z.looseObject({
  format: z.literal(1),
  name: z.enum(["linear", "wide-bag"]),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, "must be major.minor.patch"),
  created: z.iso.datetime({ offset: true }),
  contract: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits"),
  bytes: z.int().positive(),
  threshold: Share,
  unsure: z
    .looseObject({ low: Share, high: Share })
    .refine(({ low, high }) => low <= high, "needs low ≤ high"),
  prior: z.number().gt(0).lt(1),
  precisionAt: z.array(z.looseObject({ baseRate: z.number().gt(0).lt(1), precision: Share })),
  drift: z.looseObject({ probability: Histogram, length: Histogram }),
  /** Without it nothing bounds what is said at other base rates. */
  metrics: z.looseObject({ val: Calibration }).optional(),
});

export type Card = Readonly<z.output<typeof Card>>;
