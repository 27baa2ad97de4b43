import { describe, expect, test } from "bun:test";
import { SAMPLE_URLS } from "./fake-model-service.ts";
import type { ModelReply } from "./model-client.ts";
import { createTestApp, formRequest, readText } from "./testing.ts";

const timeout: ModelReply = {
  kind: "unknown",
  reason: { code: "timeout", message: "The model service did not answer within 0.9 seconds." },
};

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
      "imitates Apple and is not one of its domains: it writes the name in look-alike characters.It is written \u0430pple.com and looked up as xn--pple-43d.com. What is framed is none of the letters a to z, even where it looks like one: U+0430.",
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

  test("does not ask whether all of a mail address was copied", async () => {
    const { app } = await createTestApp();
    const fields = { url_input: "someone@localhost", guess: "phishing" };
    const page = await (await app.request("/", formRequest(fields))).text();
    expect(readText(page, "#url-problem")).toBe("This cannot be checked: it is not a web address.");
  });

  test("asks for no more where the model says what would be right", async () => {
    const message = "The url is not a web address; it needs its scheme";
    const { app } = await createTestApp({ predict: async () => ({ kind: "rejected", message }) });
    const fields = { url_input: "localhost:3000", guess: "phishing" };
    const page = await (await app.request("/", formRequest(fields))).text();
    expect(readText(page, "#url-problem")).toBe(
      "This cannot be checked: it is not a web address; it needs its scheme.",
    );
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
    ["no URL", { guess: "phishing" }, "#url-problem", "Enter a link to check."],
    [
      "a blank URL",
      { url_input: " \t", guess: "phishing" },
      "#url-problem",
      "Enter a link to check.",
    ],
    ["nothing at all", {}, "#url-problem", "Enter a link to check."],
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
      "This cannot be checked: it is not a web address. Was all of it copied",
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

  test("leaves the one link of a sentence in the field, and asks again", async () => {
    const { app } = await createTestApp();
    const text = "Please go to <http://evil\u00AD.example/a&b>, now";
    const response = await app.request("/", formRequest({ url_input: text, guess: "phishing" }));
    expect(response.status).toBe(422);
    const page = await response.text();
    expect(page).toContain('value="http://evil\u00AD.example/a&amp;b"');
    expect(readText(page, "#url-problem")).toBe("");
    expect(readText(page, "#guess-problem")).toBe(
      "Only the link in this text can be checked. It is in the field now; say once more what you think of http://evilU+00AD.example/a&b",
    );
  });

  test.each([
    ["https://a.example/news please log in!", "https://a.example/news", 422],
    ["https://a.example/My great plan of 2026.pdf", undefined, 200],
    ["https://a.example/our plan", undefined, 200],
  ])("of %p leaves the link alone where a text is behind it", async (text, kept = text, status) => {
    const { app } = await createTestApp();
    const response = await app.request("/", formRequest({ url_input: text, guess: "phishing" }));
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(`value="${kept}"`);
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
