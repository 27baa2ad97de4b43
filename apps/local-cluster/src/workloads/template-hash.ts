import type { PodTemplate } from "./workload.ts";

/** Letters of Kubernetes' random names: no vowels, nothing that looks like something else. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** Ten letters that differ when the pods that are made of the templates would. */
export function hashTemplate(template: PodTemplate): string {
  return spell(Bun.hash(JSON.stringify(template, plain)), 10);
}

/** Letters for the end of a pod's name. */
export function randomLetters(count: number): string {
  return spell(Bun.hash(crypto.randomUUID()), count);
}

function spell(number: number | bigint, count: number): string {
  let rest = BigInt(number);
  let letters = "";
  while (letters.length < count) {
    letters += ALPHABET[Number(rest % BigInt(ALPHABET.length))];
    rest /= BigInt(ALPHABET.length);
  }
  return letters;
}

function plain(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Bun.hash(value).toString(36);
  return value instanceof Map ? [...value] : value;
}
