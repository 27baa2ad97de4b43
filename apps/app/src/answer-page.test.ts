import { describe, expect, test } from "bun:test";
import { buildAnswer, SAMPLE_URLS } from "./fake-model-service.ts";
import { ModelAnswer } from "./model-answer.ts";
import { createTestApp, formRequest, readText } from "./testing.ts";

describe("the answer of POST /", () => {
  test("explains the score in natural frequencies, with signs, and says how exact that is", async () => {
    const { app } = await createTestApp();
    const response = await app.request(
      "/",
      formRequest({ url_input: SAMPLE_URLS.phishing, guess: "phishing" }),
    );
    const page = await response.text();
    expect(readText(page, ".base-rates")).toContain(
      "Where 1 in 100 links is phishing, about 44 of 100 links with this score are phishing.Where 1 in 1,000",
    );
    const weights = readText(page, ".weights");
    expect(weights).toStartWith("paypa1-account in the host ▲ phishing +2.37");
    expect(weights).toContain("id=8842 in the query ▼ legitimate −0.31");
    expect(weights).toContain("length of the host ▲ phishing +0.26");
    expect(readText(page, ".explanation")).toContain("Approximate: each part");
    expect(readText(page, ".model-score")).toContain("Model wide-bag 2.0.0.");
    expect(readText(page, ".model-score")).toContain("99% likely phishing");
    expect(readText(page, ".figure")).toBe("99%");
    expect(page).toContain('class="scale"');
  });

  test("marks the letters that look alike, and those alone", async () => {
    const { app } = await createTestApp();
    const fields = { url_input: SAMPLE_URLS.homoglyph, guess: "phishing" };
    const page = await (await app.request("/", formRequest(fields))).text();
    expect(readText(page, ".brand-note mark")).toBe("\u0430");
  });

  test.each([
    [SAMPLE_URLS.homoglyph, "\u0430", "\u0430", ""],
    [
      SAMPLE_URLS.foreign,
      "\u00FC",
      "\u00FC",
      "The host is written www.m\u00FCnchen.example and looked up as www.xn--mnchen-3ya.example. What is framed is none of the letters a to z, even where it looks like one: U+00FC.",
    ],
    [
      `https://${"\u0431\u0432\u0433\u0434\u0435\u0436\u0437\u0438\u0439"}.example/`,
      "\u0431\u0432\u0433\u0434\u0435\u0436\u0437\u0438\u0439",
      "",
      "U+0431, U+0432, U+0433, U+0434, U+0435, U+0436, U+0437, U+0438, …",
    ],
    ["https://a.example/\u00DF", "", "", ""],
  ])("frames what is none of a to z in the host of %p", async (url, inBox, inList, spelt) => {
    const { app } = await createTestApp();
    const page = await (
      await app.request("/", formRequest({ url_input: url, guess: "none" }))
    ).text();
    expect(readText(page, ".url mark.foreign")).toBe(inBox);
    expect(readText(page, ".weights mark.foreign")).toBe(inList);
    const said = readText(page, ".explanation .spellings");
    if (spelt === "") expect(said).toBe("");
    else expect(said).toEndWith(spelt);
  });

  test.each([
    [
      "https://paypal.com.secure.example.org/in",
      "The site is example.org. Its owner can put any words before and behind that name.",
    ],
    [
      "https://m\u00FCnchen.paypal.nowhere/",
      "No public site that we know of has a name that ends in \u201C.nowhere\u201D.",
    ],
    ["http://192.0.2.7/paypal.com", ""],
  ])("names the site of %s", async (url, said) => {
    const { app } = await createTestApp();
    const fields = { url_input: url, guess: "none" };
    const page = await (await app.request("/", formRequest(fields))).text();
    expect(readText(page, ".explanation .site")).toBe(said);
  });

  test.each([
    [SAMPLE_URLS.phishing, ""],
    [SAMPLE_URLS.legitimate, "That is no promise: to sign in or pay, open the site yourself"],
    [SAMPLE_URLS.unsure, "Treat it with care: do not sign in or pay there until the sender"],
    [SAMPLE_URLS.shortened, "Treat it with care: do not sign in or pay there until the sender"],
    [SAMPLE_URLS.verified, ""],
  ])("says what to do next about %s", async (url, next) => {
    const { app } = await createTestApp();
    const fields = { url_input: url, guess: "legitimate" };
    const page = await (await app.request("/", formRequest(fields))).text();
    const said = readText(page, ".next");
    if (next === "") expect(said).toBe("");
    else expect(said).toStartWith(next);
  });

  test("writes a score that is nearly phishing apart from where phishing begins", async () => {
    const answer = { ...buildAnswer(SAMPLE_URLS.unsure), probability: 0.9073 };
    const { app } = await createTestApp({ predict: async () => ({ kind: "answered", answer }) });
    const fields = { url_input: SAMPLE_URLS.unsure, guess: "none" };
    const page = await (await app.request("/", formRequest(fields))).text();
    expect(readText(page, ".figure")).toBe("90.7%");
    expect(readText(page, ".model-score")).toContain("from 91.0% phishing");
    expect(page).toContain("Score 90.7% on a scale from 0 to 100%; unsure from 62.0% to 91.0%");
  });

  test("says of a verdict by rule what the rule says, not what the model thinks", async () => {
    const { app } = await createTestApp();
    const fields = { url_input: SAMPLE_URLS.verified, guess: "legitimate" };
    const page = await (await app.request("/", formRequest(fields))).text();
    expect(readText(page, ".lead")).toBe("This address is on a domain that we know.");
  });

  test("says of a host that is open to all that its text does not settle it", async () => {
    const { app } = await createTestApp();
    const fields = { url_input: SAMPLE_URLS.open, guess: "legitimate" };
    const page = await (await app.request("/", formRequest(fields))).text();
    expect(readText(page, "#verdict")).toBe("Unsure");
    expect(readText(page, ".lead")).toStartWith(
      "On this host, or this part of it, anyone can publish",
    );
  });

  test.each([
    [
      "https://bit.ly/x?u=https%3A%2F%2Fevil.example%2Fin",
      "Inside it stands https://evil.example/in. Check that one, too; this link may still lead elsewhere.",
    ],
    [SAMPLE_URLS.shortened, ""],
  ])("tells the link that stands in %s", async (url, told) => {
    const { app } = await createTestApp({
      predict: async () => ({
        kind: "answered",
        answer: ModelAnswer.parse(buildAnswer(SAMPLE_URLS.shortened)),
      }),
    });
    const page = await (
      await app.request("/", formRequest({ url_input: url, guess: "none" }))
    ).text();
    expect(readText(page, ".inner-link")).toBe(told);
  });

  test("shows what a rule decided that it does not know yet", async () => {
    const answer = { ...buildAnswer(SAMPLE_URLS.shortened), decidedBy: "newer-rule" };
    const { app } = await createTestApp({
      predict: async () => ({ kind: "answered", answer: ModelAnswer.parse(answer) }),
    });
    const fields = { url_input: "https://a.example/", guess: "legitimate" };
    const page = await (await app.request("/", formRequest(fields))).text();
    expect(readText(page, "#verdict")).toBe("Unsure");
    expect(readText(page, ".lead")).toBe("A rule decided this, not the model.");
  });

  test.each([
    ["a verified brand", SAMPLE_URLS.verified, "2.1%", "legitimate"],
    ["a look-alike", SAMPLE_URLS.lookalike, "48%", "legitimate"],
    ["a short link", SAMPLE_URLS.shortened, "93%", "phishing"],
    ["a private address", SAMPLE_URLS.private, "97%", "phishing"],
    ["a host that is open to all", SAMPLE_URLS.open, "98%", "phishing"],
  ])("lets no score of the model speak against the rule for %s", async (_, url, share, alone) => {
    const { app } = await createTestApp();
    const fields = { url_input: url, guess: "legitimate" };
    const page = await (await app.request("/", formRequest(fields))).text();
    expect(readText(page, ".not-counted")).toStartWith(
      `What the model alone would have saidA rule decided this, so the score did not count: alone, the model gives ${share} likely phishing, which it calls ${alone}.`,
    );
    expect(page).toContain('<details class="not-counted">');
    expect(readText(page, ".model-score, .figure, .url mark:not(.foreign)")).toBe("");
    expect(page).toContain('class="scale neutral"');
    expect(page).not.toContain("where phishing is rare");
  });
});
