import fc from "fast-check";
import type { ExtrasModel } from "./extra-model.ts";
import { createExtras, oddResources } from "./extras.ts";
import { type LayerModel, layer } from "./layer.ts";
import { type Fields, metadataOf } from "./patches.ts";
import { resource } from "./resources.ts";
import { type Style, type Value, writeYaml } from "./yaml-text.ts";

/** Files to build: path → content, and the folder of the outermost kustomization. */
export interface Tree {
  readonly files: ReadonlyMap<string, string>;
  readonly root: string;
}

const FILES: readonly (readonly [string, string])[] = [
  ["file.txt", "line one\nline two  \n\ttab\n"],
  ["bin.dat", "\u0000\u0001"],
  ["vars.env", "# comment\nX=1\nY=two words\n\nZ=a=b\n"],
];

interface Layer {
  readonly resources: readonly Fields[];
  readonly odd: readonly Value[];
  readonly model: LayerModel;
  readonly extras: ExtrasModel;
  readonly style: Style;
}

const style = fc.array(fc.nat(1000), { maxLength: 12 });

type CreateLayer = (
  isUpper: boolean,
  maxResources: number,
  minResources?: number,
) => fc.Arbitrary<Layer>;

function createLayers(extras: fc.Arbitrary<ExtrasModel>): CreateLayer {
  return (isUpper, maxResources, minResources = 0) =>
    fc.record({
      resources: fc.uniqueArray(resource, {
        minLength: minResources,
        maxLength: maxResources,
        selector: idOf,
      }),
      odd: oddResources,
      model: layer(isUpper),
      extras,
      style,
    });
}

function idOf(value: Fields): string {
  const { name, namespace } = metadataOf(value);
  return JSON.stringify([value["kind"], name, namespace ?? "default"]);
}

function writeLayer(
  folder: string,
  { resources, odd, model, extras: more, style: hand }: Layer,
  {
    kind,
    bases,
    components,
    seen,
  }: {
    readonly kind: string;
    readonly bases: readonly string[];
    readonly components: readonly string[];
    readonly seen: readonly Fields[];
  },
): (readonly [string, string])[] {
  const own = [...resources, ...odd].map((value) => writeYaml(value, hand)).join("---\n");
  const rare = more([...seen, ...resources]);
  const named = rare.fields["resources"];
  const all = [
    ...bases,
    ...(own === "" ? [] : ["resources.yaml"]),
    ...(Array.isArray(named) ? named : []),
  ];
  const kustomization = {
    apiVersion: `kustomize.config.k8s.io/${kind === "Component" ? "v1alpha1" : "v1beta1"}`,
    kind,
    ...(components.length === 0 ? {} : { components }),
    ...model([...seen, ...resources]),
    ...rare.fields,
    ...(all.length === 0 ? {} : { resources: all }),
  };
  return [
    [`${folder}/kustomization.yaml`, writeYaml(kustomization, hand)],
    ...(own === "" ? [] : [[`${folder}/resources.yaml`, own] as const]),
    ...[...FILES, ...rare.files].map(([name, text]) => [`${folder}/${name}`, text] as const),
  ];
}

/** A layer of few fields: of many, one most often is a mistake. */
function quiet(loud: fc.Arbitrary<Layer>): fc.Arbitrary<Layer> {
  return fc
    .record({
      layer: loud,
      keep: fc.uniqueArray(fc.nat(13), { maxLength: 2 }),
      hasExtras: fc.nat(5).map((n) => n === 0),
    })
    .map(({ layer: { model, extras: more, ...rest }, keep, hasExtras }) => ({
      ...rest,
      odd: [],
      model: (resources) => pickFields(model(resources), keep),
      extras: hasExtras ? more : () => ({ fields: {}, files: [] }),
    }));
}

function pickFields(fields: Fields, places: readonly number[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter((_, i) => places.includes(i)));
}

/** A base, two layers over it, and one over both: names that meet again. */
export function createDiamond(hasRare: boolean): fc.Arbitrary<Tree> {
  const layerOf = createLayers(createExtras(hasRare));
  return fc
    .record({
      base: quiet(layerOf(false, 3, 1)),
      left: quiet(layerOf(true, 1)),
      right: quiet(layerOf(true, 1)),
      component: quiet(layerOf(true, 1)),
      top: quiet(layerOf(true, 1)),
    })
    .map(({ base, left, right, component, top }) => {
      const alone = { kind: "Kustomization", bases: [], components: [], seen: [] };
      const seen = base.resources;
      const side = { ...alone, bases: ["../base"], seen };
      return {
        root: "top",
        files: new Map([
          ...writeLayer("base", base, alone),
          ...writeLayer("left", withFields(left, { namePrefix: "left-" }), side),
          ...writeLayer("right", withFields(right, { namePrefix: "right-" }), {
            ...side,
            components: ["../component"],
          }),
          ...writeLayer(
            "component",
            withFields(component, { commonAnnotations: { by: "component" } }),
            {
              ...alone,
              kind: "Component",
              seen,
            },
          ),
          ...writeLayer("top", top, { ...alone, bases: ["../left", "../right"], seen }),
        ]),
      };
    });
}

/** Two layers over one base need names of their own, and no layer may be empty. */
function withFields(layer: Layer, fields: Fields): Layer {
  return { ...layer, model: (resources) => ({ ...layer.model(resources), ...fields }) };
}

/** A base, perhaps a component, perhaps an overlay of both. */
export function createTree(hasRare: boolean): fc.Arbitrary<Tree> {
  const layerOf = createLayers(createExtras(hasRare));
  return fc
    .record({
      base: layerOf(false, 4, 1),
      component: fc.option(layerOf(true, 1), { nil: undefined, freq: 1 }),
      overlay: fc.option(layerOf(true, 2), { nil: undefined, freq: 2 }),
    })
    .map(({ base, component, overlay }) => {
      const alone = { kind: "Kustomization", bases: [], components: [], seen: [] };
      const files = writeLayer("base", base, alone);
      if (overlay === undefined) {
        return { files: new Map(files), root: "base" };
      }
      const below = base.resources;
      const part =
        component === undefined
          ? []
          : writeLayer("component", component, { ...alone, kind: "Component", seen: below });
      const top = writeLayer("overlay", overlay, {
        ...alone,
        bases: ["../base"],
        components: component === undefined ? [] : ["../component"],
        seen: below,
      });
      return { files: new Map([...files, ...part, ...top]), root: "overlay" };
    });
}
