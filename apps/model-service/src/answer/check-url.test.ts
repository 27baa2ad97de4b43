import { expect, test } from "bun:test";
import { checkUrl } from "./check-url.ts";

const MAIL = "The url is a mail address; send the link itself";

test.each([
  ["service@paypal.example", MAIL],
  [" first.last+tag@mail.example.org\n", MAIL],
  ["<someone@example.org>", MAIL],
  ["mailto:someone@example.org", MAIL],
  ["someone@localhost", MAIL],
  ["hello there", "The url is not a web address"],
  ["javascript:alert(1)", "The url is not a web address"],
])("checkUrl() says what is wrong with %j", (text, message) => {
  expect(() => checkUrl(text)).toThrow(message);
});

test.each([
  ["https://someone@example.org", "example.org"],
  ["//someone@example.org", "example.org"],
  ["someone:secret@example.org", undefined],
  ["paypal.com:443@example.org/", undefined],
  ["someone@example.org/", "example.org"],
  ["someone@example.org?x", "example.org?x"],
  ["someone@example.org:8080", "example.org"],
  ["a@b@example.org", "example.org"],
  ["medium.com/@someone", "medium.com/@someone"],
])("checkUrl() takes no mail address in %j", (text, expected) => {
  const read = () => checkUrl(text).text;
  if (expected === undefined) expect(read).toThrow("The url is not a web address");
  else expect(read()).toBe(expected);
});
