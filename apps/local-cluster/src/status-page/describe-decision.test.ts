import { expect, test } from "bun:test";
import { buildForward } from "../data-plane/testing/fake-mesh.ts";
import { describeDecision } from "./describe-decision.ts";

test.each([
  [1, "up to 1 more try on 503"],
  [2, "up to 2 more tries on 503"],
])("describeDecision() counts %i of the tries", (attempts, told) => {
  const decision = buildForward("app", { retries: { attempts, retryOn: ["503"] } });
  expect(describeDecision(decision)).toContain(told);
});
