/** @jsxImportSource hono/jsx */
import type { Version } from "@hookline/lib-version";
import { Hono } from "hono";
import type { Asset } from "../asset.ts";
import type { ModelInfo } from "../comparison/comparison.ts";
import { formatCount } from "../format-amount.ts";
import type { ReportBook } from "../report-book.ts";
import type { Summary } from "../summary.ts";
import { Agreement, Latencies, Scores } from "../views/agreement.tsx";
import { DifferenceList } from "../views/differences.tsx";
import { Layout } from "../views/layout.tsx";
import { VerdictCard } from "../views/verdict-card.tsx";
import { readWindow } from "./read-window.ts";

interface PageRouteOptions {
  readonly book: ReportBook;
  readonly style: Asset;
  readonly readVersion: () => Version;
}

/** `GET /?window=1h`: the page. */
export function pageRoute({ book, style, readVersion }: PageRouteOptions) {
  return new Hono().get("/", (c) => {
    const window = readWindow(c.req.query("window"));
    const summary = book.summarise(window);
    return c.html(
      <Layout stylePath={style.path} version={readVersion()} window={window}>
        {summary === undefined ? (
          <Nothing pending={book.pending} unpaired={book.readUnpaired(window)} />
        ) : (
          <Report summary={summary} />
        )}
      </Layout>,
    );
  });
}

function Report({ summary }: { readonly summary: Summary }) {
  const { live, mirror } = summary.models;
  return (
    <>
      <p class="models">
        <Model who="Live" model={live} /> against <Model who="shadow" model={mirror} />, which gets
        a copy of each request and whose answers nobody sees.
      </p>
      <div class="cards">
        <VerdictCard verdict={summary.verdict} />
        <Agreement summary={summary} />
        <Scores summary={summary} />
        <Latencies summary={summary} />
        <DifferenceList differences={summary.differences} />
      </div>
    </>
  );
}

function Model({ who, model }: { readonly who: string; readonly model: ModelInfo }) {
  return (
    <>
      {who} <strong>{model.label}</strong> ({model.name} {model.version})
    </>
  );
}

interface NothingProps {
  readonly pending: number;
  readonly unpaired: Summary["unpaired"];
}

function Nothing({ pending, unpaired }: NothingProps) {
  return (
    <section class="card">
      <h2>Nothing to compare yet</h2>
      <p>
        No request has been answered by both models. {formatCount(pending)} wait for their other
        half; {formatCount(unpaired.live)} were answered by the live model only,{" "}
        {formatCount(unpaired.mirror)} by the shadow only.
      </p>
      <p>
        A shadow gets its requests from the component <code>shadow</code>; both model services
        report here when <code>SHADOW_REPORT_URL</code> names this service.
      </p>
    </section>
  );
}
