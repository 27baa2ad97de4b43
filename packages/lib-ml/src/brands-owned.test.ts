// What of its own a brand is verified by: its domains alone, the sign-in hosts of many, a suffix.
import { expect, test } from "bun:test";
import type { Brand } from "./brands.ts";
import { tellFinding } from "./testing/tell-finding.ts";

const PAYPAL: Brand = { name: "PayPal", domains: ["paypal.com"] };

test.each([
  ["https://mijn.ing.nl/login", "verified ing.nl"],
  ["https://ing.nl.example.net/", "ING subdomain ing.nl"],
  ["https://ing-login.example/", "nothing"],
  ["https://verifying.example/", "nothing"],
])("findBrand() looks for domains alone where a brand says so: %s", (url, expected) => {
  const brands = [{ name: "ING", domains: ["ing.nl"], domainsOnly: true }];
  expect(tellFinding(url, brands)).toBe(expected);
});

test.each([
  ["https://meadow.bank/login", "verified meadow.bank"],
  ["https://my.meadow.bank.in/login?next=https://my.meadow.bank.in/a", "verified meadow.bank.in"],
  ["https://bank.in/", "nothing"],
  ["https://meadow.bank/go?u=https://evil.example/", "nothing"],
  ["https://meadow.bank@evil.example/", "nothing"],
  ["https://me@meadow.bank/", "nothing"],
  ["https://meadow.bank.example/", "nothing"],
  ["https://meadow-bank.in/", "nothing"],
  ["https://paypal-login.example/bank", "PayPal combination paypal"],
])("findBrand() verifies all below a suffix that is one's alone: %s", (url, expected) => {
  const registries = ["bank", "bank.in"];
  const brands = [PAYPAL, { name: "a bank", domains: ["savings.example"], registries }];
  expect(tellFinding(url, brands)).toBe(expected);
});

test.each([
  ["https://login.meadow.edu/idp/profile/SAML2/Redirect/SSO", "verified meadow.edu"],
  ["https://idp2.meadow.edu/?return=https%3A%2F%2Fmoodle.meadow.edu%2F", "verified meadow.edu"],
  ["https://login.meadow.edu/cas?service=https://people.glade.edu/~me", "nothing"],
  ["https://login.meadow.edu/cas?service=https://evil.example/", "nothing"],
  ["https://login.meadow.edu/?u=my.meadow.edu/a.html", "verified meadow.edu"],
  ["https://login.meadow.edu/?u=evil.example", "nothing"],
  ["https://login.meadow.edu/?a=1&u=EVIL%2Eexample%2Fa", "nothing"],
  ["https://login.meadow.edu/?evil.example", "nothing"],
  ["https://login.meadow.edu/#/?u=evil.example", "nothing"],
  ["https://login.meadow.edu/?u=.evil.example", "nothing"],
  ["https://login.meadow.edu/?u=my.meadow.edu%40evil.example", "nothing"],
  ["https://meadow.edu/login", "nothing"],
  ["https://login.club.meadow.edu/", "nothing"],
  ["https://club-login.meadow.edu/", "nothing"],
  ["https://people.meadow.edu/~me/login", "nothing"],
  ["https://meadow-login.example/", "nothing"],
  ["https://login.meadow.edu.example.net/", "nothing"],
  ["https://paypal-login.meadow.edu/", "PayPal subdomain paypal"],
])("findBrand() verifies the sign-in hosts alone where a brand says so: %s", (url, expected) => {
  const domains = ["meadow.edu", "glade.edu"];
  const brands = [PAYPAL, { name: "a university", domains, signInOnly: true }];
  expect(tellFinding(url, brands)).toBe(expected);
});
