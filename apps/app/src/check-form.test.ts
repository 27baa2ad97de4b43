import { describe, expect, test } from "bun:test";
import { buildAnswer, SAMPLE_URLS } from "./fake-model-service.ts";
import { ModelAnswer } from "./model-answer.ts";
import type { ModelReply } from "./model-client.ts";
import { createTestApp, formRequest } from "./testing.ts";

const timeout: ModelReply = {
  kind: "unknown",
  reason: { code: "timeout", message: "The model service did not answer within 0.9 seconds." },
};

/** Text of the elements that the selector names, white space joined. */
function readText(page: string, selector: string): string {
  let text = "";
  const rewriter = new HTMLRewriter().on(selector, {
    text(chunk) {
      text += chunk.text;
    },
  });
  rewriter.transform(page);
  return text.replaceAll("&amp;", "&").replace(/\s+/g, " ").trim();
}

describe("POST /", () => {
  test.each([
    [
      "phishing",
      SAMPLE_URLS.phishing,
      "phishing",
      "Phishing",
      "You said phishing, and so does the verdict.",
      "1 of 1",
    ],
    [
      "legitimate",
      SAMPLE_URLS.legitimate,
      "phishing",
      "Legitimate",
      "You said phishing. The verdict is legitimate.",
      "0 of 1",
    ],
    [
      "unsure",
      SAMPLE_URLS.unsure,
      "legitimate",
      "Unsure",
      "An unsure verdict does not count for your score.",
      "starts with",
    ],
    [
      "a short link, by rule",
      SAMPLE_URLS.shortened,
      "phishing",
      "Unsure",
      "This link only forwards to another.",
      "starts with",
    ],
    [
      "a private address, by rule",
      SAMPLE_URLS.private,
      "phishing",
      "Unsure",
      "This address is of a private network or of your own device.",
      "starts with",
    ],
    [
      "a look-alike, by rule",
      SAMPLE_URLS.lookalike,
      "phishing",
      "Phishing",
      "A rule decided this, not the modelThis host imitates Rabobank and is not one of its domains: rabobank.nl stands in front of another owner’s domain.",
      "1 of 1",
    ],
    [
      "a look-alike of other letters, in both spellings",
      SAMPLE_URLS.homoglyph,
      "phishing",
      "Phishing",
      "imitates Apple and is not one of its domains: it has letters that look alike.It is written \u0430pple.com and looked up as xn--pple-43d.com. What is framed is none of the letters a to z, even where it looks like one: U+0430.",
      "1 of 1",
    ],
    [
      "where a link with a user name goes",
      SAMPLE_URLS.posed,
      "phishing",
      "Phishing",
      "This link goes to evil.example; what stands before @ is only a user name. It imitates PayPal.",
      "1 of 1",
    ],
    [
      "a verified brand, by rule",
      SAMPLE_URLS.verified,
      "legitimate",
      "Legitimate",
      "ing.nl is on our list of domains that belong to ING.",
      "1 of 1",
    ],
  ])("says %s", async (_, url, guess, verdict, sentence, score) => {
    const { app } = await createTestApp();
    const response = await app.request("/", formRequest({ url_input: url, guess }));
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(readText(page, "#verdict")).toBe(verdict);
    expect(readText(page, ".verdict")).toContain(sentence);
    expect(readText(page, "#score")).toContain(score);
    expect(readText(page, ".url")).toBe(url);
  });

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

  test("does not ask whether all of a mail address was copied", async () => {
    const { app } = await createTestApp();
    const fields = { url_input: "someone@localhost", guess: "phishing" };
    const page = await (await app.request("/", formRequest(fields))).text();
    expect(readText(page, "#url-problem")).toBe(
      "This cannot be checked: the url is not a web address.",
    );
  });

  test("asks for no more where the model says what would be right", async () => {
    const message = "The url is not a web address; it needs its scheme";
    const { app } = await createTestApp({ predict: async () => ({ kind: "rejected", message }) });
    const fields = { url_input: "localhost:3000", guess: "phishing" };
    const page = await (await app.request("/", formRequest(fields))).text();
    expect(readText(page, "#url-problem")).toBe(
      "This cannot be checked: the url is not a web address; it needs its scheme.",
    );
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

  test("says of a verdict by rule what the rule says, not what the model thinks", async () => {
    const { app } = await createTestApp();
    const fields = { url_input: SAMPLE_URLS.verified, guess: "legitimate" };
    const page = await (await app.request("/", formRequest(fields))).text();
    expect(readText(page, ".lead")).toBe("This address is on a domain of a brand that we know.");
  });

  test("says of a host that is open to all that its text does not settle it", async () => {
    const { app } = await createTestApp();
    const fields = { url_input: SAMPLE_URLS.open, guess: "legitimate" };
    const page = await (await app.request("/", formRequest(fields))).text();
    expect(readText(page, "#verdict")).toBe("Unsure");
    expect(readText(page, ".lead")).toStartWith("On this host anyone can publish");
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
    expect(readText(page, ".model-score")).toStartWith(
      `What the model alone would have saidA rule decided this, so the score did not count: alone, the model gives ${share} likely phishing, which it calls ${alone}.`,
    );
    expect(readText(page, ".figure")).toBe("");
    expect(page).toContain('class="scale neutral"');
    expect(page).not.toContain("where phishing is rare");
  });

  test("answers without a guess, and counts none", async () => {
    const { app, metrics } = await createTestApp();
    const fields = { url_input: SAMPLE_URLS.phishing, guess: "none" };
    const cookie = "hookline-score=3-4";
    const response = await app.request("/", formRequest(fields, { cookie }));
    expect(response.status).toBe(200);
    expect(response.headers.get("set-cookie")).toBe(null);
    const page = await response.text();
    expect(readText(page, "#verdict")).toBe("Phishing");
    expect(readText(page, ".comparison")).toBe(
      "You made no guess, so this does not count for your score.",
    );
    expect(readText(page, "#score")).toBe("Your guess matched 3 of 4 sure verdicts.");
    const counted = (await metrics.registry.metrics()).split("\n");
    expect(counted).toContain(
      'experiment_checks_total{guess="none",verdict="Phishing",version="v1"} 1',
    );
    for (const guess of ["phishing", "legitimate"]) {
      expect(counted).toContain(
        `experiment_checks_total{guess="${guess}",verdict="Phishing",version="v1"} 0`,
      );
    }
    expect(counted).toContain('user_phishing_guess_rate{version="v1"} 0');
    expect(counted).toContain('user_same_guess_rate{version="v1"} 0');
  });

  test("says Unknown and why when the model does not answer", async () => {
    const { app, logged } = await createTestApp({ predict: async () => timeout });
    const response = await app.request(
      "/",
      formRequest({ url_input: "https://a.example/secret", guess: "phishing" }),
    );
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(readText(page, "#verdict")).toBe("Unknown");
    expect(readText(page, ".lead")).toBe("The model service did not answer within 0.9 seconds.");
    expect(logged).toMatchObject([{ event: "model-unknown", code: "timeout" }]);
    expect(JSON.stringify(logged)).not.toContain("secret");
  });

  test.each([
    ["no URL", { guess: "phishing" }, "#url-problem", "Enter a URL to check."],
    [
      "a blank URL",
      { url_input: " \t", guess: "phishing" },
      "#url-problem",
      "Enter a URL to check.",
    ],
    ["nothing at all", {}, "#url-problem", "Enter a URL to check."],
    [
      "2,049 characters",
      { url_input: `https://a.example/${"x".repeat(2031)}`, guess: "phishing" },
      "#url-problem",
      "This has 2,049 characters; 2,048 at most can be checked. Was more than the link copied? Do not cut the link itself.",
    ],
    [
      "what is no URL",
      { url_input: "hello", guess: "phishing" },
      "#url-problem",
      "This cannot be checked: the url is not a web address. Was all of it copied",
    ],
    [
      "a sentence with one link in it",
      { url_input: "Please go to <http://evil\u00AD.example/a&b>, now", guess: "phishing" },
      "#url-problem",
      "Paste the link alone; in this text it is http://evilU+00AD.example/a&b",
    ],
    [
      "a text with two links",
      { url_input: "Either http://a.example/ or http://b.example/", guess: "phishing" },
      "#url-problem",
      "Paste one link alone; in this text there are more.",
    ],
    [
      "neither button",
      { url_input: "https://a.example/" },
      "#guess-problem",
      "What do you think? Choose one of the two, or say that you do not know.",
    ],
    [
      "a button that we do not have",
      { url_input: "https://a.example/", guess: "maybe" },
      "#guess-problem",
      "What do you think?",
    ],
  ])("asks again for %s", async (_, fields, selector, message) => {
    const { app } = await createTestApp();
    const response = await app.request("/", formRequest(fields));
    expect(response.status).toBe(422);
    const page = await response.text();
    expect(readText(page, selector)).toStartWith(message);
    const kept = (fields as { url_input?: string }).url_input ?? "";
    expect(page).toContain(`value="${Bun.escapeHTML(kept)}"`);
    expect(page).not.toContain('href="http');
  });

  test("takes 2,048 characters, and white space around them", async () => {
    const { app } = await createTestApp();
    const url = `https://a.example/${"x".repeat(2030)}`;
    const response = await app.request(
      "/",
      formRequest({ url_input: `\n ${url} `, guess: "phishing" }),
    );
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(readText(page, ".url")).toBe(url);
  });

  test("keeps the score in a cookie that scripts and other sites do not see", async () => {
    const { app } = await createTestApp();
    const cookie = "hookline-score=3-4";
    const response = await app.request(
      "/",
      formRequest({ url_input: SAMPLE_URLS.phishing, guess: "phishing" }, { cookie }),
    );
    expect(response.headers.get("set-cookie")).toBe(
      "hookline-score=4-5; Path=/; HttpOnly; SameSite=Strict",
    );
    const unsure = await app.request(
      "/",
      formRequest({ url_input: SAMPLE_URLS.unsure, guess: "phishing" }, { cookie }),
    );
    expect(unsure.headers.get("set-cookie")).toBe(null);
    expect(readText(await unsure.text(), "#score")).toBe(
      "Your guess matched 3 of 4 sure verdicts.",
    );
  });
});
