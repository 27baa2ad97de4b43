import { expect, test } from "bun:test";
import { ServiceError } from "@hookline/http-service";
import { checkUrl } from "./check-url.ts";

const MAIL =
  "The url is a mail address; send the link itself, or put http:// before it if it is one";
const NO_ADDRESS = "The url is not a web address";
const DOTLESS = `${NO_ADDRESS}; a host without a dot needs http:// before it, as in http://localhost/`;
const SCHEME = `${NO_ADDRESS}; expected a link with http or https, or one without a scheme`;
const FILE = "The url is the name of a file; send the link that leads to it";
const COLON = `${NO_ADDRESS}; behind http or https stand a colon and two slashes`;
const BLANK = `${NO_ADDRESS}; there is a blank within its host`;
const PROGRAM = `${NO_ADDRESS}; it holds a program or a page itself, so do not open it`;
const PASSWORD = `${NO_ADDRESS}; a name and a password before @ need a scheme in front of them, as in http://name:password@example.org/`;
const UNFINDABLE =
  "The url has a host that no browser can look up; a name takes at most 63 characters between its dots, and 253 in all";

test.each([
  ["service@paypal.example", MAIL],
  [" first.last+tag@mail.example.org\n", MAIL],
  ["<someone@example.org>", MAIL],
  ["mailto:someone@example.org", MAIL],
  ["someone@localhost", MAIL],
  ["invoice.pdf", FILE],
  [' "Q3 2026.report.XLSX"', NO_ADDRESS],
  [' "Q3-2026.report.XLSX"\n', FILE],
  ["hello there", NO_ADDRESS],
  ["http://256.1.1.1/", NO_ADDRESS],
  ["http://a..b/", NO_ADDRESS],
  ["http://a b/", BLANK],
  ["https://example .com/x", BLANK],
  ["//example .com/x", BLANK],
  ["https//example.org/x", COLON],
  ["http/", COLON],
  ["https", DOTLESS],
  ["someone:secret@example.org", PASSWORD],
  ["paypal.com:443@example.org/", PASSWORD],
  ["javascript:alert('a@b')", PROGRAM],
  [" DATA:text/html,<b>x", PROGRAM],
  ["mailto:someone@example.org?subject=x", MAIL],
  ["htp://example.org/", SCHEME],
  ["http://", NO_ADDRESS],
  ["he/she said so", NO_ADDRESS],
  ["hello", DOTLESS],
  ["localhost", DOTLESS],
  ["localhost:3000/x", DOTLESS],
  [" localhost:3000\n", DOTLESS],
  ["localhost?x=1", DOTLESS],
  ["router/admin", DOTLESS],
  ["[::1]:3000/x", DOTLESS],
  ["javascript:alert(1)", PROGRAM],
  ["tel:+123", SCHEME],
  [`http://${"a".repeat(64)}.example/`, UNFINDABLE],
  [`login.${"a".repeat(64)}.example/x`, UNFINDABLE],
  [`hxxp://${"a".repeat(64)}[.]example/x`, UNFINDABLE],
  [`http://user@${"a".repeat(64)}/`, UNFINDABLE],
  [`https://${"ä".repeat(58)}.de/`, UNFINDABLE],
  [`https://${"a.".repeat(124)}example/`, UNFINDABLE],
  [`https://www.${"a.".repeat(121)}examples/`, UNFINDABLE],
  [`https://${"я.".repeat(50)}example/`, UNFINDABLE],
  [`${"a".repeat(64)}`, DOTLESS],
])("checkUrl() says what is wrong with %j", (text, message) => {
  expect(() => checkUrl(text)).toThrow(new ServiceError(message, { code: "NOT_A_URL" }));
});

test.each([
  [`http://${"a".repeat(63)}.example/`],
  [`http://${"a.".repeat(123)}example/`],
  [`http://${"a.".repeat(123)}example./`],
  [`http://www.${"a.".repeat(121)}example:8080/`],
  [`https://${"ä".repeat(52)}.example/`],
  [`https://example.org/${"a".repeat(300)}`],
])("checkUrl() takes the name of %j, which is just short enough", (text) => {
  expect(checkUrl(text).host).not.toBe("");
});

test.each([
  ["photos.zip", "photos.zip"],
  ["example.org/invoice.pdf", "example.org/invoice.pdf"],
  ["invoice.pdf/x", "invoice.pdf/x"],
  ["https://invoice.pdf", "invoice.pdf"],
  ["invoice.pdf:8080", "invoice.pdf"],
  ["pdf.example", "pdf.example"],
  ["pdf.com", "pdf.com"],
])("checkUrl() takes no name of a file in %j", (text, expected) => {
  expect(checkUrl(text).text).toBe(expected);
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
  if (expected === undefined) expect(read).toThrow(NO_ADDRESS);
  else expect(read()).toBe(expected);
});
