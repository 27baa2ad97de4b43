import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "@hookline/kustomize-ts";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { parseResource, type Resource } from "../kube/resource.ts";
import { findBuilt } from "./test-cluster.ts";

const OVERLAYS = join(import.meta.dir, "..", "..", "..", "gitops", "overlays");
const Environment = z.looseObject({ namespace: z.string() });

/** The CRDs that our charts bring, from the modules of their projects. */
export function readPlatformCrds(): Resource[] {
  const folder = findBuilt("crds");
  return readdirSync(folder).flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), "utf8"))
      .map((document): unknown => document.toJS())
      .filter((value) => value !== null)
      .map(parseResource),
  );
}

/** Jaeger and Kiali as kustomize-ts renders them, with the namespace that Istio's application makes. */
export function readAddons(): Resource[] {
  const metadata = { name: "istio-system", labels: { test: "cluster" } };
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata };
  const { resources } = build(join(OVERLAYS, "..", "platform", "istio-addons"));
  return [namespace, ...resources.map(({ value }) => parseResource(value))];
}

/** Every overlay as kustomize-ts renders it, with the namespace it goes into. */
export function readOverlays(): { readonly name: string; readonly resources: Resource[] }[] {
  return readdirSync(OVERLAYS).map((name) => {
    const environment = readFileSync(join(OVERLAYS, name, "environment.yaml"), "utf8");
    const { namespace } = Environment.parse(parse(environment));
    const rendered = build(join(OVERLAYS, name)).resources.map(({ value }) => parseResource(value));
    const own = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, labels: { test: "cluster" } },
    };
    const named = rendered.some(
      ({ kind, metadata }) => kind === "Namespace" && metadata.name === namespace,
    );
    return { name, resources: [...(named ? [] : [own]), ...rendered] };
  });
}
