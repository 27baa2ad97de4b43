import { expect, test } from "bun:test";
import { canonicalise } from "./canonicalise.ts";
import { isPrivateHost } from "./private-host.ts";

test.each([
  ["http://192.168.1.1/login", true],
  ["192.168.0.254", true],
  ["192.169.0.1", false],
  ["http://10.0.0.7:8080/", true],
  ["11.0.0.7", false],
  ["http://172.16.0.1/", true],
  ["172.31.255.1", true],
  ["172.32.0.1", false],
  ["127.0.0.1", true],
  ["http://2130706433/", true],
  ["169.254.10.1", true],
  ["100.64.0.1", true],
  ["100.128.0.1", false],
  ["0.0.0.0", true],
  ["8.8.8.8", false],
  ["http://[::1]/", true],
  ["http://[fd12:3456::1]/", true],
  ["http://[fe80::1]/", true],
  ["http://[::ffff:192.168.1.1]/", true],
  ["http://[::ffff:8.8.8.8]/", false],
  ["http://[2606:4700::1111]/", false],
  ["http://localhost:3000/", true],
  ["http://app.localhost/", true],
  ["http://intranet/wiki", true],
  ["printer.local", true],
  ["git.corp.internal", true],
  ["nas.home.arpa", true],
  ["internal.example.com", false],
  ["local.example.com", false],
  ["mylocal.example", false],
  ["notlocal", undefined],
])("isPrivateHost() of %s is %p", (url, expected) => {
  const canonical = canonicalise(url);
  expect(canonical && isPrivateHost(canonical)).toEqual(expected);
});
