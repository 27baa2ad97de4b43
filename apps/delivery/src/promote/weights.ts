import { isMap, isScalar, isSeq, parseDocument, type Scalar } from "yaml";
import { DeliveryError } from "../errors.ts";

/** The share of the visitors, in per cent, that a subset gets. */
export interface Weight {
  readonly subset: string;
  readonly weight: number;
}

interface Place extends Weight {
  /** Where the number stands in the text. */
  readonly start: number;
  readonly end: number;
}

/** The weights that a JSON6902 patch of a VirtualService sets, in its order. */
export function readWeights(text: string): Weight[] {
  return findPlaces(text).map(({ subset, weight }) => ({ subset, weight }));
}

/**
 * Gives one subset a share, 0 to 100, and the other one the rest; every other byte of the patch stays.
 * Throws DeliveryError BAD_FILE where the patch does not split the visitors between two subsets.
 */
export function setWeight(text: string, subset: string, weight: number): string {
  const places = findPlaces(text);
  if (places.length !== 2 || !places.some((place) => place.subset === subset)) {
    const found = places.map((place) => place.subset).join(", ") || "none";
    const message = `Cannot set the weight of ${subset}: the patch splits between ${found}`;
    throw new DeliveryError(message, { code: "BAD_FILE" });
  }
  return places.toReversed().reduce((result, place) => {
    const share = place.subset === subset ? weight : 100 - weight;
    return `${result.slice(0, place.start)}${share}${result.slice(place.end)}`;
  }, text);
}

function findPlaces(text: string): Place[] {
  const { contents } = parseDocument(text);
  const operations = isSeq(contents) ? contents.items : [];
  return operations.flatMap((operation) => {
    const value = isMap(operation) ? operation.get("value") : undefined;
    return isSeq(value) ? value.items.flatMap(findPlace) : [];
  });
}

function findPlace(route: unknown): Place[] {
  if (!isMap(route)) return [];
  const weight: Scalar | undefined = route.get("weight", true);
  const subset = route.getIn(["destination", "subset"]);
  if (!isScalar(weight) || typeof weight.value !== "number" || typeof subset !== "string")
    return [];
  const [start, end] = weight.range ?? [];
  return start === undefined || end === undefined
    ? []
    : [{ subset, weight: weight.value, start, end }];
}
