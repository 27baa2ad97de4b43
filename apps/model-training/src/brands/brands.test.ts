// The list of brands that is shipped beside the models, and what the rule does with it.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { canonicalise, findBrand, registrableDomain } from "@hookline/lib-ml";
import { z } from "zod";
import { readRows } from "../dataset.ts";
import { createRandom } from "../evaluate/random.ts";
import { forgeLookalikes } from "./forge.ts";

const List = z.strictObject({
  about: z.string(),
  sources: z.array(
    z.strictObject({
      name: z.string(),
      address: z.url(),
      commit: z.string().regex(/^[0-9a-f]{40}$/),
      licence: z.string(),
    }),
  ),
  brands: z.array(
    z.strictObject({
      name: z.string().min(1),
      domains: z.array(z.string()).min(1),
      registries: z.array(z.string()).optional(),
      alsoKnownAs: z.array(z.string()).optional(),
      userContent: z.array(z.string()).optional(),
      userPosts: z.array(z.string()).optional(),
      commonWord: z.boolean().optional(),
      domainsOnly: z.boolean().optional(),
      signInOnly: z.boolean().optional(),
      notLookalikes: z.array(z.string()).optional(),
      source: z.union([z.string(), z.array(z.string()).min(2)]),
    }),
  ),
});

const ROOT = join(import.meta.dirname, "../../../..");
const SHARED = join(ROOT, "../shared/data");
const list = List.parse(await Bun.file(join(ROOT, "apps/model-service/models/brands.json")).json());
const brands = list.brands.map(({ source: _, ...brand }) => {
  const { alsoKnownAs = [], userContent = [], userPosts = [], notLookalikes = [] } = brand;
  const { commonWord = false, domainsOnly = false, signInOnly = false } = brand;
  const flags = { commonWord, domainsOnly, signInOnly };
  return {
    ...brand,
    ...flags,
    registries: brand.registries ?? [],
    alsoKnownAs,
    userContent,
    userPosts,
    notLookalikes,
  };
});

test("brands.json names a known source for every brand", () => {
  const known = new Set(list.sources.map((source) => source.name));
  const stray = list.brands.filter(({ source }) =>
    [source].flat().some((name) => !known.has(name)),
  );
  expect(stray).toEqual([]);
  expect(list.brands.length).toBeWithin(60, 401);
});

test("brands.json holds registrable domains, each once, and user content below them", () => {
  const domains = list.brands.flatMap((brand) => brand.domains);
  expect(domains.filter((domain) => registrableDomain(domain) !== domain)).toEqual([]);
  expect(domains.filter((domain, at) => domains.indexOf(domain) !== at)).toEqual([]);
  const open = brands.flatMap(({ domains: own, userContent, userPosts }) =>
    [...userContent, ...userPosts].map((host) => ({ own, host })),
  );
  const siteOf = (place: string) => registrableDomain(place.split("/")[0] ?? "");
  expect(open.filter(({ own, host }) => !own.includes(siteOf(host)))).toEqual([]);
  const hosts = open.map(({ host }) => host);
  expect(hosts.filter((host, at) => hosts.indexOf(host) !== at)).toEqual([]);
});

test("the home page of every brand is verified or held for users' content", () => {
  for (const { name, domains, userContent, userPosts, signInOnly } of brands) {
    for (const domain of domains) {
      const url = canonicalise(`https://${signInOnly ? "login" : "www"}.${domain}/`);
      const finding = url && findBrand(url, brands);
      const verified = finding?.kind === "verified" ? `${finding.brand} ${finding.domain}` : "";
      const expected = [...userContent, ...userPosts].includes(domain) ? "" : `${name} ${domain}`;
      expect([domain, verified]).toEqual([domain, expected]);
    }
  }
});

test.each([
  "https://acme.my.salesforce.com/sfc/p/x",
  "https://forms.microsoft.com/r/x",
  "https://loop.cloud.microsoft/p/x",
  "https://share.icloud.com/photos/x",
  "https://send.bitwarden.com/#x",
  "https://www.paypal.com/invoice/p/#INV2-1",
  "https://www.paypal.com/cgi-bin/webscr?cmd=_donations&business=x",
  "https://www.paypal.com/pool/9x",
  "https://www.paypal.com/us/fundraiser/1/charity/2",
  "https://www.paypal.com/nl/paypalme/someone",
  "https://www.paypal.com/myaccount/transfer/payRequest/U-1",
  "https://www.binance.com/en/feed/post/1",
  "https://venmo.com/u/someone",
  "https://wise.com/pay/me/someone",
  "https://people.tudelft.nl/",
  "https://www.google.com/aclk?sa=l&adurl=",
  "https://www.google.gg/amp/s/example.net",
  "https://www.google.com.mx/url?q=example.net",
  "https://translate.google.pl/translate?u=example.net",
])("findBrand() does not verify %s, where others than the brand show what they like", (address) => {
  const url = canonicalise(address);
  expect(url && findBrand(url, brands)).toBeUndefined();
});

