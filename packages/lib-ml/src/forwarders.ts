import type { CanonicalUrl } from "./canonicalise.ts";
import { isShortener } from "./shorteners.ts";

// More hosts of short addresses. Training drops the rows of `isShortener`, so those that were found since
// stand here: the data of the shipped models can be made again.
const HOSTS = new Set(
  `1drv.ms apple.co spoti.fi trib.al ift.tt msft.it aka.ms wa.link l.instagram.com out.reddit.com href.li
  exit.sc we.tl pin.it vm.tiktok.com vt.tiktok.com maps.app.goo.gl photos.app.goo.gl link.mail.beehiiv.com
  clicks.aweber.com t.e2ma.net secure-web.cisco.com clicktime.symantec.com
  protect.checkpoint.com`.split(/\s+/),
);

// Senders of mail and gateways that check it: they wrap each link in one of theirs, on names below these.
const MAILERS = new Set(
  `awstrack.me hubspotlinks.com klclick.com klclick1.com klclick2.com klclick3.com mlsend.com
  convertkit-mail.com convertkit-mail2.com rs6.net cmail19.com cmail20.com createsend1.com mjt.lu exct.net
  sendibm1.com sendibm3.com sendibt2.com sendibt3.com acemlna.com acemlnb.com acemlnc.com soundestlink.com
  sparkpostmail1.com sparkpostmail2.com customeriomail.com intercom-clicks.com emailprotection.link avanan.click
  urldefense.us`.split(/\s+/),
);

/** Google's own hosts, of every country: `google.de`, `maps.google.com`. */
const GOOGLE = /^(?:[a-z]+\.)?google\.(?:com?\.)?[a-z]{2,3}$/;
/** Links of results, of advertisements, of travel and of places; translated pages. */
const GOOGLE_PAGES = ["/url", "/aclk", "/pagead/aclk", "/travel/clk", "/local_url", "/translate"];

// Pages that forward, on hosts that do more than that: canonical host and beginning of the path.
const PAGES = groupPages(
  `facebook.com/l.php m.facebook.com/l.php l.facebook.com/l.php lm.facebook.com/l.php
  steamcommunity.com/linkfilter linkedin.com/safety/go youtube.com/redirect m.youtube.com/redirect
  bing.com/ck/a duckduckgo.com/l vk.com/away.php m.vk.com/away.php away.vk.com/away.php
  l.messenger.com/l.php slack-redir.net/link deref-gmx.net/mail/client deref-web.de/mail/client
  t.umblr.com/redirect pinterest.com/offsite mandrillapp.com/track go.pardot.com/e
  app.getresponse.com/click.html protect.mimecast.com/s protect-us.mimecast.com/s
  protect-eu.mimecast.com/s protect-uk.mimecast.com/s protect-de.mimecast.com/s protect-au.mimecast.com/s
  protect-za.mimecast.com/s`,
);

/** Whether a canonical URL only forwards to another: its text then says nothing of the page behind it. */
export function isForwarder(url: Pick<CanonicalUrl, "host" | "path" | "query">): boolean {
  const { host, path, query } = url;
  // The home page of a shortener is its own.
  if (isShortener(host) || HOSTS.has(host) || MAILERS.has(endOf(host)))
    return path !== "" || query !== "";
  return isForwardingPage(url);
}

/** The same of a host that does more than forward: whether this page of it does. */
export function isForwardingPage({ host, path }: Pick<CanonicalUrl, "host" | "path">): boolean {
  const pages = PAGES.get(host) ?? (GOOGLE.test(host) ? GOOGLE_PAGES : undefined);
  return pages?.some((page) => path === page || path.startsWith(`${page}/`)) ?? false;
}

/** The last two labels. */
function endOf(host: string): string {
  return host.slice(host.lastIndexOf(".", host.lastIndexOf(".") - 1) + 1);
}

function groupPages(table: string): ReadonlyMap<string, readonly string[]> {
  const pages = new Map<string, string[]>();
  for (const entry of table.split(/\s+/)) {
    const slash = entry.indexOf("/");
    const host = entry.slice(0, slash);
    pages.set(host, [...(pages.get(host) ?? []), entry.slice(slash)]);
  }
  return pages;
}
