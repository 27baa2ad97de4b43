/** Something the rendered tree promises and does not keep. The check's name is what a planted fault is caught by. */
export interface Finding {
  readonly check: string;
  /** `Kind/name` of the resource that is wrong. */
  readonly resource: string;
  readonly message: string;
}

/** Labels that must all be there; no label selects everything, as in Kubernetes. */
export type Labels = Readonly<Record<string, string>>;

/** Whether a pod with these labels is selected. */
export function isSelected(labels: Labels, selector: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
