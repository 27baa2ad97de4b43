const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** A request's method as a label of a metric: a caller may send any word, which becomes `other`. */
export function nameMethod(method: string): string {
  return METHODS.has(method) ? method : "other";
}
