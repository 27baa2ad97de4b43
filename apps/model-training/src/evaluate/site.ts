import { type CanonicalUrl, registrableDomain } from "@hookline/lib-ml";

/**
 * Hosting platforms that the public suffix list does not name: each name under them is a customer's.
 * Found as the registrable domains that the splits of the shared data have in common (they were
 * split with these as suffixes); beside them are dynamic-DNS names and second levels of ccTLDs.
 */
const PLATFORMS = new Set(
  `000webhostapp.com 16mb.com 25u.com atwebpages.com b-cdn.net backblazeb2.com bandcamp.com
  beehiiv.com canalblog.com cloudwaysapps.com co.vu crabdance.com deviantart.com dumb1.com esy.es
  fandom.com fartit.com fc2.com filesusr.com freshdesk.com ghost.io glitch.me godaddysites.com
  hostingersite.com instanthq.com ipfs.io itemdb.com jetos.com jimdo.com jimdofree.com
  jungleheart.com kinsta.cloud lflinkup.com livejournal.com longmusic.com md.ci medium.com
  moonfruit.com mrbasic.com mybluehost.me myportfolio.com mystrikingly.com narod.ru ne.pw
  neocities.org nxcli.io onedumb.com otzo.com ourhobby.com over-blog.com presse.ci selcdn.ru
  serveuser.com sharepoint.com squarespace.com sslip.io substack.com teachable.com temporary.site
  tripod.com tumblr.com typepad.com ucoz.com vizvaz.com wcomhost.com webcindario.com webnode.com
  weebly.com weeblysite.com wikaba.com wikia.com wikidot.com wordpress.com work.gd x24hr.com
  xsph.ru zendesk.com zzux.com`.split(/\s+/),
);

/** Whether the host is a customer's name under one of the platforms (`shop.weebly.com`). */
export function isOnPlatform(host: string): boolean {
  const domain = registrableDomain(host);
  return PLATFORMS.has(domain) && host !== domain;
}

/**
 * Who answers for a URL: the registrable domain, on a platform the customer's name. A punycode name
 * is a site of its own, whatever it looks like.
 */
export function siteOf({ host, flags }: CanonicalUrl): string {
  const domain = registrableDomain(host);
  const inside = host.slice(0, -domain.length - 1);
  const customer = inside.slice(inside.lastIndexOf(".") + 1);
  const site = PLATFORMS.has(domain) && customer !== "" ? `${customer}.${domain}` : domain;
  return flags.punycode ? `${site} (punycode)` : site;
}
