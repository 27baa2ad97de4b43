import { createMesh, type JsonObject, type Mesh } from "@hookline/mesh";
import { z } from "zod";

/** A gateway before an app of two versions, nine to one, and what is hidden. */
const MANIFESTS = `[
  {"apiVersion":"networking.istio.io/v1","kind":"Gateway","metadata":{"name":"g","namespace":"hookline"},"spec":{"selector":{"istio":"ingressgateway"},"servers":[{"port":{"number":80,"name":"http","protocol":"HTTP"},"hosts":["*"]}]}},
  {"apiVersion":"networking.istio.io/v1","kind":"VirtualService","metadata":{"name":"app","namespace":"hookline"},"spec":{"hosts":["*"],"gateways":["g"],"http":[
    {"name":"hidden","match":[{"uri":{"prefix":"/metrics"}}],"directResponse":{"status":404}},
    {"name":"header-v2","match":[{"headers":{"user-type":{"exact":"test-user"}}}],"route":[{"destination":{"host":"app","subset":"v2","port":{"number":80}}}]},
    {"name":"app","timeout":"5s","route":[
      {"weight":90,"destination":{"host":"app","subset":"v1","port":{"number":80}},"headers":{"response":{"add":{"set-cookie":"hookline-version=v1"}}}},
      {"weight":10,"destination":{"host":"app","subset":"v2","port":{"number":80}}}]}]}},
  {"apiVersion":"networking.istio.io/v1","kind":"DestinationRule","metadata":{"name":"app","namespace":"hookline"},"spec":{"host":"app","subsets":[{"name":"v1","labels":{"version":"v1"}},{"name":"v2","labels":{"version":"v2"}}]}},
  {"apiVersion":"v1","kind":"Service","metadata":{"name":"app","namespace":"hookline"},"spec":{"selector":{"app":"app"},"ports":[{"name":"http","port":80,"targetPort":"http"}]}},
  {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"app","namespace":"hookline"},"spec":{"template":{"metadata":{"labels":{"app":"app","version":"v1"}},"spec":{"containers":[{"name":"app","ports":[{"name":"http","containerPort":8080}]}]}}}}
]`;

const Json: z.ZodType<JsonObject> = z.custom<JsonObject>((value) => value instanceof Object);

export function createTestMesh(): Mesh {
  return createMesh(z.array(Json).parse(JSON.parse(MANIFESTS)));
}
