import { expect, test } from "bun:test";
import { createMesh } from "./create-mesh.ts";
import { MeshError } from "./errors.ts";

const of = (apiVersion: string, kind: string) => ({
  apiVersion,
  kind,
  metadata: { name: "x", namespace: "shop" },
  spec: {},
});

test.each([
  ["extensions.istio.io/v1alpha1", "WasmPlugin"],
  ["networking.istio.io/v1", "WorkloadEntry"],
  ["networking.istio.io/v1", "WorkloadGroup"],
  ["networking.istio.io/v9", "Invented"],
  ["security.istio.io/v1", "Invented"],
  ["gateway.networking.k8s.io/v1", "GRPCRoute"],
  ["gateway.networking.k8s.io/v1alpha2", "TCPRoute"],
  ["gateway.networking.k8s.io/v1", "BackendTLSPolicy"],
  ["networking.k8s.io/v1", "Ingress"],
])("createMesh() refuses %s %s by its name", (apiVersion, kind) => {
  let refused: unknown;
  try {
    createMesh([of(apiVersion, kind)]);
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(MeshError);
  expect(refused).toMatchObject({ code: "UNSUPPORTED", resource: `${kind}/shop/x` });
});

test.each([
  ["networking.istio.io/v1beta1", "ProxyConfig"],
  ["telemetry.istio.io/v1", "Telemetry"],
  ["networking.k8s.io/v1", "NetworkPolicy"],
  ["gateway.networking.k8s.io/v1beta1", "ReferenceGrant"],
  ["example.org/v1", "Ingress"],
])("createMesh() takes %s %s, which changes no request", (apiVersion, kind) => {
  expect(createMesh([of(apiVersion, kind)]).services).toEqual([]);
});
