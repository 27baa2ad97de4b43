/** @jsxImportSource hono/jsx */
import type { LimitRow, MirrorRow, SplitRow, TrafficSnapshot } from "../data-plane/traffic.ts";
import { formatAge, formatCount, formatShare } from "./format.ts";

/** Who got the requests since the start, the copies, and what is left of the limits. */
export function Traffic({
  traffic,
  now,
}: {
  readonly traffic: TrafficSnapshot;
  readonly now: number;
}) {
  const { requests, underWay, connections, splits, mirrors, limits, limiter } = traffic;
  return (
    <section>
      <h2>Traffic</h2>
      <p class="soft">
        {formatCount(requests)} requests · {formatCount(underWay)} under way ·{" "}
        {formatCount(connections)} connections
      </p>
      <Splits splits={splits} />
      <h3>Copies</h3>
      <Mirrors mirrors={mirrors} />
      <h3>Limits</h3>
      <p class="soft">
        {formatCount(limiter.ok)} passed · {formatCount(limiter.overLimit)} limited ·{" "}
        {formatCount(limiter.errors)} without an answer
      </p>
      <Limits limits={limits} now={now} />
    </section>
  );
}

function Splits({ splits }: { readonly splits: readonly SplitRow[] }) {
  if (splits.length === 0) return <p>No request came yet.</p>;
  const sums = new Map<string, number>();
  const keyOf = ({ from, service }: SplitRow) => `${from} ${service}`;
  for (const row of splits) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.requests);
  const rows = splits.toSorted((a, b) =>
    `${keyOf(a)} ${a.version}`.localeCompare(`${keyOf(b)} ${b.version}`),
  );
  return (
    <table>
      <thead>
        <tr>
          <th>from</th>
          <th>to</th>
          <th>version</th>
          <th class="number">requests</th>
          <th>share</th>
          <th class="number">failed</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            <td>{row.from}</td>
            <td>{row.service}</td>
            <td>{row.version}</td>
            <td class="number">{formatCount(row.requests)}</td>
            <td>
              <meter min={0} max={1} value={row.requests / (sums.get(keyOf(row)) ?? 1)} />{" "}
              {formatShare(row.requests, sums.get(keyOf(row)) ?? 0)}
            </td>
            <td class="number">{formatCount(row.failed)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Mirrors({ mirrors }: { readonly mirrors: readonly MirrorRow[] }) {
  if (mirrors.length === 0) return <p>Nothing was copied yet.</p>;
  return (
    <table>
      <thead>
        <tr>
          <th>to</th>
          <th>version</th>
          <th class="number">sent</th>
          <th class="number">failed</th>
          <th class="number">left out</th>
        </tr>
      </thead>
      <tbody>
        {mirrors.map(({ service, version, sent, failed, dropped }) => (
          <tr>
            <td>{service}</td>
            <td>{version}</td>
            <td class="number">{formatCount(sent)}</td>
            <td class="number">{formatCount(failed)}</td>
            <td class="number">{formatCount(dropped)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Limits({ limits, now }: { readonly limits: readonly LimitRow[]; readonly now: number }) {
  if (limits.length === 0) return <p>No limit is in use.</p>;
  const rows = limits.toSorted((a, b) => a.remaining - b.remaining).slice(0, 20);
  return (
    <table>
      <thead>
        <tr>
          <th>who</th>
          <th>rule</th>
          <th class="number">left</th>
          <th class="number">opens in</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ descriptor, limit, remaining, code, resetAt }) => (
          <tr>
            <td class="name">{descriptor}</td>
            <td>{limit === undefined ? "–" : `${limit.requestsPerUnit} a ${limit.unit}`}</td>
            <td class="number">
              {code === "OVER_LIMIT" ? <span class="tag bad">none</span> : formatCount(remaining)}
            </td>
            <td class="number">{formatAge(resetAt - now)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
