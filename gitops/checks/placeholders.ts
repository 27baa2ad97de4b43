import { createMemoryFileSystem } from "@hookline/kustomize-ts";
import { parse } from "yaml";
import { z } from "zod";
import { renderResources } from "../render.ts";
import type { Finding } from "./finding.ts";
import { Deployment } from "./kinds.ts";

const Kustomization = z.object({
  images: z.array(z.object({ name: z.string(), newTag: z.string().optional() })).default([]),
});
/** A tag that nothing has. */
const PROBE = "0.0.0-probe";

/**
 * Each placeholder of an image stands in one Deployment: Kustomize sets a tag by the image's name, so
 * that a stable version and a canary under one name would be released together (trap 9).
 */
export function checkPlaceholders(files: ReadonlyMap<string, string>, overlay: string): Finding[] {
  return [...files]
    .filter(([path]) => /^(base|components)\/.*kustomization\.yaml$/.test(path))
    .flatMap(([path, text]) =>
      Kustomization.parse(parse(text))
        .images.filter(({ newTag }) => newTag !== undefined)
        .flatMap(({ name, newTag }): Finding[] => {
          const of = new RegExp(`(name: ${name}\\n(?: +.*\\n)*? +newTag: )${newTag}`);
          const probed = new Map(files).set(path, text.replace(of, `$1${PROBE}`));
          const changed = renderResources(`/overlays/${overlay}`, createMemoryFileSystem(probed))
            .flatMap((one) => Deployment.safeParse(one).data ?? [])
            .filter((one) => JSON.stringify(one).includes(PROBE))
            .map(({ metadata }) => metadata.name);
          return changed.length === 1
            ? []
            : [
                {
                  check: "images-apart",
                  resource: `image/${name}`,
                  message: `its tag is that of [${changed.join(", ")}], wished: of one Deployment`,
                },
              ];
        }),
    );
}
