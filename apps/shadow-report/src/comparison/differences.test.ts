import { describe, expect, test } from "bun:test";
import { makePair } from "../testing/make-report.ts";
import { Differences } from "./differences.ts";

const pairOf = (url: string, live: number, mirror: number) =>
  makePair(url, { live: { probability: live }, mirror: { probability: mirror } });

describe("Differences", () => {
  test("keeps the greatest, the greatest first, in whichever direction", () => {
    const differences = new Differences(3);
    for (const [i, mirror] of [0.6, 0.1, 0.95, 0.55, 0.3].entries()) {
      differences.addPair(pairOf(`u${i}`, 0.5, mirror));
    }
    expect(differences.all.map(({ url }) => url)).toEqual(["u2", "u1", "u4"]);
    expect(differences.all.map(({ score }) => score)).toEqual(
      [0.45, -0.4, -0.2].map((s) => expect.closeTo(s)),
    );
  });

  test("has another verdict before any difference of score", () => {
    const differences = new Differences(2);
    differences.addPair(pairOf("far", 0.1, 0.7));
    differences.addPair(pairOf("farther", 0.1, 0.75));
    const mirror = { probability: 0.5, prediction: "Phishing" } as const;
    differences.addPair(makePair("near", { live: { probability: 0.49 }, mirror }));
    expect(differences.all.map(({ url }) => url)).toEqual(["near", "farther"]);
  });

  test("has a warning of one only before any other difference of verdict", () => {
    const differences = new Differences(3);
    const unsure = { confidence: "unsure", probability: 0.3 } as const;
    const legitimate = { confidence: "sure", probability: 0.1 } as const;
    const phishing = { prediction: "Phishing", confidence: "sure", probability: 0.31 } as const;
    differences.addPair(makePair("score", { live: legitimate, mirror: legitimate }));
    differences.addPair(makePair("unsure", { live: legitimate, mirror: unsure }));
    differences.addPair(makePair("warning", { live: unsure, mirror: phishing }));
    expect(differences.all.map(({ url }) => url)).toEqual(["warning", "unsure"]);
    expect(differences.all[0]?.live.verdict).toBe("Unsure");
  });

  test("has each URL once, with its last scores and how often it came", () => {
    const differences = new Differences(3);
    differences.addPair(pairOf("a", 0.1, 0.9));
    differences.addPair(pairOf("b", 0.1, 0.6));
    differences.addPair(pairOf("a", 0.1, 0.4));
    expect(differences.all).toMatchObject([
      { url: "b", times: 1 },
      { url: "a", times: 2, mirror: { probability: 0.4 } },
    ]);
  });

  test("keeps an explanation though the next caller asked for none", () => {
    const differences = new Differences(3);
    const explanation = { method: "exact" as const, parts: [{ text: "a", weight: 1 }] };
    const [live, mirror] = [{ probability: 0.1 }, { probability: 0.9 }];
    differences.addPair(makePair("a", { live, mirror: { ...mirror, explanation } }));
    differences.addPair(makePair("b", { live: { ...live, explanation }, mirror }));
    for (const url of ["a", "b"]) {
      differences.addPair(makePair(url, { live, mirror }));
    }
    expect(differences.all[0]?.mirror.explanation).toEqual(explanation);
    expect(differences.all[0]?.live.explanation).toBeUndefined();
    expect(differences.all[1]?.live.explanation).toEqual(explanation);
  });

  test("leaves out what hardly differs, unless the verdicts do", () => {
    const differences = new Differences(3);
    differences.addPair(pairOf("a", 0.5, 0.51));
    expect(differences.all).toEqual([]);
    differences.addPair(
      makePair("b", {
        live: { probability: 0.5 },
        mirror: { probability: 0.51, prediction: "Phishing" },
      }),
    );
    expect(differences.all).toHaveLength(1);
  });
});
