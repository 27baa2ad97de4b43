import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkUrl } from "./answer/check-url.ts";
import { createBrandRule } from "./brand-rule.ts";
import { createTestApp } from "./testing/create-test-app.ts";
import { FakeModel } from "./testing/fake-model.ts";

const LIST = {
  brands: [
    {
      name: "Examplebank",
      domains: ["examplebank.com"],
      userContent: ["files.examplebank.com"],
      userPosts: ["forum.examplebank.com"],
      source: "made up",
    },
  ],
};
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "brands-"));
  file = join(folder, "brands.json");
  writeFileSync(file, JSON.stringify(LIST));
});
afterEach(() => rmSync(folder, { recursive: true }));

const create = (rules: "on" | "off") => createBrandRule({ BRAND_RULES: rules, BRANDS_FILE: file });

describe("createBrandRule()", () => {
  test.each([
    ["https://www.examplebank.com/login", "verified"],
    ["https://examplebank.com.login.example/", "lookalike"],
    ["https://examp1ebank.com/", "lookalike"],
    ["https://files.examplebank.com/login", "pages"],
    ["https://forum.examplebank.com/login", "posts"],
    ["https://other.example/", "none"],
  ])("finds %s to be %s", async (url, kind) => {
    expect((await create("on"))(checkUrl(url))?.kind ?? "none").toBe(kind);
  });

  test("finds nothing when it is off, and does not ask for a list", async () => {
    rmSync(file);
    expect((await create("off"))(checkUrl("https://examplebank.com/"))).toBeUndefined();
  });

  test.each([
    ["a missing list", () => rmSync(file), "no such file"],
    ["no JSON", () => writeFileSync(file, "{"), "JSON"],
    ["an empty list", () => writeFileSync(file, '{"brands":[]}'), "brands"],
    ["a list that is none", () => writeFileSync(file, "[]"), "The list must be an object"],
    ...[
      ["a brand without domains", { domains: undefined }, "brands[0].domains must be a list"],
      ["a brand with no domain", { domains: [] }, "brands[0].domains must name at least one"],
      ["an empty domain", { domains: ["a.example", ""] }, "brands[0].domains must be a list"],
      ["a brand without a name", { name: "" }, "brands[0].name must be a text"],
      ["another name that is none", { alsoKnownAs: [1] }, "brands[0].alsoKnownAs must be a list"],
      ["user content that is no list", { userContent: "x" }, "brands[0].userContent must be"],
      ["user posts that are no list", { userPosts: "x" }, "brands[0].userPosts must be"],
      ["names that are none", { notLookalikes: [null] }, "brands[0].notLookalikes must be"],
      ["a common word that is not said", { commonWord: "yes" }, "brands[0].commonWord must be"],
      ["sign-in alone or not", { signInOnly: "no" }, "brands[0].signInOnly must be true or false"],
      ["domains alone or not", { domainsOnly: 1 }, "brands[0].domainsOnly must be true or false"],
    ].map(([what, wrong, message]) => {
      const brands = [{ name: "A", domains: ["a.example"], ...(wrong as object) }];
      const spoil = () => writeFileSync(file, JSON.stringify({ brands }));
      return [String(what), spoil, String(message)] as const;
    }),
  ])("refuses %s and says what would be right", async (_, spoil, message) => {
    spoil();
    const error = await create("on").catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(Error);
    const text = `${Reflect.get(error, "message")} ${Reflect.get(error, "cause")}`;
    expect(text).toContain(`Cannot read the list of brands in "${file}"`);
    expect(text).toContain("set BRAND_RULES=off");
    expect(text).toContain(message);
  });
});

test("POST /predict is decided by the rule, and says so", async () => {
  const findBrand = await create("on");
  const { post, readMetric } = createTestApp({
    findBrand,
    model: new FakeModel({ score: () => -3 }),
  });
  const response = await post("/predict", { url: "https://examp1ebank.com/" });
  expect(await response.json()).toMatchObject({
    prediction: "Phishing",
    probability: expect.closeTo(0.047, 3),
    confidence: "sure",
    decidedBy: "brand-rule",
    brand: { kind: "lookalike", brand: "Examplebank" },
  });
  const labels = 'version="v1",mirrored="false",verdict="phishing",decided_by="brand-rule"';
  expect(await readMetric(`model_answers_total{${labels}}`)).toBe(1);
});

