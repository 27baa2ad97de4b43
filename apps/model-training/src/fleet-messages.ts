// What the command and its worker processes tell each other, parsed on arrival.
import { z } from "zod";
import { Card } from "./card/card.ts";
import { TRAINING_ERROR_CODES } from "./errors.ts";

const Job = z.strictObject({
  kind: z.enum(["linear", "wide-bag"]),
  files: z.strictObject({
    train: z.array(z.string()),
    val: z.array(z.string()),
    test: z.array(z.string()),
    holdout: z.array(z.string()),
  }),
  excludeSources: z.array(z.string()),
  seeds: z.tuple([z.int()], z.int()),
  twin: z.boolean(),
  folder: z.string(),
});

/** One model to train, as a worker is told. */
export type Job = z.infer<typeof Job>;

const Training = z.object({
  rows: z.number(),
  total: z.number().optional(),
  epoch: z.number(),
  epochs: z.number(),
  loss: z.number(),
});

const Message = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("progress"),
    progress: z.strictObject({
      twin: z.boolean(),
      stage: z.enum(["survey", "train", "export", "evaluate"]),
      training: Training.optional(),
      seed: z.int().optional(),
    }),
  }),
  z.strictObject({ type: z.literal("done"), card: Card, seconds: z.number() }),
  z.strictObject({
    type: z.literal("failed"),
    code: z.enum(TRAINING_ERROR_CODES),
    message: z.string(),
  }),
]);

export type Message = z.infer<typeof Message>;
export type ProgressMessage = Extract<Message, { type: "progress" }>["progress"];

export function parseJob(text: string): Job {
  return Job.parse(JSON.parse(text));
}

export function parseMessage(value: unknown): Message {
  return Message.parse(value);
}
