import type { Refuse } from "./names.ts";

/** Refuses a duration that is not in whole milliseconds, or under one (ValidateDuration). */
export function checkDuration(value: number | undefined, field: string, refuse: Refuse): void {
  if (value === undefined) return;
  if (value < 1) refuse("Expected 1 ms at least", field);
  if (!Number.isInteger(value)) refuse("Expected whole milliseconds", field);
}