test.each([
  ["files", 3, "Phishing", "open-host-rule", "unsure"],
  ["files", -3, "Legitimate", "open-host-rule", "unsure"],
  ["forum", 3, "Phishing", "open-host-rule", "unsure"],
  ["forum", 0, "Legitimate", "open-host-rule", "unsure"],
  ["forum", -3, "Legitimate", "model", "sure"],
] as const)(
  "POST /predict on %s of users at %p says %s by the %s, %s",
  async (name, logit, prediction, decidedBy, confidence) => {
    const findBrand = await create("on");
    const { post, readMetric } = createTestApp({
      findBrand,
      model: new FakeModel({ score: () => logit }),
    });
    const response = await post("/predict", { url: `https://${name}.examplebank.com/login` });
    expect(await response.json()).toMatchObject({ prediction, confidence, decidedBy, brand: null });
    const verdict = confidence === "unsure" ? "unsure" : "legitimate";
    const labels = `version="v1",mirrored="false",verdict="${verdict}",decided_by="${decidedBy}"`;
    expect(await readMetric(`model_answers_total{${labels}}`)).toBe(1);
  },
);

test.each([
  ["https://www.facebook.com/login.php", "posts"],
  ["https://github.com/login", "posts"],
  ["https://old.reddit.com/r/x", "posts"],
  ["https://drive.google.com/file/d/1/view", "pages"],
  ["https://forms.office.com/r/abc", "pages"],
  ["https://forms.cloud.microsoft/r/abc", "pages"],
  ["https://outlook.office365.com/owa/calendar/someone@example.org/bookings/", "pages"],
  ["https://example-my.sharepoint.com/:x:/g/personal/someone/Eab", "pages"],
  ["https://docs.google.com/forms/d/e/1/viewform", "pages"],
  ["https://lh3.googleusercontent.com/abc", "pages"],
  ["https://dl.dropboxusercontent.com/s/abc/report.pdf", "pages"],
  ["https://example.my.salesforce-sites.com/support", "pages"],
  ["https://example.secure.force.com/apex/page", "pages"],
  ["https://form.jotform.com/1", "pages"],
  ["https://94618878.shop.strato.de/", "pages"],
  ["https://c.web.de/@337132546481460455/4HW9ryQDSuul", "pages"],
  ["https://in.xero.com/abc", "pages"],
  ["https://pay.gocardless.com/AL000", "pages"],
  ["https://handler.twilio.com/twiml/EH0", "pages"],
  ["https://www.icloud.com/iclouddrive/0a1", "pages"],
  ["https://link.metamask.io/dapp/example.org", "pages"],
  ["https://trial-1.okta.com/", "pages"],
  ["https://www.paypal.com/invoice/p/#INV2-1", "pages"],
  ["https://betaalverzoek.rabobank.nl/betaalverzoek/?id=1", "pages"],
  ["https://acme.onelogin.com/login2/", "pages"],
  ["https://www.binance.com/en/square/post/1", "posts"],
  ["https://cash.app/$someone", "posts"],
  ["https://app.box.com/s/abc", "posts"],
  ["https://app.smartsheet.com/b/form/abc", "posts"],
  ["https://forum-assures.ameli.fr/questions/1", "posts"],
  ["https://community.developer.atlassian.com/t/1", "posts"],
  ["https://kr.forums.blizzard.com/x", "posts"],
] as const)("the list that is shipped says of %s that anyone can publish %s", async (url, kind) => {
  const BRANDS_FILE = join(import.meta.dirname, "../models/brands.json");
  const findBrand = await createBrandRule({ BRAND_RULES: "on", BRANDS_FILE });
  expect(findBrand(checkUrl(url))).toEqual({ kind });
});
