import { expect, test } from "bun:test";
import { canonicalise } from "./canonicalise.ts";
import { isForwarder } from "./forwarders.ts";
import { isShortener } from "./shorteners.ts";

test.each([
  ["https://bit.ly/3xYz12", true],
  ["https://1drv.ms/w/s!Abc", true],
  ["https://apple.co/3abc", true],
  ["https://spoti.fi/3abc", true],
  ["https://trib.al/abc", true],
  ["https://ift.tt/abc", true],
  ["https://msft.it/abc", true],
  ["https://aka.ms/abc", true],
  ["https://wa.link/abc", true],
  ["https://l.instagram.com/?u=https%3A%2F%2Fexample.net", true],
  ["https://www.google.com/url?q=https://example.net/", true],
  ["https://www.google.de/url?sa=t&url=https://example.net/", true],
  ["https://www.google.com/aclk?sa=l&adurl=", true],
  ["https://www.google.pl/pagead/aclk?sa=L&ai=x", true],
  ["https://www.google.com/travel/clk?pc=x", true],
  ["https://www.google.com/local_url?q=example.net", true],
  ["https://www.google.com/travel/flights", false],
  ["https://www.google.com.mx/url?q=example.net", true],
  ["https://www.google.cat/url?q=example.net", true],
  ["https://translate.google.de/translate?sl=auto&u=example.net", true],
  ["https://translate.google.de/?text=example.net", false],
  ["https://notgoogle.de/url?q=x", false],
  ["https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.net", true],
  ["https://steamcommunity.com/linkfilter/?url=https://example.net", true],
  ["https://www.linkedin.com/safety/go?url=https%3A%2F%2Fexample.net", true],
  ["https://www.youtube.com/redirect?q=https%3A%2F%2Fexample.net", true],
  ["https://out.reddit.com/t3_abc?url=https%3A%2F%2Fexample.net", true],
  ["https://href.li/?https://example.net", true],
  ["https://exit.sc/?url=https%3A%2F%2Fexample.net", true],
  ["https://slack-redir.net/link?url=https%3A%2F%2Fexample.net", true],
  ["https://l.messenger.com/l.php?u=https%3A%2F%2Fexample.net", true],
  ["https://deref-gmx.net/mail/client/abc/dereferrer/?redirectUrl=https%3A%2F%2Fexample.net", true],
  ["https://deref-web.de/mail/client/abc/dereferrer/?redirectUrl=https%3A%2F%2Fexample.net", true],
  ["https://t.umblr.com/redirect?z=https%3A%2F%2Fexample.net", true],
  ["https://www.pinterest.com/offsite/?url=https%3A%2F%2Fexample.net", true],
  ["https://m.vk.com/away.php?to=https%3A%2F%2Fexample.net", true],
  ["https://away.vk.com/away.php?to=https%3A%2F%2Fexample.net", true],
  ["https://www.pinterest.com/pin/1", false],
  ["https://www.bing.com/ck/a?!&&p=abc&u=a1aHR0", true],
  ["https://eur01.safelinks.protection.outlook.com/?url=x", true],
  ["https://aka.ms/", false],
  ["https://www.google.com/search?q=url", false],
  ["https://www.google.com/urls", false],
  ["https://www.youtube.com/watch?v=abc", false],
  ["https://google.com.example.net/url?q=x", false],
  ["https://example.net/url?q=x", false],
])("isForwarder() of %s is %p", (url, expected) => {
  const canonical = canonicalise(url);
  expect(canonical && isForwarder(canonical)).toBe(expected);
});

// What is cleaned away in training is as it was for the models that are shipped.
test.each([
  ["bit.ly", true],
  ["x.list-manage.com", true],
  ["aka.ms", false],
  ["google.com", false],
])("isShortener() of %s is %p", (host, expected) => expect(isShortener(host)).toBe(expected));
