/** @jsxImportSource hono/jsx */
import { formatAmount, formatCount } from "@hookline/command-line";
import type { LimitRow, MirrorRow, SplitRow, TrafficSnapshot } from "../data-plane/traffic.ts";
import { formatAge, formatShare } from "../format.ts";
import { orderLimits } from "../order-limits.ts";

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
        {formatAmount(requests, "request")} · {formatCount(underWay)} under way ·{" "}
        {formatAmount(connections, "connection")}
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
  const groups = Map.groupBy(splits, ({ from, service }) => `${from} → ${service}`);
  return (
    <table>
      <thead>
        <tr>
          <th>version</th>
          <th class="number">requests</th>
          <th>share</th>
          <th class="number">failed</th>
        </tr>
      </thead>
      {[...groups].toSorted().map(([name, rows]) => (
        <SplitGroup name={name} rows={rows} />
      ))}
    </table>
  );
}

function SplitGroup({ name, rows }: { readonly name: string; readonly rows: readonly SplitRow[] }) {
  const sum = rows.reduce((total, { requests }) => total + requests, 0);
  const sorted = rows.toSorted((a, b) => a.version.localeCompare(b.version));
  return (
    <tbody>
      <tr class="group">
        <th colspan={4} scope="rowgroup">
          {name}
        </th>
      </tr>
      {sorted.map(({ version, requests, failed }) => (
        <tr>
          <td>{version}</td>
          <td class="number">{formatCount(requests)}</td>
          <td class="share">
            <meter min={0} max={1} value={requests / sum} /> {formatShare(requests, sum)}
          </td>
          <td class="number">{formatCount(failed)}</td>
        </tr>
      ))}
    </tbody>
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
  if (limits.length === 0) return <p>No request counts against a limit at the moment.</p>;
  const rows = orderLimits(limits).slice(0, 20);
  const more = limits.length - rows.length;
  return (
    <>
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
              <td class="name">
                <Descriptor text={descriptor} />
              </td>
              <td>{limit === undefined ? "–" : `${limit.requestsPerUnit} a ${limit.unit}`}</td>
              <td class="number">
                {code === "OVER_LIMIT" ? (
                  <span class="tag bad">0, refused</span>
                ) : (
                  formatCount(remaining)
                )}
              </td>
              <td class="number">{formatAge(resetAt - now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p>and {formatCount(more)} more</p>}
    </>
  );
}

/** As "authorization=ann": a narrow screen breaks it behind its first key before it breaks the value. */
function Descriptor({ text }: { readonly text: string }) {
  const end = text.indexOf("=") + 1;
  return (
    <>
      <span class="key">{text.slice(0, end)}</span>
      <wbr />
      {text.slice(end)}
    </>
  );
}
