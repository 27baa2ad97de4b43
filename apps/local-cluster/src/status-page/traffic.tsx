/** @jsxImportSource hono/jsx */
import { formatAmount, formatCount } from "@hookline/command-line";
import type { LimitRow, MirrorRow, SplitRow, TrafficSnapshot } from "../data-plane/traffic.ts";
import { formatAge } from "../format.ts";
import { groupSplits, type SplitGroup } from "../group-splits.ts";
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
      {groupSplits(splits).map(({ name, rows }) => (
        <SplitRows name={name} rows={rows} />
      ))}
    </table>
  );
}

function SplitRows({ name, rows }: SplitGroup) {
  return (
    <tbody>
      <tr class="group">
        <th colspan={4} scope="rowgroup">
          {name}
        </th>
      </tr>
      {rows.map(({ version, requests, failed, share }) => (
        <tr>
          <td>{version}</td>
          <td class="number">{formatCount(requests)}</td>
          <td class="share">
            {share && (
              <>
                <meter min={0} max={1} value={share.value} /> {share.text}
              </>
            )}
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