test.each([
  "https://www.tmobile.com/",
  "https://www.facebookmail.com/",
  "https://www.amazon.com.be/",
  "https://images.squarespace-cdn.com/x",
  "https://console.ucloud.cn/",
  "https://www.billing.example/",
  "https://www.paypay-bank.co.jp/",
  "https://shope.ee/x",
  "https://www.lufthansa-technik.com/",
  "https://login.latam.example.com/",
  "https://online-visa-services.example/",
  "https://www.ryanairemail.com/",
])("findBrand() neither verifies %s nor takes it for a look-alike", (address) => {
  const url = canonicalise(address);
  expect(url && findBrand(url, brands)).toBeUndefined();
});

test.each([
  ["https://mijn.ing.nl/login", "verified", "ING"],
  ["https://ing.nl.example.net/", "lookalike", "ING"],
  ["https://secure.halifax-online.co.uk/personal/logon/login.jsp", "verified", "Halifax"],
  ["https://www.abnamro.nl/mijn-abnamro/inloggen/index.html", "verified", "ABN AMRO"],
  ["https://www.royalmail.com/track-your-item#/tracking-results/1", "verified", "Royal Mail"],
  ["https://www.canadapost-postescanada.ca/track-reperage/en", "verified", "Canada Post"],
  ["https://royalmail-redelivery.example/", "lookalike", "Royal Mail"],
  ["https://www.garantibbva.com.tr/", "verified", "a bank"],
  ["https://www.cbtbank.bank/login", "verified", "a bank"],
  ["https://netbanking.hdfc.bank.in/netbanking/", "verified", "a bank"],
  ["https://connexion-mabanque.bnpparibas/login", "verified", "BNP Paribas"],
  ["https://retail.onlinesbi.sbi/retail/login.htm", "verified", "State Bank of India"],
  ["https://garantibbva.com.tr.example.net/", "lookalike", "a bank"],
  ["https://sede.agenciatributaria.gob.es/Sede/inicio.html", "verified", "a government"],
  ["https://sso.ox.ac.uk/idp/profile/SAML2/Redirect/SSO", "verified", "a university"],
  ["https://login.tudelft.nl/sso/module.php/core/loginuserpass", "verified", "a university"],
  ["https://dpd-redelivery.example/", "lookalike", "DPD"],
  ["https://auspost-tracking.example/", "lookalike", "Australia Post"],
  ["https://www.labanquepostale.fr/particulier/connexion.html", "verified", "La Banque Postale"],
])("findBrand() says of %s that it is %s of %s", (address, kind, brand) => {
  const url = canonicalise(address);
  expect(url && findBrand(url, brands)).toMatchObject({ kind, brand });
});

// One slip from a name of the list, and among the 60,000 most frequent words of their language, or firms' and people's names.
const WORDS = `cooking looking interest trade range witch password strip stride inuit crypt discard papal kranken
  raketen mercati chasse trust tresor arena postal skill alone turist payday applied broking falando laporte
  trevor klara anneli mantas cosco gardena telstar netteller allego easybet bibit scloud`;

test.each(WORDS.split(/\s+/))("findBrand() takes the word %s for no look-alike", (word) => {
  const url = canonicalise(`https://www.${word}.org/`);
  expect(url && findBrand(url, brands)).toBeUndefined();
});

test("findBrand() flags 95 % of forged look-alikes of every kind", () => {
  const random = createRandom(2026);
  const counts = new Map<string, { forged: number; flagged: number }>();
  for (let round = 0; round < 8; round += 1) {
    for (const brand of brands.filter(
      ({ domainsOnly, signInOnly }) => !domainsOnly && !signInOnly,
    )) {
      for (const { kind, url } of forgeLookalikes(brand, random)) {
        const count = counts.get(kind) ?? { forged: 0, flagged: 0 };
        counts.set(kind, count);
        const canonical = canonicalise(url);
        count.forged += 1;
        if (canonical && findBrand(canonical, brands)?.kind === "lookalike") count.flagged += 1;
      }
    }
  }
  expect([...counts.keys()].sort()).toEqual([
    ...["combination", "edit", "homoglyph", "subdomain", "unicode"],
  ]);
  for (const [kind, { forged, flagged }] of counts) {
    expect([kind, forged > 500]).toEqual([kind, true]);
    expect([kind, flagged / forged >= 0.95]).toEqual([kind, true]);
  }
}, 120_000);

const hasShared = existsSync(join(SHARED, "test.tsv.gz"));
if (!hasShared) console.warn(`brands.test.ts: skipped the false alarms, ${SHARED} is not there`);

test.skipIf(!hasShared)(
  "findBrand() raises false alarms on at most 0.1 % of legitimate rows",
  async () => {
    const files = ["test", "holdout"].map((name) => join(SHARED, `${name}.tsv.gz`));
    const counts = { legitimate: 0, alarms: 0, phishing: 0, found: 0, blessed: 0 };
    for await (const { label, url } of readRows(files)) {
      const canonical = canonicalise(url);
      const kind = canonical && findBrand(canonical, brands)?.kind;
      counts[label === 1 ? "phishing" : "legitimate"] += 1;
      if (kind === "lookalike") counts[label === 1 ? "found" : "alarms"] += 1;
      if (kind === "verified" && label === 1) counts.blessed += 1;
    }
    console.info("brand rule on test and holdout:", counts);
    expect(counts.alarms / counts.legitimate).toBeLessThanOrEqual(0.001);
    expect(counts.found / counts.phishing).toBeGreaterThanOrEqual(0.04);
    expect(counts.blessed / counts.phishing).toBeLessThanOrEqual(0.0002);
  },
  120_000,
);
