// Hosts whose short addresses forward to others, as their own help pages say of them.
const SHORTENERS = new Set(
  `bit.ly bitly.com tinyurl.com t.co goo.gl ow.ly is.gd buff.ly adf.ly bit.do cutt.ly rebrand.ly
  shorturl.at tiny.cc rb.gy t.ly s.id v.gd qr.ae lnkd.in db.tt tr.im cli.gs x.co soo.gd shorte.st
  clck.ru vk.cc u.to v.ht po.st dlvr.it j.mp fb.me amzn.to youtu.be redd.it wp.me tiny.pl snip.ly
  short.gy shrtco.de bl.ink urlz.fr n9.cl goo.su l.ead.me lnk.to linktr.ee qrco.de me2.kr han.gl
  kutt.it me-qr.com surl.li tinyurl.hu t2m.io linkr.it chilp.it mcaf.ee yourls.org ouo.io
  urldefense.com urldefense.proofpoint.com forms.gle g.co a.co t.me wa.me dub.sh`.split(/\s+/),
);

// Mail gateways and senders that wrap every link, on names of their own below these.
const WRAPPERS = [
  ".safelinks.protection.outlook.com",
  ".ct.sendgrid.net",
  ".linkprotect.cudasvc.com",
  ".mimecastprotect.com",
  ".list-manage.com",
];

/**
 * Whether a canonical host only forwards: its addresses then say nothing about the page behind them.
 * What training leaves out; `isForwarder` knows more of them.
 */
export function isShortener(host: string): boolean {
  return SHORTENERS.has(host) || WRAPPERS.some((name) => host.endsWith(name));
}
