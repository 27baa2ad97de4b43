/**
 * The windows of the limiter in seconds; a month is 30 days and a year 365
 * (`UnitToDivider` in envoyproxy/ratelimit@1e50889b, src/utils/utilities.go).
 */
export const UNIT_SECONDS = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  year: 31_536_000,
} as const;

export type LimitUnit = keyof typeof UNIT_SECONDS;

const UNITS: ReadonlyMap<string, LimitUnit> = new Map([
  ["second", "second"],
  ["minute", "minute"],
  ["hour", "hour"],
  ["day", "day"],
  ["week", "week"],
  ["month", "month"],
  ["year", "year"],
]);

/** The unit of this name in any case; undefined for any other word, "unknown" included. */
export function findUnit(name: string): LimitUnit | undefined {
  return UNITS.get(name.toLowerCase());
}
