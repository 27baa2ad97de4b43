import type { Known } from "./model.ts";

/** Pages that everyone knows. */
const LEGITIMATE = [
  "https://www.wikipedia.org/",
  "https://en.wikipedia.org/wiki/Phishing",
  "https://github.com/torvalds/linux",
  "https://stackoverflow.com/questions/11227809/why-is-processing-a-sorted-array-faster",
  "https://www.bbc.co.uk/news/technology",
  "https://www.nytimes.com/section/world",
  "https://developer.mozilla.org/en-US/docs/Web/HTTP",
  "https://www.python.org/downloads/",
  "https://arxiv.org/abs/1706.03762",
  "https://www.debian.org/doc/",
];

/** Invented addresses of the kinds that feeds are full of. */
const PHISHING = [
  "http://paypal.com.account-verify.secure-login.xyz/signin",
  "http://secure-appleid-verify.support-center.top/account/login.php?id=8832",
  "http://netflix-billing-update.info/login",
  "http://xkqzjvwb.cfd/office365/index.php",
  "https://amazon-co-jp.account-update.cn/ap/signin",
  "http://wellsfargo.com.verify.session-88213.icu/auth/login.php",
  "https://login-microsoftonline.verify-account.workers.dev/",
  "http://203.0.113.77/bankofamerica/login.php",
  "http://metamask-wallet-restore.top/unlock",
  "https://dhl-parcel-redelivery.click/track.php?id=102",
];

/** URLs whose answer needs no list: a model that gets these wrong is broken, whatever its figures. */
export const KNOWN: readonly Known[] = [
  ...LEGITIMATE.map((url) => ({ url, phishing: false })),
  ...PHISHING.map((url) => ({ url, phishing: true })),
];
