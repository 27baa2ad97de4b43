import { expect, test } from "bun:test";
import { service } from "../testing/manifests.ts";
import { replaceReferences } from "./references.ts";
import { parseResources } from "./resources.ts";

const { services } = parseResources([service("model-service", 80), service("redis", 6379)]);

test.each([
  ["http://model-service", "http://127.0.0.1:80"],
  ["http://model-service/predict?x=1", "http://127.0.0.1:80/predict?x=1"],
  ["http://model-service:81/", "http://127.0.0.1:81/"],
  ["https://model-service", "https://127.0.0.1:443"],
  ["http://MODEL-SERVICE.ns", "http://127.0.0.1:80"],
  ["http://model-service.ns.svc", "http://127.0.0.1:80"],
  ["http://model-service.ns.svc.cluster.local:80", "http://127.0.0.1:80"],
  ["redis:6379", "127.0.0.1:6379"],
  ["redis.ns:6379,redis:1", "127.0.0.1:6379,127.0.0.1:1"],
  ["http://model-service,http://redis:6379", "http://127.0.0.1:80,http://127.0.0.1:6379"],
  ["http://model-service.other", "http://model-service.other"],
  ["http://model-service.example.org", "http://model-service.example.org"],
  ["http://model-services", "http://model-services"],
  ["a text about redis:6379", "a text about redis:6379"],
  ["redis", "redis"],
  ["", ""],
])("replaceReferences() makes %j into %j", (value, expected) => {
  const portOf = ({ port }: { readonly port: number }) => port;
  expect(replaceReferences(value, { namespace: "ns", services, portOf })).toBe(expected);
});
