// What the status page shows of the traffic, in lines of text.
import { formatAmount, formatCount } from "@hookline/command-line";
import type { LimitRow, MirrorRow, SplitRow, TrafficSnapshot } from "./data-plane/traffic.ts";
import { formatAge } from "./format.ts";
import { groupSplits } from "./group-splits.ts";
import { orderLimits } from "./order-limits.ts";

/** Limits that are told one by one, at most: there may be one for each visitor. */
const MOST_LIMITS = 10;

type ToldLimit = Pick<LimitRow, "descriptor" | "remaining" | "resetAt"> & {
  readonly limit?: LimitRow["limit"] | undefined;
};
/** The part of the traffic that is told. */
export type ToldTraffic = Pick<
  TrafficSnapshot,
  "limiter" | "mirrors" | "requests" | "splits" | "underWay"
> & { readonly limits: readonly ToldLimit[] };

/** Who got the requests since the start, the copies, and what is left of the limits. */
export function describeTraffic(
  { requests, underWay, splits, mirrors, limits, limiter }: ToldTraffic,
  now: number,
): readonly string[] {
  const { ok, overLimit, errors } = limiter;
  const told = orderLimits(limits).slice(0, MOST_LIMITS);
  const more = limits.length - told.length;
  return [
    `traffic  ${formatAmount(requests, "request")}, ${formatCount(underWay)} under way`,
    ...describeSplits(splits),
    ...mirrors.map(describeMirror),
    `limits  ${formatCount(ok)} passed, ${formatCount(overLimit)} limited, ${formatCount(errors)} without an answer`,
    ...told.map((limit) => describeLimit(limit, now)),
    ...(more > 0 ? [`  and ${formatCount(more)} more`] : []),
  ];
}

function describeSplits(splits: readonly SplitRow[]): readonly string[] {
  return groupSplits(splits).map(({ name, rows }) => {
    const parts = rows.map(({ version, requests, failed, share }) => {
      const told = `${version} ${formatCount(requests)}`;
      const lost = failed === 0 ? "" : `, ${formatCount(failed)} failed`;
      return share === undefined ? told : `${told} (${share.text}${lost})`;
    });
    return `  ${name}  ${parts.join(", ")}`;
  });
}

function describeMirror({ service, version, sent, failed, dropped }: MirrorRow): string {
  const counts = [`${formatCount(sent)} sent`, `${formatCount(failed)} failed`];
  return `  copies to ${service} ${version}  ${counts.join(", ")}, ${formatCount(dropped)} left out`;
}

function describeLimit({ descriptor, limit, remaining, resetAt }: ToldLimit, now: number): string {
  const of = limit === undefined ? "" : ` of ${limit.requestsPerUnit} a ${limit.unit}`;
  return `  ${descriptor}  ${remaining}${of} left, opens in ${formatAge(resetAt - now)}`;
}
